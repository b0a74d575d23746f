"""The import law of the design, read from the source: nothing here imports what it judges.

Every module of ours lies in a layer, the table says which layers it may see, and what it reaches is followed from
module to module, so that no detour is missed. A failure is the chain: `app.web.desk -> app.store.tables`.
"""

import ast
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from sys import stdlib_module_names

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("app", "notegen", "scanner", "designs", "wsgi", "hournote")

SEES: dict[str, set[str]] = {
    "app": set(),
    "app.core": {"app.core"},
    "app.store": {"app.core", "app.store"},
    "app.services": {"app.core", "app.store", "app.services", "designs"},
    "app.web": {"app.core", "app.services", "app.web", "app.cli", "designs"},
    "app.cli": {"app.core", "app.services", "app.web", "app.cli", "designs"},
    "notegen": {"app.core", "notegen", "designs"},
    "scanner": {"app.core", "scanner"},
    "designs": set(),
    "wsgi": {"app.web", "app.cli"},
    "hournote": {"app.cli"},
}
"""Which layers the modules of a layer may import. `app.cli` is the outermost: app.cli, app.config, app.factory and whatever
else lies beside the parts of app. Everything may import a package on the way to a module in it."""

CORE_MAY_USE = {"itsdangerous", "cryptography", "nacl", "stdnum"}
SIGNING, VERIFYING, PRESS = "app.core.signing", "app.core.verifying", "app.services.press"
PRINTING = "app.services.printing"
WITHOUT_THE_SERVICE = ("app.store", "app.services", "app.web", "app.cli", "flask", "sqlalchemy")

Imports = Mapping[str, set[str]]
Chain = tuple[str, ...]


# --- reading


def sources(root: Path) -> dict[str, Path]:
    """Each module of ours by its dotted name, with its file."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        if parts[0] in OURS:
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def graph(root: Path) -> dict[str, set[str]]:
    """What each module of ours imports: modules of ours with the packages that hold them, and others by their first name."""
    files = sources(root)
    return {name: set(_imported(name, path, files)) - {name} for name, path in files.items()}


def _imported(name: str, path: Path, files: Mapping[str, Path]) -> Iterator[str]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for dotted in _named(ast.parse(path.read_text(encoding="utf-8")), package):
        if dotted.partition(".")[0] not in OURS:
            yield dotted.partition(".")[0]
            continue
        parts = dotted.split(".")
        ways = [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
        known = [way for way in ways if way in files]
        yield from known or ways[:1]


def _named(tree: ast.AST, package: str) -> Iterator[str]:
    """Every dotted name that is imported anywhere in a file: at its top, in a function, for types alone, or by its name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _is_import_by_name(node):
            yield from (str(word.value) for word in node.args[:1] if isinstance(word, ast.Constant))


def _is_import_by_name(call: ast.Call) -> bool:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in ("import_module", "__import__")


# --- judging


def lies_in(module: str, part: str) -> bool:
    """Whether a module is this package or lies below it; `app.core` and not `app.corelike`."""
    return module == part or module.startswith(part + ".")


def layer(module: str) -> str:
    """The layer of a module of ours."""
    if module in ("app", "wsgi", "hournote"):
        return module
    inner = [name for name in SEES if name != "app" and lies_in(module, name)]
    return inner[0] if inner else "app.cli"


def third_party(module: str) -> bool:
    """Whether it is neither ours nor Python's."""
    first = module.partition(".")[0]
    return first not in OURS and first not in stdlib_module_names


def chains(imports: Imports, start: str, doors: Callable[[str], bool] = lambda module: False) -> Iterator[Chain]:
    """The shortest way from a module to each that it reaches; a door is reached and not passed."""
    reached, waiting = {start}, deque[Chain]([(start,)])
    while waiting:
        chain = waiting.popleft()
        for following in sorted(imports.get(chain[-1], set()) - reached):
            reached.add(following)
            yield (*chain, following)
            if not doors(following):
                waiting.append((*chain, following))


def written(offences: Iterable[Chain]) -> list[str]:
    """Each chain as a line."""
    return [" -> ".join(chain) for chain in offences]


def sights_beyond(imports: Imports) -> list[str]:
    """Imports of a layer that the importing layer may not see."""
    offences = [
        (module, other)
        for module, others in imports.items()
        for other in sorted(others)
        if other.partition(".")[0] in OURS and not _may_see(module, other)
    ]
    return written(offences)


def _may_see(module: str, other: str) -> bool:
    on_the_way = other == "app" or other == module.rpartition(".")[0]
    to_print = module == PRINTING and layer(other) == "notegen"
    return on_the_way or to_print or layer(other) in SEES[layer(module)]


def detours(imports: Imports, part: str, forbidden: Callable[[str], bool], doors: Iterable[str] = ()) -> list[str]:
    """Every way, however long, from a part to what it must never reach."""
    starts = [module for module in imports if lies_in(module, part)]
    return written(
        chain
        for start in starts
        for chain in chains(imports, start, lambda module: any(lies_in(module, door) for door in doors))
        if forbidden(chain[-1])
    )


def core_reaches_beyond(imports: Imports) -> list[str]:
    """From the core to anything that is not the core, Python or the few that it may use."""

    def is_beyond(module: str) -> bool:
        if third_party(module):
            return module not in CORE_MAY_USE
        return module.partition(".")[0] in OURS and module != "app" and not lies_in(module, "app.core")

    return detours(imports, "app.core", is_beyond)


def reaches_the_service(imports: Imports, part: str) -> list[str]:
    """From notegen or scanner to the store, the services, the web, Flask or SQLAlchemy, or to each other."""
    other = "scanner" if part == "notegen" else "notegen"
    never = (*WITHOUT_THE_SERVICE, other)

    def is_service(module: str) -> bool:
        is_flask = module.partition("_")[0] == "flask"
        return is_flask or any((module in imports and layer(module) == name) or lies_in(module, name) for name in never)

    return detours(imports, part, is_service)


def sees_the_store(imports: Imports) -> list[str]:
    """From the web or the command line to the store, by any way but through the services."""
    outer = [module for module in imports if layer(module) in ("app.web", "app.cli", "wsgi")]
    doors = ("app.services",)
    return [line for module in outer for line in detours(imports, module, lambda m: lies_in(m, "app.store"), doors)]


def importers(imports: Imports, part: str) -> set[str]:
    """Who imports something of a part, itself apart."""
    return {
        module
        for module, others in imports.items()
        if not lies_in(module, part) and any(lies_in(other, part) for other in others)
    }


def sees_the_signing(imports: Imports) -> list[str]:
    """From anything but the press to the signing; the press is the door to it."""
    return written((module, SIGNING) for module in sorted(importers(imports, SIGNING) - {PRESS}))


def web_reaches_the_signing(imports: Imports) -> list[str]:
    """The web writes order requests; nothing that it loads can make a note."""
    return detours(imports, "app.web", lambda module: module == SIGNING)


def sees_libsodium(imports: Imports) -> list[str]:
    """From anything but the signing and the verifying to libsodium, which does both."""
    return written((module, "nacl") for module in sorted(importers(imports, "nacl") - {SIGNING, VERIFYING}))


def sees_notegen(imports: Imports) -> list[str]:
    """From anything of the service but its printing to notegen."""
    others = {module for module in importers(imports, "notegen") if lies_in(module, "app") or module == "wsgi"}
    return written((module, "notegen") for module in sorted(others - {PRINTING}))


LAWS: dict[str, Callable[[Imports], list[str]]] = {
    "each layer sees those of the table and no other": sights_beyond,
    "the core reaches nothing but itself, itsdangerous, cryptography, PyNaCl and python-stdnum": core_reaches_beyond,
    "notegen sees the core alone": lambda imports: reaches_the_service(imports, "notegen"),
    "the scanner sees the core alone": lambda imports: reaches_the_service(imports, "scanner"),
    "web and command line see the store through the services alone": sees_the_store,
    "the press alone signs": sees_the_signing,
    "signing and verifying alone have libsodium": sees_libsodium,
    "the web cannot sign": web_reaches_the_signing,
    "the printing alone calls notegen": sees_notegen,
}

BARE = ["app/__init__.py", "app/core/__init__.py"]


def is_docstring_only(path: Path) -> bool:
    """Whether a file says what it is and does nothing."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return len(tree.body) == 1 and ast.get_docstring(tree) is not None


# --- the law


@pytest.fixture(scope="module")
def imports() -> Imports:
    """What our own modules import."""
    return graph(ROOT)


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_the_import_law_holds(law: Callable[[Imports], list[str]], imports: Imports) -> None:
    assert "app.core.serial" in imports, "the source was not found"
    offences = law(imports)
    assert not offences, "\n" + "\n".join(offences)


@pytest.mark.parametrize("name", BARE)
def test_these_packages_are_a_docstring(name: str) -> None:
    assert is_docstring_only(ROOT / name)


# --- and the judge of it


LAWFUL = {
    "app/__init__.py": '"""The service."""',
    "app/core/__init__.py": '"""The core."""',
    "app/core/serial.py": "import re\nfrom stdnum.iso7064 import mod_37_36",
    "app/core/token.py": "from app.core import serial\nfrom . import serial as again",
    "app/core/signing.py": "from cryptography.hazmat import primitives\nfrom app.core.token import Token",
    "app/store/__init__.py": "",
    "app/store/tables.py": "import sqlalchemy as sa\nfrom app.core.serial import Serial",
    "app/services/__init__.py": "",
    "app/services/redeeming.py": "from app.store import tables\nfrom app.core import token",
    "app/services/press.py": "from app.core.signing import OrderKey",
    "app/services/printing.py": "import notegen.compose",
    "app/web/__init__.py": "",
    "app/web/desk.py": "import flask\nfrom app.services import redeeming",
    "app/cli.py": "from app.services import press, redeeming\nfrom app.web import desk\nimport app.config",
    "app/config.py": "import os",
    "notegen/__init__.py": "",
    "notegen/compose.py": "from app.core.token import Token\nfrom .ink import draw",
    "notegen/ink.py": "import reportlab",
    "scanner/__init__.py": "",
    "scanner/decode.py": "import cv2\nfrom app.core import token",
    "wsgi.py": "from app.config import x",
}

OFFENCES = [
    # what is written where, and the line that the failure shows
    ("app/web/desk.py", "from app.store import tables", "app.web.desk -> app.store.tables"),
    ("app/web/desk.py", "from ..store.tables import note", "app.web.desk -> app.store.tables"),
    ("app/web/desk.py", "def view():\n    import app.store.tables", "app.web.desk -> app.store.tables"),
    ("app/web/desk.py", "import importlib\nimportlib.import_module('app.store.tables')", "app.web.desk -> app.store.tables"),
    ("app/web/desk.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.store import tables", "app.web.desk -> app.store.tables"),
    ("app/helpers.py", "import app.store.tables", "app.helpers -> app.store.tables"),
    ("app/config.py", "from app import store", "app.cli -> app.config -> app.store"),
    ("app/web/desk.py", "from app.core import signing", "app.web.desk -> app.core.signing"),
    ("app/web/desk.py", "from app.services import press", "app.web.desk -> app.services.press -> app.core.signing"),
    ("app/services/redeeming.py", "from app.core.signing import OrderKey", "app.services.redeeming -> app.core.signing"),
    ("app/core/token.py", "from app.core.signing import OrderKey", "app.core.token -> app.core.signing"),
    ("scanner/decode.py", "import app.core.signing", "scanner.decode -> app.core.signing"),
    ("app/services/redeeming.py", "import notegen.ink", "app.services.redeeming -> notegen"),
    ("app/web/desk.py", "from notegen.ink import draw", "app.web.desk -> notegen"),
    ("app/services/redeeming.py", "from app.web import desk", "app.services.redeeming -> app.web.desk"),
    ("app/services/redeeming.py", "from app.config import x", "app.services.redeeming -> app.config"),
    ("app/store/tables.py", "from app.services import redeeming", "app.store.tables -> app.services.redeeming"),
    ("app/store/tables.py", "from app.web import desk", "app.store.tables -> app.web.desk"),
    ("app/core/serial.py", "import nacl.bindings", "app.core.serial -> nacl"),
    ("app/core/serial.py", "import flask", "app.core.token -> app.core.serial -> flask"),
    ("app/core/serial.py", "import numpy.linalg", "app.core.serial -> numpy"),
    ("app/core/serial.py", "from app.store import tables", "app.core.serial -> app.store.tables"),
    ("app/core/serial.py", "import designs", "app.core.serial -> designs"),
    ("notegen/ink.py", "import flask_login", "notegen.compose -> notegen.ink -> flask_login"),
    ("notegen/ink.py", "from app.services import redeeming", "notegen.compose -> notegen.ink -> app.services.redeeming"),
    ("notegen/ink.py", "from scanner import decode", "notegen.compose -> notegen.ink -> scanner.decode"),
    ("scanner/decode.py", "from notegen import ink", "scanner.decode -> notegen.ink"),
    ("scanner/decode.py", "import sqlalchemy.orm", "scanner.decode -> sqlalchemy"),
    ("scanner/decode.py", "from app import config", "scanner.decode -> app.config"),
    ("scanner/__init__.py", "import flask", "scanner -> flask"),
]  # fmt: skip


def planted(root: Path, files: Mapping[str, str]) -> dict[str, set[str]]:
    """The imports of a small tree of source."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return graph(root)


def test_a_lawful_tree_is_let_pass(tmp_path: Path) -> None:
    imports = planted(tmp_path, LAWFUL)
    assert {name: law(imports) for name, law in LAWS.items()} == {name: [] for name in LAWS}


@pytest.mark.parametrize(("where", "what", "line"), OFFENCES, ids=[line for *_, line in OFFENCES])
def test_an_offence_is_shown_as_the_chain_to_it(tmp_path: Path, where: str, what: str, line: str) -> None:
    imports = planted(tmp_path, LAWFUL | {where: f"{LAWFUL.get(where, '')}\n{what}"})
    assert line in [found for law in LAWS.values() for found in law(imports)]


def test_a_package_that_does_more_than_say_what_it_is_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "__init__.py"
    for text, bare in [('"""It is."""', True), ("", False), ('"""It is."""\nimport os', False), ("import os", False)]:
        path.write_text(text)
        assert is_docstring_only(path) is bare
