"""What a note says in words: the last day in the language of its slot."""

from datetime import date
from pathlib import Path

import pytest

from app.core.errors import BadDesign
from notegen import design, lettering
from notegen.design import wording
from notegen.geometry.slot import LONGEST_DATE, Language, Slot

LAST_DAY = date(2029, 9, 30)


@pytest.mark.parametrize(("language", "says"), [("en", "30 September 2029"), ("cy", "30 Medi 2029")])
def test_a_date_is_said_in_english_and_in_welsh(language: Language, says: str) -> None:
    assert wording.day(LAST_DAY, language) == says


@pytest.mark.parametrize("language", list(wording.MONTHS))
@pytest.mark.parametrize("face", list(lettering.FACES))
def test_no_date_runs_farther_than_the_widest(language: Language, face: str) -> None:
    days = [wording.day(date(2029, month, day), language) for month in range(1, 13) for day in (1, 20, 28)]
    widest = max(lettering.width_mm(day.replace("28 ", "30 "), face, 8) for day in days)
    assert widest <= lettering.width_mm(LONGEST_DATE[language], face, 8) + 0.1


def test_a_slot_holds_room_for_the_widest_date_of_its_language() -> None:
    slot = Slot(10, 10, "Hyperlegible", 8, text="Defnyddiwch erbyn {date}", language="cy")
    assert slot.widest == "Defnyddiwch erbyn 30 Gorffennaf 2029"
    assert slot.box[2] - slot.box[0] == pytest.approx(lettering.width_mm(slot.widest, "Hyperlegible", 8))


def test_a_language_that_no_month_is_known_in_is_refused(tmp_path: Path) -> None:
    there = design.default_folder() / "gwynedd" / design.FILE
    file = tmp_path / "gwynedd" / design.FILE
    file.parent.mkdir()
    file.write_text(there.read_text(encoding="utf-8").replace('language = "cy"', 'language = "kw"'), encoding="utf-8")
    with pytest.raises(BadDesign, match=r"slots\.expiry_cy\.language is 'kw'; it must be one of 'en', 'cy'"):
        design.read(file.parent)
