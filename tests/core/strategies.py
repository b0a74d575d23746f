"""What the properties of the core are tried on."""

from string import ascii_uppercase

from hypothesis import strategies as st

from app.core.serial import LAST_NUMBER, Serial
from app.core.signing import OrderKey
from app.core.span import Span

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""The characters of a serial, in the order of ISO/IEC 7064."""

series = st.builds(
    lambda programme, edition: f"{programme}{edition:02d}",
    st.text(ascii_uppercase, min_size=3, max_size=3) | st.sampled_from(["CWL", "LAN", "SPC", "OIO", "III"]),
    st.integers(0, 99),
)
numbers = st.integers(1, LAST_NUMBER)
serials = st.builds(Serial, series, numbers)


@st.composite
def spans(draw: st.DrawFn, *, within: int = LAST_NUMBER, of: st.SearchStrategy[str] = series) -> Span:
    """A span whose numbers run to `within` at most."""
    first, last = sorted((draw(st.integers(1, within)), draw(st.integers(1, within))))
    return Span(draw(of), first, last)


small_spans = spans(within=40, of=st.sampled_from(["CWL26", "CWL27"]))
"""Spans that meet each other, small enough to be written out as sets of numbers."""


def private_half(key: OrderKey) -> bytes:
    """The 32 bytes that nobody outside a test gets to see (libsodium keeps the public half behind them)."""
    (cell,) = key._sign.__closure__ or ()
    return bytes(cell.cell_contents[:32])
