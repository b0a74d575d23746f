"""The body of a JSON request, read into its type in one go; what is wrong with it is told in one sentence."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, NoReturn, TypeVar
from uuid import UUID

import msgspec
from flask import request
from msgspec import Struct
from werkzeug.exceptions import LengthRequired, RequestEntityTooLarge, UnsupportedMediaType

from app.core.errors import BadInput
from app.web.bodies import LARGER_BODIES_BYTES, MUST_BE, Entry

B = TypeVar("B", bound=Struct)
LONGEST_ID = 36
_ENTRY = msgspec.json.Decoder(Entry)
_AT = re.compile(r" - at `\$\.?(.*)`$")
_MISSING = re.compile(r"missing required field `(\w+)`")


def read(kind: type[B]) -> B:
    """The body of this request. Raises BadInput: 400 for what is no JSON, 422 naming the first field that is wrong."""
    if not request.is_json:
        raise UnsupportedMediaType
    if "Transfer-Encoding" in request.headers and "wsgi.input_terminated" not in request.environ:
        raise LengthRequired
    if kind in LARGER_BODIES_BYTES:
        request.max_content_length = LARGER_BODIES_BYTES[kind]
    raw = request.get_data(cache=False)
    if request.content_length is None and len(raw) >= (request.max_content_length or len(raw) + 1):
        raise RequestEntityTooLarge  # one that came in pieces is cut at the limit without a word
    return decoded(kind, raw)


def decoded(kind: type[B], raw: bytes) -> B:
    """The JSON in `raw` as its type. Raises BadInput as `read` does."""
    decode, names = _reader(kind)
    try:
        body: B = decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        _tell(raw, error)
    if b"\\u" in raw or any(raw.count(name) > 1 for name in names):
        _parsed(raw)  # refuses a name that stands twice; almost no body needs to be looked at again
    return body


def entry(raw: bytes) -> Entry:
    """One entry of a journal. Raises BadInput as `read` does."""
    try:
        found: Entry = _ENTRY.decode(raw)
        return found
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        _tell(raw, error)


class _Names(Struct):
    """What an answer repeats of its entry, whatever it is."""

    type: Any = None
    id: Any = None


_NAMES = msgspec.json.Decoder(_Names)


def named(raw: bytes) -> dict[str, str | None]:
    """The type and the id of an entry, as far as it has them."""
    try:
        sent = _NAMES.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        sent = _Names()
    return {
        name: text if isinstance(text, str) and len(text) <= LONGEST_ID else None
        for name, text in (("type", sent.type), ("id", sent.id))
    }


def utc(at: datetime | None, name: str) -> datetime | None:
    """The moment in UTC. Raises BadInput for one that is before the year 1 or after 9999 there."""
    try:
        return at.astimezone(UTC) if at is not None else None
    except OverflowError as error:
        raise BadInput(f"`{name}` must be {MUST_BE['at']}.") from error


def uuid_of(text: str) -> UUID:
    """The id of a deed, from a path. Raises BadInput when it is no UUID."""
    try:
        found = UUID(text)
    except ValueError as error:
        raise BadInput("The id of a redemption is a UUID, made by the desk.") from error
    if str(found) != text.lower():
        raise BadInput("The id of a redemption is a UUID, written with its hyphens.")
    return found


@cache
def _reader(kind: type[Struct]) -> tuple[Callable[[bytes], Any], tuple[bytes, ...]]:
    """What decodes a body, and the names in it as JSON has them."""
    names = MUST_BE if kind in LARGER_BODIES_BYTES else kind.__struct_encode_fields__
    return msgspec.json.Decoder(kind).decode, tuple(f'"{name}"'.encode() for name in names)


def _tell(raw: bytes, error: Exception) -> NoReturn:
    """Say what is wrong: no JSON at all, a name twice, text that is none, or the field that msgspec stopped at."""
    _parsed(raw)
    missing, at = _MISSING.search(str(error)), _AT.search(str(error))
    path = at[1] if at else ""
    if missing:
        path = f"{path}.{missing[1]}" if path else missing[1]
    name = re.sub(r"\[[\d.]*\]", "", path).rpartition(".")[2]
    if name not in MUST_BE:
        raise BadInput(f"`{path}` must be a JSON object." if path else "The body must be a JSON object.") from error
    said = "is missing: it must be" if missing else "must be"
    raise BadInput(f"`{path}` {said} {MUST_BE[name]}.") from error


def _parsed(raw: bytes) -> None:
    """Read the body again by the letter. Raises BadInput: 400 where it is no JSON, 422 where it has what nobody can keep."""
    try:
        json.loads(
            raw.decode(), object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=_no_constant
        )  # fmt: skip
    except (ValueError, RecursionError) as error:
        raise BadInput("The body is not JSON.", status=400) from error


def _object(pairs: list[tuple[str, Any]]) -> None:
    names: set[str] = set()
    for name, value in pairs:
        if name in names:
            raise BadInput(f"{_quoted(name)} stands twice in one object: give it once.")
        names.add(name)
        if not all(_is_text(each) for each in (value if isinstance(value, list) else [value])):
            raise BadInput(f"{_quoted(name)} has half of a character in it: send whole ones.")


def _is_text(value: object) -> bool:
    """Whether it is no text with lone surrogates, which JSON can spell and nothing can keep."""
    return not isinstance(value, str) or value.isascii() or not any("\ud800" <= each <= "\udfff" for each in value)


def _quoted(name: str) -> str:
    return f"`{name}`" if name in MUST_BE else "A name"


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")
