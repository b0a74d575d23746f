"""Content streams as operations, one by one (ISO 32000-1:2008, 7.2, 7.3 and 7.8.2).

Much of a note is engraved lines, so a stretch of path operators with their numbers is taken as one operation, `PATH`. No
recursion and no look-ahead: however content is nested or broken, it takes a time in proportion to its length.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

PATH: Final = b"path"
"""The operator of a stretch of m, l, c, v, y, re and h; its one operand is that stretch as it stands."""

MOST_NESTED = 32
_SPACE = rb"[\0\t\n\f\r ]"
_NUMBER = rb"[-+]?(?:\d++\.?+\d*+|\.\d++)"
_TWO = rb"(?:%b%b++){2}+" % (_NUMBER, _SPACE)
_PATH = re.compile(
    rb"%(space)b*+(?:%(two)b(?:[ml]%(space)b++|%(two)b(?:(?:re|v|y)%(space)b++|%(two)bc%(space)b++))|h%(space)b++)++"
    % {b"space": _SPACE, b"two": _TWO}
)
_TOKEN = re.compile(
    rb"""(?:%b|%%[^\r\n]*+)*+(?:
    (?P<number>%b)(?=[\0\t\n\f\r ()<>\[\]/%%]|\Z)
  | (?P<name>/[^\0\t\n\f\r ()<>\[\]{}/%%]*+)
  | (?P<string>\((?:[^()\\]|\\.)*+\) | <[\da-fA-F\0\t\n\f\r ]*+>)
  | (?P<nested>\()
  | (?P<opens><<|\[)
  | (?P<closes>>>|\])
  | (?P<word>[^\0\t\n\f\r ()<>\[\]{}/%%]++)
  | (?P<end>\Z)
    )"""
    % (_SPACE, _NUMBER),
    re.VERBOSE | re.DOTALL,
)
_IN_STRING = re.compile(rb"\\.|[()]", re.DOTALL)
_CONSTANTS = {b"true", b"false", b"null"}
_AFTER_IMAGE = re.compile(rb"%b*+EI(?=%b|\Z)" % (_SPACE, _SPACE))
_END_OF_IMAGE = re.compile(rb"%bEI(?=%b|\Z)" % (_SPACE, _SPACE))
_COMPONENTS = {b"/G": 1, b"/DeviceGray": 1, b"/RGB": 3, b"/DeviceRGB": 3, b"/CMYK": 4, b"/DeviceCMYK": 4}


class Unreadable(ValueError):
    """Content that breaks off or is no content; the message says where."""


class Operation(NamedTuple):
    """An operator and the operands before it, as they stand; of an inline image (`BI`) keys and values in turn."""

    operator: bytes
    operands: list[bytes]


def operations(content: bytes) -> Iterator[Operation]:
    """The operations of a content stream. Raises Unreadable at the byte where it cannot be read further."""
    at, operands = 0, list[bytes]()
    while True:
        if not operands and (run := _PATH.match(content, at)):
            at = run.end()
            yield Operation(PATH, [run.group()])
        token = _TOKEN.match(content, at)
        if token is None:
            raise Unreadable(f"byte {at} begins no operator or operand")
        at, kind = token.end(), str(token.lastgroup)
        if kind == "end":
            break
        if kind == "word" and token["word"] not in _CONSTANTS:
            word = token["word"]
            if word == b"BI":
                operands, at = _inline_image(content, at)
            yield Operation(word, operands)
            operands = []
        else:
            at = _operand_end(content, token)
            operands.append(content[token.start(kind) : at])
    if operands:
        raise Unreadable("it ends with operands that no operator takes")


def _operand_end(content: bytes, token: re.Match[bytes]) -> int:
    """Where the operand that `token` begins has its end."""
    if token.lastgroup == "nested":
        return _string_end(content, token.end())
    if token.lastgroup == "opens":
        return _collection_end(content, token)
    if token.lastgroup == "closes":
        raise Unreadable(f"byte {token.start()} closes what was not opened")
    return token.end()


def _string_end(content: bytes, at: int) -> int:
    depth = 1
    for found in _IN_STRING.finditer(content, at):
        depth += {b"(": 1, b")": -1}.get(found.group(), 0)
        if not depth:
            return found.end()
    raise Unreadable(f"the string at byte {at} does not end")


def _collection_end(content: bytes, token: re.Match[bytes]) -> int:
    """The end of an array or a dictionary."""
    start, depth, at = token.start("opens"), 1, token.end()
    while depth:
        inner = _TOKEN.match(content, at)
        if inner is None or inner.lastgroup == "end":
            raise Unreadable(f"the array or dictionary at byte {start} does not end")
        if inner.lastgroup == "word" and inner["word"] not in _CONSTANTS:
            raise Unreadable(f"an operator stands in the array or dictionary at byte {start}")
        depth += {"opens": 1, "closes": -1}.get(str(inner.lastgroup), 0)
        if depth > MOST_NESTED:
            raise Unreadable(f"arrays at byte {start} are nested more than {MOST_NESTED} deep")
        at = _string_end(content, inner.end()) if inner.lastgroup == "nested" else inner.end()
    return at


def _inline_image(content: bytes, at: int) -> tuple[list[bytes], int]:
    """Keys and values of an inline image (8.9.7), and where what follows its EI begins."""
    begins, pairs = at, list[bytes]()
    while True:
        token = _TOKEN.match(content, at)
        if token is None or token.lastgroup == "end":
            raise Unreadable(f"the inline image at byte {begins} does not end")
        at, kind = token.end(), str(token.lastgroup)
        if kind == "word" and token["word"] == b"ID":
            break
        if kind == "word" and token["word"] not in _CONSTANTS:
            raise Unreadable(f"the inline image at byte {begins} has an operator among its keys")
        at = _operand_end(content, token)
        pairs.append(content[token.start(kind) : at])
    length = _image_length(dict(zip(pairs[::2], pairs[1::2], strict=False)), content, at + 1)
    end = _AFTER_IMAGE.match(content, at + 1 + length) if length is not None else _END_OF_IMAGE.search(content, at)
    if end is None:
        raise Unreadable(f"the inline image at byte {begins} is not as long as it says")
    return pairs, end.end()


def _image_length(keys: dict[bytes, bytes], content: bytes, at: int) -> int | None:
    """How many bytes the image has that begins at `at`, None where only its EI can tell."""
    form = keys.get(b"/F", keys.get(b"/Filter", b"")).strip(b"[] ")
    if form in (b"/AHx", b"/ASCIIHexDecode"):
        return content.find(b">", at) + 1 - at
    if form in (b"/A85", b"/ASCII85Decode"):
        return content.find(b"~>", at) + 2 - at
    if form in (b"/Fl", b"/FlateDecode"):
        return _deflated(content, at)
    mask = keys.get(b"/IM", keys.get(b"/ImageMask")) == b"true"
    components = 1 if mask else _COMPONENTS.get(keys.get(b"/CS", keys.get(b"/ColorSpace", b"")))
    if form or components is None:
        return None
    try:
        width, height = (
            int(keys.get(short) or keys[long]) for short, long in ((b"/W", b"/Width"), (b"/H", b"/Height"))
        )
        bits = 1 if mask else int(keys.get(b"/BPC") or keys[b"/BitsPerComponent"])
    except (KeyError, ValueError) as error:
        raise Unreadable(f"the inline image before byte {at} does not say its size") from error
    return height * -(-width * components * bits // 8)


def _deflated(content: bytes, at: int) -> int | None:
    """How many bytes deflated data takes; what it holds is thrown away as it comes."""
    engine, start, step = zlib.decompressobj(), at, 1 << 16
    try:
        while not engine.eof and at < len(content):
            data = content[at : at + step]
            while data:
                engine.decompress(data, 1 << 20)
                data = engine.unconsumed_tail
            at += step
    except zlib.error:
        return None
    return min(at, len(content)) - len(engine.unused_data) - start if engine.eof else None
