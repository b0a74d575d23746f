import pytest

from app.core.errors import BadInput
from notegen.geometry.allowance import allowance_sheets


@pytest.mark.parametrize(("sheets", "blank"), [(1, 10), (333, 10), (334, 11), (500, 15), (42_000, 1260)])
def test_ten_sheets_are_allowed_or_three_in_a_hundred(sheets: int, blank: int) -> None:
    assert allowance_sheets(sheets) == blank


@pytest.mark.parametrize(
    ("text", "blank"), [("25", 25), ("0", 0), ("5%", 22), ("3 %", 14), ("0%", 0), ("100%", 434), (" 7 ", 7)]
)
def test_a_shop_says_its_own(text: str, blank: int) -> None:
    assert allowance_sheets(434, text) == blank


@pytest.mark.parametrize("text", ["", "-1", "5 sheets", "%", "1.5", "2.5%", "101%", "100001", "nan%"])
def test_what_is_no_allowance_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="allowance"):
        allowance_sheets(100, text)
