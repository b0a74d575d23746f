"""The serial of a note: `CWL26` `0012345` `F`, a series, seven digits and a check character."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from stdnum.iso7064 import mod_37_36

from app.core.errors import BadSerial, shown

FIRST_NUMBER = 1
LAST_NUMBER = 9_999_999
LENGTH = 13
"""Characters of the canonical form."""

SPECIMEN_PROGRAMME = "SPC"
"""The programme whose notes never count."""

_SERIES = re.compile(r"[A-Z]{3}[0-9]{2}")
_CANONICAL = re.compile(r"([A-Z]{3}[0-9]{2})([0-9]{7})([0-9A-Z])")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
_TO_LETTER = str.maketrans("01", "OI")
_TO_DIGIT = str.maketrans("OI", "01")
_DIGITS_AND_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ASCII_UPPER = {lower: lower - 32 for lower in range(ord("a"), ord("z") + 1)}


@dataclass(frozen=True, order=True, slots=True)
class Serial:
    """One note of one series; ordered by series, then number (1 to 9,999,999)."""

    series: str
    number: int

    def __post_init__(self) -> None:
        if not _SERIES.fullmatch(self.series):
            raise BadSerial(f"{self.series!r} is not a series: write three letters and two digits, like CWL26.")
        if not FIRST_NUMBER <= self.number <= LAST_NUMBER:
            raise BadSerial(f"{self.number} is not the number of a note: they run from 1 to {LAST_NUMBER}.")

    @property
    def check(self) -> str:
        """The check character over the twelve before it (ISO/IEC 7064, MOD 37,36)."""
        return str(self)[-1]

    @property
    def printed(self) -> str:
        """As it stands on the note: `CWL26 0012345 F`."""
        return printed(str(self))

    def __str__(self) -> str:
        """The canonical form, 13 characters."""
        return _canonical_form(self.series, self.number)


@lru_cache(maxsize=20_000)
def _canonical_form(series: str, number: int) -> str:
    """A note that is looked at is written several times, and its check character costs ten times the rest."""
    body = f"{series}{number:07d}"
    return body + check_character(body)


def check_character(body: str) -> str:
    """The ISO/IEC 7064 MOD 37,36 check character (0-9, A-Z) of `body`, itself of 0-9 and A-Z."""
    return str(mod_37_36.calc_check_digit(body))


def canonical(series: str, first: int, last: int) -> Iterator[str]:
    """The canonical forms of the serials from `first` to `last`, as `str(Serial(series, number))` but thirty times as fast.

    What the check character owes to all that stands before the last two digits is computed once a hundred.
    """
    for hundred in range(first // 100, last // 100 + 1):
        head = f"{series}{hundred:05d}"
        start, stop = max(first - hundred * 100, 0), min(last - hundred * 100, 99) + 1
        for ending in _endings(mod_37_36.checksum(head))[start:stop]:
            yield head + ending


@cache
def _endings(checksum: int) -> list[str]:
    """The last three characters of a hundred serials whose first ten have this checksum, as one character of its value has."""
    like = _DIGITS_AND_LETTERS[checksum]
    return [digits + check_character(like + digits) for digits in (f"{number:02d}" for number in range(100))]


def printed(canonical: str) -> str:
    """The printed form of a canonical one."""
    return f"{canonical[:5]} {canonical[5:12]} {canonical[12:]}"


def parse(text: str) -> Serial:
    """Read a serial as people type it: any spaces, hyphens and case; O/0 and I/1 mended where the position tells.

    The check character may be a letter or a digit, so there nothing is mended. Raises BadSerial.
    """
    bare = squeeze(text)
    if len(bare) != LENGTH:
        raise BadSerial(
            f"A serial has {LENGTH} letters and digits, like CWL26 0012345 F; {shown(text)} has {len(bare)}."
        )
    return parse_canonical(mend_series(bare[:5]) + bare[5:12].translate(_TO_DIGIT) + bare[12])


def parse_canonical(text: str) -> Serial:
    """Read the 13 characters of the canonical form and nothing else. Raises BadSerial."""
    found = _CANONICAL.fullmatch(text)
    if found is None:
        raise BadSerial(f"{shown(text)} is not a serial: it is written like CWL26 0012345 F.")
    serial = Serial(found[1], int(found[2]))
    if serial.check != found[3]:
        raise BadSerial(
            f"The check character of {shown(text)} does not fit: one of the characters was misread, look again."
        )
    return serial


def parse_series(text: str) -> str:
    """Read a series as people type it, `cwl 26`. Raises BadSerial."""
    series = mend_series(squeeze(text))
    if not _SERIES.fullmatch(series):
        raise BadSerial(f"{shown(text)} is not a series: write three letters and two digits, like CWL26.")
    return series


def parse_programme(text: str) -> str:
    """Read the code of a programme, three letters. Raises BadSerial."""
    code = squeeze(text)
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise BadSerial(f"{shown(text)} is not the code of a programme: write three letters, like CWL.")
    return code


def programme_of(series: str) -> str:
    """The programme's code in a series: its first three letters."""
    return series[:3]


def is_specimen(series: str) -> bool:
    """Whether notes of this series are specimens, which never count."""
    return programme_of(series) == SPECIMEN_PROGRAMME


def is_replacement(series: str) -> bool:
    """Whether this is a replacement series, 90 to 99."""
    return series[3] == "9"


def squeeze(text: str) -> str:
    """Without spaces and hyphens of any kind, in upper case; other characters stay to be refused."""
    return _SEPARATORS.sub("", upper(text))


def upper(text: str) -> str:
    """In upper case as far as it is ASCII: str.upper() would turn foreign letters (ı, ſ) into ASCII ones."""
    return text.translate(_ASCII_UPPER)


def mend_series(bare: str) -> str:
    """A series with digits among its letters, and letters among its digits, mended; anything beyond stays to be refused."""
    return bare[:3].translate(_TO_LETTER) + bare[3:].translate(_TO_DIGIT)
