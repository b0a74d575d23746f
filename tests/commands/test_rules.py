"""Offers with limits, staff reversals, conflicts, typed serials, reports and checking desks, at the command line."""

from tests.commands.conftest import Office
from tests.world import LEISURE, World


def test_an_offer_has_limits(office: Office, settled: World) -> None:
    words = ("--hours", 1, "--days", "mon-fri", "--from", "09:00", "--until", "17:30", "--most", 4, "--local-only")
    made = office.json("offer", "add", LEISURE, "Sauna", *words)
    limits = {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "until": "17:30", "most_notes": 4}
    assert made == {"id": made["id"], "name": "Sauna", "hours": 1, "local_only": True, **limits}
    (listed,) = [each for each in office.json("offer", "list") if each["name"] == "Sauna"]
    assert listed == {**made, "venue": LEISURE, "closed_at": None}
    (venue,) = [each for each in office.json("venue", "list") if each["name"] == LEISURE]
    assert made in venue["offers"]
    assert "mon,tue,wed,thu,fri 09:00-17:30, at most 4 notes a visit, local notes only" in office.run(
        "offer", "add", LEISURE, "Steam", *words
    )
    assert office.json("offer", "close", "Sauna")["id"] == made["id"]
    assert "closed" in office.run("offer", "close", made["id"])
    assert "closed" in office.run("offer", "list")
    (venue,) = [each for each in office.json("venue", "list") if each["name"] == LEISURE]
    assert made not in venue["offers"]


def test_limits_that_are_none_are_refused(office: Office, settled: World) -> None:
    for words in (("--days", "someday"), ("--from", "09:00"), ("--from", "9", "--until", "10"), ("--most", 99)):
        office.refuses("offer", "add", LEISURE, "Sauna", "--hours", 1, *words)
    office.refuses("offer", "close", "Sauna")
