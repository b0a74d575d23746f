"""What makes the desk page one that a browser installs and opens without the network."""

from flask import Blueprint, Response, abort, current_app, json

from app.web import edition, languages

shell = Blueprint("shell", __name__, url_prefix="/desk")


@shell.get("/worker.js")
def worker() -> Response:
    """The service worker, with the edition that it keeps. Its reach is the desk page itself, which is no folder."""
    made = edition.edition()
    told = json.dumps({"version": made.version, "files": made.files, "languages": list(languages.LANGUAGES)})
    script = edition.worker()
    answer = Response(f"self.edition = {told};\n{script}", mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = "/desk"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@shell.get("/shell/<language>")
def page(language: str) -> str:
    """The desk page as a browser keeps it."""
    if language not in languages.LANGUAGES:
        abort(404)
    return edition.shell(language)


@shell.get("/manifest.webmanifest")
def manifest() -> Response:
    """How the page looks among installed ones."""
    text = current_app.json.dumps(edition.manifest(languages.choose()))
    return Response(text, mimetype="application/manifest+json")
