"""`hournote simulate`, at the command line."""

from tests.commands.conftest import Office


def test_a_small_year_is_made_and_the_audit_agrees_with_it(office: Office) -> None:
    made = office.json("simulate", "--scale", "0.001", "--seed", "5")
    assert made["counts"]["programmes"] == 2
    assert made["seconds"] > 0
    found = office.json("audit", code=1)["findings"]
    planted = sorted((each["check"], each["concerns"]) for each in made["planted"])
    assert sorted((each["check"], each["concerns"]) for each in found) == planted


def test_books_that_are_there_are_left_alone(office: Office) -> None:
    office.run("init")
    assert "There are books already" in office.refuses("simulate")
