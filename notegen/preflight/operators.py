"""The operators of PDF and how many operands each takes; anything else is a slip that most readers pass over in silence."""

from typing import Final

ANY: Final = -1
_TABLE = {
    0: "b B b* B* f F f* s S n h W W* q Q BT ET T* BX EX EMC BI EI",
    1: "w J j M i ri gs g G CS cs sh Tc Tw Tz TL Tr Ts Tj TJ ' Do BMC MP",
    2: "m l d Tf Td TD BDC DP d0",
    3: "rg RG \"",
    4: "k K v y re",
    6: "c cm Tm d1",
    ANY: "SC sc SCN scn",
}  # fmt: skip
OPERANDS: Final = {word.encode(): count for count, words in _TABLE.items() for word in words.split()}
"""ISO 32000-1:2008, annex A."""
