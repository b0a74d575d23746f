"""Offers with limits, staff reversals, conflicts, typed serials, reports and checking desks, at the command line."""

from datetime import timedelta
from uuid import uuid4

from app.core.wall_clock import LONDON
from app.services import directory, journal
from app.services.journal import Redeem
from app.store import directory_events
from tests.commands.conftest import Office
from tests.world import BODMIN, LEISURE, LIBRARY, YMCA, World


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
    lido = office.json("venue", "add", "CWL", "Lido")["id"]
    office.run("offer", "add", lido, "Dip", "--hours", 1, "--welsh-name", "Trochiad")
    offers = {each.name: each for each, _venue in directory.offers(settled.store)}
    assert offers["Dip"].name_cy == "Trochiad"
    traced = settled.store.read(lambda connection: directory_events.of_venue(connection, lido, 9))
    assert [(each.kind, each.offer) for each in traced] == [("added", "Dip"), ("added", None)]
    assert traced[0].actor.startswith("cli:")
    assert "closed" in office.run("offer", "close", made["id"])
    assert "closed" in office.run("offer", "list")
    (venue,) = [each for each in office.json("venue", "list") if each["name"] == LEISURE]
    assert made not in venue["offers"]


def test_limits_that_are_none_are_refused(office: Office, settled: World) -> None:
    for words in (("--days", "someday"), ("--from", "09:00"), ("--from", "9", "--until", "10"), ("--most", 99)):
        office.refuses("offer", "add", LEISURE, "Sauna", "--hours", 1, *words)
    office.refuses("offer", "close", "Sauna")


def test_a_visit_is_given_back_at_the_office(office: Office, settled: World) -> None:
    made, gone = settled.redeem(11)["id"], settled.redeem(12)["id"]
    settled.retire("CWL26 12")
    assert f"spent by the redemption {made}." in office.run("show", settled.serial(11))
    assert office.json("reverse", made, "--reason", "the class fell out") == {
        "id": made, "outcome": "reversed", "reason": None,
    }  # fmt: skip
    assert "good again" in office.run("reverse", made, "--reason", "again gives the same")
    assert settled.state(11) == "issued"
    assert made not in office.run("show", settled.serial(11))
    assert office.json("reverse", gone, "--reason", "x", code=1)["reason"] == "retired"
    assert "destroyed" in office.run("reverse", gone, "--reason", "x", code=1)
    for words in (("nonsense", "--reason", "x"), (uuid4(), "--reason", "x"), (gone, "--reason", " ")):
        office.refuses("reverse", *words)


def conflict(world: World, *numbers: int) -> str:
    """A visit of these notes that the leisure centre accepted offline, after the library had spent them."""
    world.redeem(*numbers, desk="Library")
    made, seen = uuid4(), world.now - timedelta(hours=1)
    visit = Redeem(made, [world.token(number) for number in numbers], None, seen, True, False)
    journal.enter(world.store, desk=world.desk(), entries=[visit], now=world.now)
    return str(made)


def test_a_conflict_is_a_finding_until_a_person_resolves_it(office: Office, settled: World) -> None:
    made = conflict(settled, 11, 12)
    (found,) = office.json("audit", code=1)["findings"]
    assert (found["check"], found["concerns"]) == ("offline_conflict", [made, settled.serial(11), settled.serial(12)])
    assert all(name in found["message"] for name in (LEISURE, LIBRARY, "Front desk", "(Library)"))
    (told,) = office.json("conflicts")["conflicts"]
    assert (told["redemption"], told["venue"], told["resolution"]) == (made, LEISURE, None)
    assert [note["first_venue"] for note in told["notes"]] == [LIBRARY] * 2
    assert "open" in office.run("conflicts")
    came_to = office.json("resolve", made, "--reason", "written_off", "--note", "Paid once by the fund.")["resolution"]
    assert (came_to["reason"], came_to["note"]) == ("written_off", "Paid once by the fund.")
    assert came_to["actor"].startswith("cli:")
    again = office.json("resolve", made, "--reason", "written_off", "--note", "Paid once by the fund.")["resolution"]
    assert again == came_to
    assert office.json("audit") == {"findings": []}
    assert office.json("conflicts") == {"conflicts": []}
    assert office.json("conflicts", "--all")["conflicts"][0]["resolution"] == came_to
    assert "resolved this conflict already, as 'written_off'" in office.refuses("resolve", made, "--reason", "found")
    assert settled.counts("CWL26 11-12") == {"redeemed": 2}


def test_only_a_conflict_is_resolved(office: Office, settled: World) -> None:
    accepted, refused = settled.redeem(11)["id"], settled.redeem(11)["id"]
    for named in (accepted, refused, uuid4(), "nonsense"):
        office.refuses("resolve", named, "--reason", "written_off")
    office.refuses("resolve", conflict(settled, 12, 13), "--reason", " ")
    assert "written_off" not in office.run("conflicts", "--all")


def test_typed_serials_are_listed_apart(office: Office, settled: World) -> None:
    directory.set_policy(settled.store, venue=LEISURE, keyed_per_day=1)
    settled.redeem(settled.serial(11))
    settled.redeem(settled.serial(12))
    settled.redeem(13)
    settled.redeem(86)
    assert [each["verdict"] for each in office.json("cases")["cases"]] == ["void"]
    typed = office.json("cases", "--keyed")["cases"]
    assert [(each["serial"].split()[1], each["verdict"]) for each in typed] == [
        ("0000012", "keyed_not_allowed"), ("0000011", "accepted"),
    ]  # fmt: skip
    assert "accepted" in office.run("cases", "--keyed")


def test_a_desk_may_be_for_checking_alone(office: Office, settled: World) -> None:
    made = office.json("desk", "add", LEISURE, "Door", "--check-only")
    assert made["scope"] == "check"
    assert "to check notes alone" in office.run("desk", "add", LEISURE, "Gate", "--check-only")
    scopes = {each["name"]: each["scope"] for each in office.json("desk", "list")}
    assert (scopes["Door"], scopes["Front desk"]) == ("check", "redeem")
    assert "check" in office.run("desk", "list")


def test_a_report_tells_the_hours_that_were_spent(office: Office, settled: World) -> None:
    settled.reverse(settled.redeem(11)["id"])
    settled.redeem(12, 51)
    assert "facts wait for their place" in office.run("report")
    office.run("checkpoint")
    month = settled.now.astimezone(LONDON).strftime("%Y-%m")
    lines = office.json("report", "--programme", "CWL", "--month", month)["lines"]
    assert [(each["month"], each["venue"], each["organisation"], each["redeemed"], each["given_back"], each["hours"])
            for each in lines] == [(month, LEISURE, BODMIN, 1, 0, 1), (month, LEISURE, YMCA, 2, 1, 1)]  # fmt: skip
    assert "2 hours." in office.run("report")
    assert office.json("report", "--month", "2020-01") == {"lines": [], "waiting": 0}
    for words in (("--month", "November"), ("--programme", "XYZ"), ("--programme", "?")):
        office.refuses("report", *words)


def test_a_deed_with_an_id_is_done_once(office: Office, settled: World) -> None:
    """Somebody who lost the connection says it again."""
    settled.redeem(11)
    for words in (
        ("printed", "CWL26-002", "--spoiled", "CWL26 101"),
        ("receive", "CWL26 102-110"),
        ("dispatch", "CWL26 102-110", "--to", YMCA),
        ("issue", "CWL26 102-110", "--to", YMCA),
        ("hand-out", "CWL26 102-105", "--activity", "Beach clean", "--hours", 4, "--people", 2),
        ("return", "CWL26 106-110"),
        ("hold", "CWL26 106-110", "--reason", "lost"),
        ("release", "CWL26 106-110", "--reason", "found"),
        ("void", "CWL26 106-110", "--reason", "lost"),
        ("reinstate", "CWL26 106-110", "--reason", "found", "--confirmed-by", "national@example.org"),
        ("retire", "CWL26 11"),
    ):
        made = ("--request", uuid4())
        first = office.json(*words, *made)
        assert office.json(*words, *made) == first, words
    moved = [each["kind"] for each in office.json("show", settled.serial(110))["movements"]]
    assert moved == ["order", "print", "receive", "dispatch", "issue", "return", "hold", "release", "void", "reinstate"]
    made = ("--request", uuid4())
    order = ("order", "CWL26", "--quantity", 5, "--design", "cornwall")
    office.json(*order, "--out", settled.folder / "one", *made)
    assert "carried out already" in office.refuses(*order, "--out", settled.folder / "two", *made)
    office.refuses("receive", "CWL26 1-4", "--request", "nonsense")
    assert office.json("audit") == {"findings": []}
