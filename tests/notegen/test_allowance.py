import pytest

from app.core.errors import BadInput
from notegen.geometry.allowance import blank_sheets


@pytest.mark.parametrize(("sheets", "blank"), [(1, 11), (50, 11), (51, 12), (500, 20), (42_000, 850)])
def test_ten_sheets_and_two_in_a_hundred_are_allowed(sheets: int, blank: int) -> None:
    assert blank_sheets(sheets) == blank


@pytest.mark.parametrize(
    ("text", "blank"), [("25", 25), ("0", 0), ("5%", 22), ("2.5 %", 11), ("0%", 0), ("100%", 434), (" 7 ", 7)]
)
def test_a_shop_says_its_own(text: str, blank: int) -> None:
    assert blank_sheets(434, text) == blank


@pytest.mark.parametrize("text", ["", "-1", "5 sheets", "%", "1.5", "101%", "100001", "nan%"])
def test_what_is_no_allowance_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="allowance"):
        blank_sheets(100, text)
