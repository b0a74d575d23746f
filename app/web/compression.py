"""Answers made smaller on the wire (gzip), where that gives nothing away.

Only what is the same for everybody who may ask: files, the desk page's shell, and the snapshot, in which nothing is secret and
nothing is of the caller's choosing. A page with a form is never among them: its length would tell its CSRF token to whoever
can make a browser ask again and again (BREACH). Not by a library for Flask, because those look at every answer and bring
compressors with them; not by the server's own static files, because these would come without the headers of `security.py`,
which a script of the desk needs. It is made with libdeflate, which the printing of notes brings anyway.
"""

import deflate
from flask import Flask, Response, request

SAFE = frozenset({"static", "api.snapshot", "shell.worker", "shell.page"})
TYPES = frozenset({
    "application/json", "application/wasm", "image/svg+xml", "text/css", "text/html", "text/javascript",
})  # fmt: skip
LEAST_BYTES = 1_000
_ONCE, _EACH = 12, 6
"""Levels of libdeflate: for files, which are compressed once, and for what is made for each request."""


def furnish(app: Flask) -> None:
    """Compress what is safe to."""
    kept: dict[tuple[str, str], bytes] = {}

    @app.after_request
    def smaller(answer: Response) -> Response:
        if request.endpoint not in SAFE or answer.mimetype not in TYPES:
            return answer
        answer.vary.add("Accept-Encoding")
        if answer.status_code == 200 and request.method == "GET" and request.accept_encodings.quality("gzip") > 0:
            _compress(answer, kept)
        return answer


def _compress(answer: Response, kept: dict[tuple[str, str], bytes]) -> None:
    answer.direct_passthrough = False
    plain, (etag, _weak) = answer.get_data(), answer.get_etag()
    if len(plain) < LEAST_BYTES:
        return
    if etag is None:
        small = bytes(deflate.gzip_compress(plain, _EACH))
    else:
        small = kept.get((request.path, etag)) or bytes(deflate.gzip_compress(plain, _ONCE))
        kept[request.path, etag] = small
        answer.set_etag(etag, weak=True)  # the same file in other bytes
    answer.set_data(small)
    answer.headers["Content-Encoding"] = "gzip"
