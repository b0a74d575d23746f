"""How an organisation is reached, as people write it."""

from collections.abc import Callable

import pytest

from app.core import reaching
from app.core.errors import BadInput


@pytest.mark.parametrize(
    ("read", "text", "kept"),
    [
        (reaching.postcode, "tr12sj", "TR1 2SJ"),
        (reaching.postcode, " SW1A  1AA ", "SW1A 1AA"),
        (reaching.telephone, "01872  262466", "01872 262466"),
        (reaching.telephone, "+44 (0)1872 262466", "+44 (0)1872 262466"),
        (reaching.email, " office@cornwall.example ", "office@cornwall.example"),
        (reaching.web, "www.hallforcornwall.co.uk", "https://www.hallforcornwall.co.uk"),
        (reaching.web, "http://example.org/a?b=c", "http://example.org/a?b=c"),
    ],
)
def test_it_is_kept_in_one_spelling(read: Callable[[str], str], text: str, kept: str) -> None:
    assert read(text) == kept


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (reaching.postcode, "TR1"),
        (reaching.postcode, "12345"),
        (reaching.telephone, "call us"),
        (reaching.telephone, "12"),
        (reaching.email, "nobody"),
        (reaching.email, "a@b"),
        (reaching.email, "a@b.c\nBcc: d@e.f"),
        (reaching.web, "javascript:alert(1)"),
        (reaching.web, "javascript://example.org/%0aalert(1)"),
        (reaching.web, "https://who@example.org"),
        (reaching.web, "https://example.org/a b"),
        (reaching.web, "https://[::1"),
        (reaching.web, "localhost"),
        (reaching.web, "example.org/" + "a" * 200),
    ],
)
def test_what_reaches_nobody_is_refused(read: Callable[[str], str], text: str) -> None:
    with pytest.raises(BadInput, match=r"write it like"):
        read(text)
