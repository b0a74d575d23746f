"""The edition of the desk page: everything that it is made of, so that a browser keeps all of one edition or none of it."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import current_app, render_template, url_for
from flask_babel import force_locale, gettext

from app.web.languages import LANGUAGES

_SERVED = frozenset({".css", ".js", ".json", ".mp3", ".png", ".svg", ".wasm", ".wav", ".woff2"})
_OUTSIDE = ("style.css", "icon.svg", "guilloche.svg")
_FOLDERS = ("desk", "fonts", "icons")
WORKER = "desk/worker.js"
"""The service worker itself, which the browser keeps in its own way."""


@dataclass(frozen=True, slots=True)
class Edition:
    """`files`: the address of each part, with the SHA-256 of its bytes in base64, as `integrity` has it."""

    version: str
    files: dict[str, str]


def edition() -> Edition:
    """The edition that this process serves; its files do not change while it lives."""
    found: Edition | None = current_app.extensions.get("hournote_edition")
    if found is None:
        found = current_app.extensions["hournote_edition"] = _made()
    return found


def shell(language: str) -> str:
    """The desk page as a browser keeps it: the same for all, with no session and nothing of a desk in it."""
    with force_locale(language):
        return render_template("desk_shell.html", account=None, language=language)


def manifest(language: str) -> dict[str, object]:
    """The web application manifest of the desk page (W3C Application Manifest)."""
    with force_locale(language):
        brand, name = gettext("Hournote"), gettext("Front desk")
    icons = [
        ("desk-192.png", "192x192", "any"),
        ("desk-512.png", "512x512", "any"),
        ("desk-maskable-512.png", "512x512", "maskable"),
    ]
    return {
        "id": "/desk",
        "name": f"{brand} – {name}",
        "short_name": name,
        "lang": language,
        "start_url": "/desk",
        "scope": "/desk",
        "display": "standalone",
        "background_color": "#f6f1e4",
        "theme_color": "#0c5956",
        "icons": [
            {"src": _static(f"icons/{file}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for file, sizes, purpose in icons
        ],
    }  # fmt: skip


def worker() -> str:
    """The script of the service worker."""
    return (Path(current_app.static_folder or "") / WORKER).read_text()


def manifest_address(language: str) -> str:
    """Where the manifest in a language is."""
    return url_for("shell.manifest", lang=language)


def _made() -> Edition:
    files = {_static(name): _digest(path.read_bytes()) for name, path in _static_files()}
    for language in LANGUAGES:
        files[url_for("shell.page", language=language)] = _digest(shell(language).encode())
        files[manifest_address(language)] = _digest(current_app.json.dumps(manifest(language)).encode())
    told = "\n".join(f"{address} {digest}" for address, digest in sorted(files.items()))
    return Edition(sha256(f"{told}\n{worker()}".encode()).hexdigest()[:16], files)


def _static_files() -> Iterator[tuple[str, Path]]:
    root = Path(current_app.static_folder or "")
    inside = [path for folder in _FOLDERS for path in (root / folder).rglob("*") if path.suffix in _SERVED]
    for path in sorted([*inside, *(root / name for name in _OUTSIDE)]):
        name = path.relative_to(root).as_posix()
        if name != WORKER:
            yield name, path


def _static(name: str) -> str:
    return url_for("static", filename=name)


def _digest(data: bytes) -> str:
    return b64encode(sha256(data).digest()).decode()
