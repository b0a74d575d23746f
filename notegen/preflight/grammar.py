"""The grammar of what compose draws on a page: forms placed, then black alone, in type, symbols and braids.

Anything that it matches keeps the rules of what is drawn: it has no operator but these, each with its operands; q and Q,
BT and ET in pairs; and no colour but black, which overprints. What it matches is read in one pass without turning back.
"""

import re
from typing import Final

from notegen.geometry.slot import MODULES
from notegen.ink import forme, symbol

_N: Final = rb"-?+[\d.]++ "
_PLACE: Final = rb"q (?:%b){6}+cm /Note Do Q\n" % _N
_STRING: Final = rb"\((?:[^()\\]|\\.)*+\)"
_TYPE: Final = rb"BT (?:%b){6}+Tm (?:/[\w+]++ %bTf %b Tj ?)++ET\n" % (_N, _N, _STRING)
_PLAIN: Final = rb"ID .{%d}\n" % symbol.BYTES
_HEX: Final = rb"/F/AHx ID [\da-f]{%d}>\n" % (2 * symbol.BYTES)
_MOVE: Final = rb"(?:%b){6}+cm\n" % _N
_IMAGE: Final = rb"BI/W %d/H %d/IM true/D\[1 0\](?: %b|%b)EI " % (MODULES, MODULES, _PLAIN, _HEX)
_RECTANGLES: Final = rb"%b(?:(?:%b){4}+re\n)++f\n" % (_MOVE, _N)
_BRAIDS: Final = rb"q %b(?:/[a-h][\dA-Z] Do )++Q\n" % _MOVE
_NOTE: Final = rb"q %b(?:%b)*+(?:%b)?+%b(?>%b|%b)Q\n" % (_MOVE, _TYPE, _BRAIDS, _MOVE, _IMAGE, _RECTANGLES)
PAGE: Final = re.compile(
    rb"(?:/(?:Sheet|Marks) Do\n|%b)*+(?:%b(?>%b|%b)*+)?+" % (_PLACE, re.escape(forme.BLACK), _TYPE, _NOTE),
    re.DOTALL,
)
"""The whole content of a page of a press file."""
