import pytest

from app.core.errors import BadInput
from notegen.geometry.offset import NOT_MOVED, Offset, checked, parse


@pytest.mark.parametrize(
    ("text", "offset"),
    [("1.2,-0.4", (1.2, -0.4)), (" +1 , 0 ", (1.0, 0.0)), ("-10,10", (-10.0, 10.0)), ("-0,0", (0.0, 0.0))],
)
def test_an_offset_is_two_lengths(text: str, offset: tuple[float, float]) -> None:
    assert parse(text) == offset
    assert "-0," not in str(parse(text))


@pytest.mark.parametrize("text", ["", "1", "1;2", "1,2,3", "a,b", "nan,0", "1e1,0", "1,2mm"])
def test_what_is_no_offset_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="no back offset: write mm to the right and mm down"):
        parse(text)


def test_what_no_offset_mends_is_refused() -> None:
    with pytest.raises(BadInput, match=r"of 10.1,0 mm is more than 10 mm: look whether the flip is right"):
        parse("10.1,0")
    with pytest.raises(BadInput):
        checked(Offset(0.0, -11.0))


def test_what_would_leave_the_sheet_is_refused() -> None:
    assert checked(Offset(7.5, -10.0), (7.5, 33.0)) == (7.5, -10.0)
    with pytest.raises(BadInput, match=r"moves notes off the sheet, which has 7.5 mm beside them and 33 mm above"):
        checked(Offset(7.6, 0.0), (7.5, 33.0))


def test_a_back_is_moved_to_the_right_and_down() -> None:
    assert Offset(1.0, -2.0).moved((10.0, 20.0, 30.0, 40.0)) == (11.0, 18.0, 31.0, 38.0)
    assert NOT_MOVED.moved((1.0, 2.0, 3.0, 4.0)) == (1.0, 2.0, 3.0, 4.0)
