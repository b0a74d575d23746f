"""Redeeming: every verdict of the contract on real notes, all or none, and the same answer however often a desk asks."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.errors import BadInput, Conflict, NotAllowed, NotFound
from app.core.lifecycle import Kind
from app.core.serial import Serial
from app.services import cases, desks, directory, enquiry, public, redeeming, reversing
from app.store.tables import offer as offers
from tests.world import LEISURE, YMCA, World


def serial_of(number: int, series: str = "CWL26") -> str:
    return str(Serial(series, number))


def test_each_state_has_its_verdict(world: World) -> None:
    told = {
        "garbage": "malformed",
        "": "malformed",
        "x" * 2000: "malformed",
        "\ud800": "malformed",
        "HTTPS://NOTES.EXAMPLE.ORG/N/" + world.serial(11): "malformed",
        serial_of(5000): "unknown",
        serial_of(1, "XYZ26"): "unknown",
        world.forged(11): "forged",
        world.token(1, "SPC26"): "specimen",
        world.token(86): "void",
        world.token(5): "void",
        world.token(81): "held",
        world.token(1, "CWL25"): "expired",
        world.token(1): "not_issued",
        world.token(61): "not_issued",
        world.token(71): "not_issued",
        world.token(101): "not_issued",
        serial_of(11): "keyed_not_allowed",
    }
    for note, verdict in told.items():
        assert world.verdicts(note) == [verdict], note
        assert (
            redeeming.check_notes(world.store, desk=world.desk(), notes=[note], now=world.now)["notes"][0]["verdict"]
            == verdict
        )
    assert world.counts("CWL26 1-110").get("redeemed") is None


def test_a_good_note_is_spent_once(world: World) -> None:
    answer = world.redeem(11)
    assert (answer["outcome"], answer["reason"], answer["hours"]) == ("accepted", None, 1)
    assert answer["notes"][0]["verdict"] == "accepted"
    assert world.state(11) == "redeemed"
    again = world.redeem(11)
    assert (again["outcome"], again["reason"], again["hours"]) == ("refused", "note_refused", 0)
    assert again["notes"][0]["verdict"] == "already_redeemed"
    assert world.findings() == []


@pytest.mark.parametrize("spelling", ["http", "lower", "host", "spaces"])
def test_a_token_is_read_however_it_was_sent(world: World, spelling: str) -> None:
    token = world.token(11)
    shown = {
        "http": token.replace("HTTPS://", "http://"),
        "lower": token.lower(),
        "host": token.replace("NOTES.EXAMPLE.ORG", "elsewhere.test:8000"),
        "spaces": f"  {token}\n",
    }[spelling]
    assert world.verdicts(shown) == ["accepted"]


def test_a_visit_is_all_or_none(world: World) -> None:
    answer = world.redeem(11, 12, 86)
    assert (answer["outcome"], answer["hours"]) == ("refused", 0)
    assert [note["verdict"] for note in answer["notes"]] == ["good", "good", "void"]
    assert world.counts("CWL26 11-50") == {"issued": 40}
    assert world.redeem(11, 12, 13)["hours"] == 3


def test_fifty_notes_are_a_visit(world: World) -> None:
    notes = [*range(11, 61)]
    assert world.redeem(*notes)["hours"] == 50
    assert world.counts("CWL26 11-60") == {"redeemed": 50}


@pytest.mark.parametrize("numbers", [[], [11] * 51, list(range(11, 62))])
def test_a_visit_has_one_to_fifty_notes(world: World, numbers: list[int]) -> None:
    with pytest.raises(BadInput, match="1 to 50"):
        world.redeem(*numbers)


@pytest.mark.parametrize("second", ["the same", "lower case", "typed", "forged"])
def test_a_note_twice_in_a_visit_is_a_mistake(world: World, second: str) -> None:
    token = world.token(11)
    twin = {"the same": token, "lower case": token.lower(), "typed": world.serial(11), "forged": world.forged(11)}[
        second
    ]
    with pytest.raises(BadInput, match=r"CWL26 0000011 . is in this visit twice"):
        world.redeem(token, world.token(12), twin)


def test_the_first_verdict_that_applies_is_given(world: World) -> None:
    world.redeem(11, 12, 13)
    world.move(Kind.VOID, "CWL26 11-12", reason="stolen")
    world.move(Kind.HOLD, "CWL26 13-14", reason="lost")
    directory.set_series(world.store, series="CWL26", expires_on=(world.now - timedelta(days=2)).date())
    assert world.verdicts(world.forged(11)) == ["forged"]
    assert world.verdicts(11) == ["already_redeemed"]
    assert world.verdicts(13) == ["already_redeemed"]
    assert world.verdicts(86) == ["void"]
    assert world.verdicts(14) == ["held"]
    assert world.verdicts(15) == ["expired"]
    assert world.verdicts(71) == ["expired"]
    assert world.verdicts(serial_of(15)) == ["expired"]


def test_a_specimen_is_a_specimen_whatever_its_state(world: World) -> None:
    world.move(Kind.VOID, "SPC26 2", reason="lost")
    assert world.verdicts(world.token(2, "SPC26")) == ["specimen"]
    assert world.verdicts(world.forged(2, "SPC26")) == ["forged"]


# --- offers


@pytest.mark.parametrize(
    ("offer", "numbers", "reason"),
    [
        ("Swim", [11], None),
        ("Swim", [11, 12, 13], None),
        ("Gym and swim", [11], "wrong_hours"),
        ("Gym and swim", [11, 12], None),
        ("Gym and swim", [11, 12, 13], "wrong_hours"),
        ("Gym and swim", [11, 86], "note_refused"),
        ("Neighbours' lunch", [11], None),
    ],
)
def test_an_offer_has_its_price(world: World, offer: str, numbers: list[int], reason: str | None) -> None:
    answer = world.redeem(*numbers, offer_id=world.offers[offer])
    assert (answer["outcome"], answer["reason"]) == ("refused" if reason else "accepted", reason)
    if reason == "wrong_hours":
        assert {note["verdict"] for note in answer["notes"]} == {"good"}
        assert world.counts("CWL26 11-20") == {"issued": 10}


def test_an_offer_for_neighbours_takes_notes_of_its_own_programme(world: World) -> None:
    lancashire = world.token(1, "LAN26")
    assert world.verdicts(lancashire, offer_id=world.offers["Neighbours' lunch"]) == ["not_accepted_here"]
    assert world.verdicts(lancashire, offer_id=world.offers["Swim"]) == ["accepted"]


def test_a_closed_offer_and_one_with_a_limit_refuse_by_name(world: World) -> None:
    with world.store.engine.begin() as connection:
        connection.execute(offers.update().where(offers.c.name == "Swim").values(most_notes=2))
        connection.execute(offers.update().where(offers.c.name == "Gym and swim").values(closed_at=world.now))
    assert world.redeem(11, 12, 13, offer_id=world.offers["Swim"])["reason"] == "offer_limit"
    assert world.redeem(11, offer_id=world.offers["Gym and swim"])["reason"] == "offer_closed"
    assert world.redeem(11, 12, offer_id=world.offers["Swim"])["reason"] is None


@pytest.mark.parametrize("offer", ["Matinee", None])
def test_an_offer_of_another_venue_is_a_mistake(world: World, offer: str | None) -> None:
    with pytest.raises(BadInput, match="There is no offer"):
        world.redeem(11, offer_id=world.offers[offer] if offer else 999_999)


# --- the last day


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("2026-07-31T22:59:59+00:00", "accepted"),
        ("2026-07-31T23:00:00+00:00", "expired"),
        ("2026-07-30T23:30:00+00:00", "accepted"),
    ],
)
def test_the_last_day_ends_at_midnight_in_london(world: World, at: str, verdict: str) -> None:
    """In July, London is an hour ahead of UTC."""
    directory.set_series(world.store, series="CWL26", expires_on=datetime(2026, 7, 31, tzinfo=UTC).date())
    world.now = datetime.fromisoformat(at)
    assert world.verdicts(11) == [verdict]


# --- typed serials


def test_a_typed_serial_is_for_venues_that_allow_it_and_counted(world: World) -> None:
    world.now = datetime(2026, 7, 10, 12, tzinfo=UTC)
    assert world.verdicts(serial_of(11)) == ["keyed_not_allowed"]
    directory.set_policy(world.store, venue=LEISURE, keyed_per_day=3)
    world.later(days=1)
    assert world.verdicts("cwl26-00000 11 " + world.serial(11)[-1].lower()) == ["accepted"]
    assert world.verdicts(serial_of(12), serial_of(13), serial_of(14)) == ["good", "good", "keyed_not_allowed"]
    assert world.verdicts(serial_of(12)) == ["keyed_not_allowed"], "the day's allowance is used up"
    assert world.verdicts(serial_of(12), desk="Pool") == ["accepted"], "each desk has its own"
    assert world.verdicts(serial_of(13), desk="Library") == ["keyed_not_allowed"]
    assert world.verdicts(13) == ["accepted"], "a scanned note needs no allowance"
    world.later(hours=11)  # past midnight in London, and not in UTC
    assert world.verdicts(serial_of(14)) == ["accepted"]


def test_a_typed_serial_is_marked_in_the_record(world: World) -> None:
    directory.set_policy(world.store, venue=LEISURE, keyed_per_day=5)
    world.redeem(serial_of(11))
    world.redeem(12)
    scans = {n: enquiry.life_of(world.store, serial=serial_of(n)).scans[0] for n in (11, 12)}
    assert (scans[11]["keyed"], scans[12]["keyed"]) == (True, False)


def test_a_typed_serial_is_never_taken_offline(world: World) -> None:
    directory.set_policy(world.store, venue=LEISURE, keyed_per_day=5)
    assert world.verdicts(serial_of(11), offline=True) == ["keyed_not_allowed"]
    assert world.verdicts(11, offline=True) == ["accepted"]


# --- practice


def test_practice_never_counts(world: World) -> None:
    answer = world.redeem(11, practice=True)
    assert (answer["outcome"], answer["notes"][0]["verdict"]) == ("accepted", "accepted")
    assert world.state(11) == "issued"
    assert (
        reversing.reverse_redemption(
            world.store, redemption_id=UUID(answer["id"]), desk=world.desk(), reason="practice", now=world.now
        )["reason"]
        == "not_accepted"
    )
    world.redeem(86, practice=True)
    assert cases.attempts(world.store) == []
    assert world.redeem(11)["outcome"] == "accepted"


# --- the same id again


def test_the_same_id_gives_the_same_answer_for_ever(world: World) -> None:
    accepted, refused = uuid4(), uuid4()
    first = world.redeem(11, 12, redemption_id=accepted, offer_id=world.offers["Swim"])
    nothing = world.redeem(86, redemption_id=refused)
    world.reverse(first["id"])
    world.move(Kind.VOID, "CWL26 11-20", reason="stolen")
    world.move(Kind.REINSTATE, "CWL26 86-90", reason="found")
    world.later(days=30)
    again = world.redeem(
        world.token(12).lower(), 11, redemption_id=accepted, offer_id=world.offers["Swim"], practice=True
    )
    assert again == first
    assert world.redeem(86, redemption_id=refused, offline=True, scanned_at=world.now) == nothing


@pytest.mark.parametrize(
    "other",
    [
        {"notes": (11,)},
        {"notes": (11, 12, 13)},
        {"notes": (11, 13)},
        {"desk": "Pool"},
        {"desk": "Library"},
        {"offer": "Gym and swim"},
        {"offer": None},
    ],
)
def test_the_same_id_for_another_visit_is_a_conflict(world: World, other: dict[str, object]) -> None:
    asked: dict[str, Any] = {"notes": (11, 12), "desk": "Front desk", "offer": "Swim"}
    made = uuid4()

    def send(what: dict[str, Any]) -> object:
        offer_id = world.offers[str(what["offer"])] if what["offer"] and what["desk"] != "Library" else None
        return world.redeem(*what["notes"], desk=what["desk"], redemption_id=made, offer_id=offer_id)

    first = send(asked)
    with pytest.raises(Conflict):
        send({**asked, **other})
    assert send(asked) == first


# --- what is told of a spent note


def test_where_a_note_was_spent_is_told_to_that_venue_alone(world: World) -> None:
    world.redeem(11)
    here, there = world.redeem(11, desk="Pool")["notes"][0], world.redeem(11, desk="Library")["notes"][0]
    assert here["first_venue"] == LEISURE
    assert here["first_redeemed_at"] == world.now.isoformat()
    assert there["first_venue"] is None
    assert world.redeem(12, 86)["notes"][0]["first_redeemed_at"] is None
    assert LEISURE not in str(world.redeem(11, desk="Box office"))


def test_anybody_may_ask_whether_a_note_is_good_and_learns_no_more(world: World) -> None:
    def good(text: str) -> bool:
        return public.note_is_good(world.store, text=text, now=world.now)

    world.redeem(12)
    assert good(world.token(11))
    for text in (
        world.token(12),
        world.forged(11),
        world.token(86),
        world.token(71),
        serial_of(11),
        "garbage",
        "",
        "\ud800",
    ):
        assert not good(text)
    assert len(enquiry.life_of(world.store, serial=serial_of(11)).scans) == 0


# --- giving back


def test_a_visit_is_given_back_within_a_quarter_of_an_hour(world: World) -> None:
    made = world.redeem(11, 12)
    world.later(minutes=15)
    assert world.reverse(made["id"]) == {"id": made["id"], "outcome": "reversed", "reason": None}
    assert world.state(11) == "issued"
    world.later(days=1)
    assert world.reverse(made["id"])["outcome"] == "reversed", "again gives the same"
    assert world.redeem(11)["outcome"] == "accepted", "the note lives again"
    assert world.redeem(11)["notes"][0]["verdict"] == "already_redeemed"
    assert world.redeem(12)["outcome"] == "accepted"
    assert world.findings() == []


def test_a_note_may_live_many_times(world: World) -> None:
    for _ in range(3):
        world.reverse(world.redeem(11)["id"])
    made = world.redeem(11)
    life = enquiry.life_of(world.store, serial=serial_of(11))
    assert [each["reversed_at"] is None for each in life.redemptions] == [False, False, False, True]
    assert life.redemptions[-1]["redemption"] == made["id"]
    assert world.findings() == []


def test_a_visit_is_not_given_back_later_than_that(world: World) -> None:
    made = world.redeem(11)
    world.later(minutes=15, seconds=1)
    assert world.reverse(made["id"]) == {"id": made["id"], "outcome": "refused", "reason": "too_late"}
    assert world.state(11) == "redeemed"


def test_only_the_desk_that_made_it_gives_a_visit_back(world: World) -> None:
    made = world.redeem(11)
    with pytest.raises(NotAllowed, match="Another desk"):
        world.reverse(made["id"], desk="Pool")
    with pytest.raises(NotFound):
        world.reverse(made["id"], desk="Library")
    with pytest.raises(NotFound):
        world.reverse(str(uuid4()))
    assert world.state(11) == "redeemed"


def test_a_refused_visit_is_not_given_back(world: World) -> None:
    assert world.reverse(world.redeem(86)["id"])["reason"] == "not_accepted"


def test_a_retired_note_is_not_given_back(world: World) -> None:
    made = world.redeem(11, 12)
    world.retire("CWL26 12")
    assert world.reverse(made["id"]) == {"id": made["id"], "outcome": "refused", "reason": "retired"}
    assert world.counts("CWL26 11-12") == {"redeemed": 1, "retired": 1}


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201, "\x00", "\udc80"])
def test_a_reversal_has_a_reason(world: World, reason: str) -> None:
    made = world.redeem(11)
    with pytest.raises(BadInput):
        world.reverse(made["id"], reason=reason)


def test_what_became_of_a_visit_is_told_to_its_venue(world: World) -> None:
    made = world.redeem(11)

    def told(desk: str) -> object:
        return reversing.redemption_answer(world.store, redemption_id=UUID(made["id"]), desk=world.desk(desk))

    assert told("Pool") == {**made, "reversed_at": None}
    with pytest.raises(NotFound):
        told("Library")
    world.reverse(made["id"])
    assert told("Front desk") == {**made, "reversed_at": world.now.isoformat()}


# --- desks


def test_a_revoked_desk_is_refused_from_then_on(world: World) -> None:
    assert desks.revoke_desk(world.store, desk="Pool", now=world.now).revoked_at == world.now
    with pytest.raises(NotAllowed):
        world.desk("Pool")
    with pytest.raises(NotAllowed):
        desks.enrol(world.store, code=world.codes["Pool"], name=None, now=world.now)


def test_a_code_enrols_once_and_replaces_the_key(world: World) -> None:
    made = desks.enrol(world.store, code=world.codes["Pool"], name="Pool side", now=world.now)
    with pytest.raises(NotAllowed, match="used already or is too old"):
        desks.enrol(world.store, code=world.codes["Pool"], name=None, now=world.now)
    with pytest.raises(NotAllowed):
        world.desk("Pool")
    world.keys["Pool"] = made.key
    assert world.desk("Pool").desk.name == "Pool side"


def test_a_code_is_good_for_a_week(world: World) -> None:
    with pytest.raises(NotAllowed):
        desks.enrol(world.store, code=world.codes["Pool"], name=None, now=world.now + desks.CODE_LIFE)


def test_a_name_that_is_none_leaves_the_code_good(world: World) -> None:
    with pytest.raises(BadInput):
        desks.enrol(world.store, code=world.codes["Pool"], name="\x00", now=world.now)
    desks.enrol(world.store, code=world.codes["Pool"], name=None, now=world.now)


def test_a_desk_is_seen_at_most_once_a_minute(world: World) -> None:
    world.desk("Pool")
    first = world.now
    world.later(seconds=59)
    world.desk("Pool")
    seen = {each.name: each.seen_at for each, _venue in desks.desks(world.store)}
    assert seen["Pool"] == first
    world.later(seconds=2)
    world.desk("Pool")
    seen = {each.name: each.seen_at for each, _venue in desks.desks(world.store)}
    assert seen["Pool"] == world.now


def test_title_is_told_from_the_organisation_that_had_the_note(world: World) -> None:
    world.redeem(11)
    life = enquiry.life_of(world.store, serial=serial_of(11))
    assert (life.state, life.holder, life.redemptions[0]["venue"]) == ("redeemed", YMCA, LEISURE)
