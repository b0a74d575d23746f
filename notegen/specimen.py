"""A specimen: a note of the SPECIMEN programme, for training and for pictures, which nobody has signed."""

import hashlib
from datetime import UTC, date, datetime
from io import BytesIO

from app.core import token
from app.core.job import Job
from app.core.reference import OrderId
from app.core.serial import SPECIMEN_PROGRAMME
from app.core.span import Span
from notegen.design.sides import Sides
from notegen.geometry import grid
from notegen.geometry.imposition import impose
from notegen.ink import edition, press, symbol
from notegen.ink.overprint import Overprint

SPAN = Span(f"{SPECIMEN_PROGRAMME}00", 1, 1)
HOST = "NOTES.EXAMPLE.ORG"
EXPIRES_ON = date(2029, 9, 30)
_NOBODY = bytes(32)


def specimen(sides: Sides, *, host: str = HOST, expires_on: date | None = EXPIRES_ON) -> bytes:
    """A PDF of two pages, front and back of one note with bleed, lettered SPECIMEN.

    Its QR reads like a token, in the form that desks answer with *specimen*, and no key makes its signature good.
    Raises BadDesign when the art does not fit the design.
    """
    front = sides.front
    moment = datetime(2000, 1, 1, tzinfo=UTC)
    job = Job(OrderId(SPAN.series, 1), SPAN, front.name, token.check_host(host), _NOBODY, 1, moment, expires_on)
    laid = impose(SPAN, grid.alone(front.trim_mm, front.bleed_mm), 1)
    made = edition.prepare(job, b"", sides, laid, laid.grid.upright_flip, overprint=Overprint())
    file = BytesIO()
    note = str(SPAN.first_serial), symbol.pack(text(job.host)).tobytes()
    press.write(file, made, laid.runs[0], [[note]], lambda notes: None)
    return file.getvalue()


def text(host: str = HOST) -> str:
    """The text of a specimen's QR: where the signature would be stands a digest, which signs nothing."""
    serial = SPAN.first_serial
    return token.compose(host, serial, hashlib.sha512(f"specimen {serial}".encode()).digest())
