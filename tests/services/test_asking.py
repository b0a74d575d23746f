"""Two people: one asks, another confirms, the deed is done once; and no many small steps come to a large one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.errors import (
    BadInput,
    Conflict,
    HournoteError,
    IllegalMovement,
    NotAllowed,
    NotFound,
    NotOrdered,
    Refused,
)
from app.core.lifecycle import Kind
from app.core.roles import Deed
from app.services import accounts, asking, directory, enquiry, inviting, ordering, press, second_factor
from app.services.asking import Request
from app.services.directory import Limits, Programme
from app.services.ordering import OrderRequest
from app.services.sessions import Present
from app.store import directory_events
from tests import staff
from tests.world import DESIGNS, HOST, YMCA, World

KEY = bytes(32)
ROLES: dict[str, tuple[str, dict[str, str]]] = {
    "ann": ("national", {}), "bob": ("national", {}), "ben": ("national", {}), "cat": ("programme", {"programme": "CWL"}),
    "dan": ("programme", {"programme": "CWL"}), "eve": ("programme", {"programme": "LAN"}),
    "aud": ("auditor", {"programme": "CWL"}), "kim": ("keeper", {"organisation": YMCA}),
    "pat": ("press", {"programme": "CWL"}), "viv": ("venue", {"venue": "Bodmin Library"}),
}  # fmt: skip


def person(world: World, name: str, *, with_factor: bool = True) -> Present:
    """Somebody of staff who has just signed in; their account is made the first time."""
    role, scope = ROLES[name]
    email = f"{name}@example.org"
    known = [each for each in accounts.all_accounts(world.store) if each.email == email]
    account = (
        known[0] if known else accounts.add_account(world.store, email=email, role=role, now=world.now, **scope)[0]
    )
    return staff.present(world.store, account, now=world.now, with_factor=with_factor)


def set_limits(world: World, **given: Any) -> tuple[Programme, Limits]:
    return directory.set_limits(world.store, actor="cli:test", now=world.now, **given)


def ask(
    world: World, by: Present, deed: Deed, named: str, reason: str = "lost", request_id: UUID | None = None, note: str = ""
) -> Request:  # fmt: skip
    return asking.ask_to_move(
        world.store,
        by=by,
        deed=deed,
        named=named,
        reason=reason,
        note=note,
        request_id=request_id or uuid4(),
        now=world.now,
    )


def confirm(world: World, by: Present, asked: Request) -> Request:
    return asking.confirm(world.store, by=by, request_id=asked.id, now=world.now)


# --- alone


def test_a_hold_is_done_at_once_and_says_how_many_were_spent(world: World) -> None:
    world.redeem(11, 12)
    made = ask(world, person(world, "cat"), Deed.HOLD, "CWL26 11-20", note="Looked for in the van.")
    assert (made.kind, made.until, made.asked_by, made.notes) == ("alone", None, "cat@example.org", 10)
    assert made.result is not None
    assert (made.result["already_redeemed"], made.result["state"], made.result["notes"]) == (2, "held", 10)
    assert world.counts("CWL26 11-20") == {"redeemed": 2, "held": 8}
    last = enquiry.life_of(world.store, serial=world.serial(15)).movements[-1]
    assert (last["actor"], last["reason"], last["note"]) == ("cat@example.org", "lost", "Looked for in the van.")
    assert world.findings() == []


def test_asking_twice_under_one_id_does_it_once(world: World) -> None:
    cat, request_id = person(world, "cat"), uuid4()
    first = ask(world, cat, Deed.VOID, "CWL26 11-20", request_id=request_id)
    assert ask(world, cat, Deed.VOID, "CWL26 11-20", request_id=request_id) == first
    assert world.counts("CWL26 11-20") == {"void": 10}
    with pytest.raises(Conflict):
        ask(world, person(world, "dan"), Deed.VOID, "CWL26 21", request_id=request_id)
    released = ask(world, cat, Deed.HOLD, "CWL26 21-22")
    assert released.result
    assert ask(world, cat, Deed.RELEASE, "CWL26 21-22", "found").kind == "alone"
    assert world.counts("CWL26 21-22") == {"issued": 2}


@pytest.mark.parametrize(
    ("deed", "named", "reason", "note"),
    [
        (Deed.HOLD, "CWL26 11-20", "lost", "In the van."), (Deed.VOID, "CWL26 11-21", "lost", "In the van."),
        (Deed.VOID, "CWL26-001", "lost", "In the van."), (Deed.VOID, "CWL26 11-20", "stolen", "In the van."),
        (Deed.VOID, "CWL26 11-20", "lost", ""),
    ],
)  # fmt: skip
def test_an_id_that_is_sent_again_for_something_else_is_refused(
    world: World, deed: Deed, named: str, reason: str, note: str
) -> None:
    cat, request_id = person(world, "cat"), uuid4()
    first = ask(world, cat, Deed.VOID, "CWL26 11-20", request_id=request_id, note="In the van.")
    assert ask(world, cat, Deed.VOID, "cwl26 11 to 20", request_id=request_id, note=" In the  van.") == first
    with pytest.raises(Conflict):
        ask(world, cat, deed, named, reason, request_id=request_id, note=note)
    assert world.counts("CWL26 11-21") == {"void": 10, "issued": 1}


def test_a_label_s_repeat_gets_its_first_answer_though_its_notes_are_void_now(world: World) -> None:
    label, request_id = f"HTTPS://{HOST}/B/{world.serial(11)}{world.serial(20)}", uuid4()
    first = ask(world, person(world, "cat"), Deed.VOID, label, request_id=request_id)
    assert ask(world, person(world, "cat"), Deed.VOID, label, request_id=request_id) == first


def test_an_order_and_a_reset_are_repeated_whole_too(world: World) -> None:
    ann, cat, request_id = person(world, "ann"), person(world, "cat"), uuid4()

    def order(quantity: int) -> Request:
        wanted = OrderRequest("CWL26", quantity, "cornwall")
        return asking.ask_to_order(world.store, by=ann, wanted=wanted, note=None, request_id=request_id, now=world.now)

    assert order(4) == order(4)
    with pytest.raises(Conflict):
        order(5)
    with pytest.raises(Conflict):
        asking.ask_to_reset(
            world.store, by=ann, account_id=cat.account.id, reason="lost phone", request_id=request_id, now=world.now
        )


@pytest.mark.parametrize("note", ["Found. Confirmed  by bob@example.org", "ｃonfirmed by BOB", "x; confirmed by me"])
def test_nobody_writes_into_a_note_who_confirmed(world: World, note: str) -> None:
    with pytest.raises(BadInput, match="cannot say who confirmed"):
        ask(world, person(world, "cat"), Deed.HOLD, "CWL26 11", note=note)


def test_a_label_means_the_notes_that_are_not_void(world: World) -> None:
    label = f"HTTPS://{HOST}/B/{world.serial(1)}{world.serial(10)}"
    made = ask(world, person(world, "cat"), Deed.HOLD, label)
    assert made.arguments == {
        "asked": "label CWL26 1-10", "notes": ["CWL26 1-4", "CWL26 8-10"], "passed_over": ["CWL26 5-7"],
    }  # fmt: skip
    assert made.notes == 7


@pytest.mark.parametrize(
    ("name", "deed", "named", "error"),
    [
        ("eve", Deed.HOLD, "CWL26 11", NotAllowed), ("eve", Deed.HOLD, "CWL26 9999", NotAllowed),
        ("eve", Deed.HOLD, "CWL27-001", NotAllowed), ("cat", Deed.VOID, "LAN26-001", NotAllowed),
        ("cat", Deed.REINSTATE, "CWL26 86", NotAllowed), ("aud", Deed.HOLD, "CWL26 11", NotAllowed),
        ("pat", Deed.HOLD, "CWL26 1", NotAllowed), ("viv", Deed.HOLD, "CWL26 11", NotAllowed),
        ("kim", Deed.VOID, "CWL26 11", NotAllowed), ("kim", Deed.RELEASE, "CWL26 81", NotAllowed),
        ("kim", Deed.HOLD, "CWL26 51", NotAllowed), ("kim", Deed.HOLD, "CWL26 50-51", NotAllowed),
        ("kim", Deed.HOLD, "LAN26 1", NotAllowed), ("kim", Deed.HOLD, "CWL26 71", NotAllowed),
        ("kim", Deed.HOLD, "CWL26 9999", NotAllowed), ("kim", Deed.HOLD, "CWL26-777", NotAllowed),
        ("kim", Deed.HOLD, "CWL31 1", NotAllowed),
        ("cat", Deed.HOLD, "CWL26 9999", NotOrdered), ("cat", Deed.HOLD, "CWL26 86", IllegalMovement),
        ("cat", Deed.HOLD, "garbage", BadInput),
    ],
)  # fmt: skip
def test_what_is_not_theirs_or_not_lawful_is_refused_whole(
    world: World, name: str, deed: Deed, named: str, error: type[HournoteError]
) -> None:
    before, by = world.picture(), person(world, name)
    with pytest.raises(error):
        ask(world, by, deed, named)
    assert world.picture() == before
    assert asking.answered(world.store, account=person(world, "ann").account, now=world.now, most=9) == []


def test_notes_of_another_programme_are_refused_alike_whether_there_are_any(world: World) -> None:
    eve, told = person(world, "eve"), set()
    for named in ("CWL26 11", "CWL26 9999999", "CWL31 1", "CWL26-001", "CWL26-777"):
        with pytest.raises(NotAllowed) as refused:
            ask(world, eve, Deed.HOLD, named)
        told.add(refused.value.sentence)
    assert len(told) == 1


def test_a_keeper_holds_what_its_organisation_has(world: World) -> None:
    kim = person(world, "kim", with_factor=False)
    assert ask(world, kim, Deed.HOLD, "CWL26 11-20").kind == "alone"
    assert ask(world, kim, Deed.HOLD, "CWL26 61-62").kind == "alone", "on its way to them"
    assert world.counts("CWL26 61-62") == {"held": 2}


# --- two people


def test_a_reinstatement_is_done_when_another_confirms(world: World) -> None:
    ann, bob = person(world, "ann"), person(world, "bob")
    asked = ask(world, ann, Deed.REINSTATE, "CWL26 86-90", "found", note="In the boot.")
    assert (asked.kind, asked.until) == (None, world.now + asking.OPEN_FOR)
    assert world.counts("CWL26 86-90") == {"void": 5}
    assert [each.id for each in asking.waiting(world.store, account=bob.account, now=world.now)] == [asked.id]
    done = confirm(world, bob, asked)
    assert (done.kind, done.answered_by) == ("confirmed", "bob@example.org")
    assert world.counts("CWL26 86-90") == {"stocked": 5}
    last = enquiry.life_of(world.store, serial=world.serial(86)).movements[-1]
    assert (last["actor"], last["note"]) == ("ann@example.org", "confirmed by bob@example.org; In the boot.")
    assert confirm(world, bob, asked) == done, "the same person again gets the same answer"
    with pytest.raises(Refused, match="Somebody else answered"):
        confirm(world, person(world, "ann"), asked)
    assert world.findings() == []


def test_nobody_confirms_oneself_nor_without_a_second_factor(world: World) -> None:
    asked = ask(world, person(world, "ann"), Deed.REINSTATE, "CWL26 86", "found")
    for by, sentence in (
        (person(world, "ann"), "You asked for this yourself"),
        (person(world, "bob", with_factor=False), "each with a second factor"),
        (person(world, "cat"), "may not do this"), (person(world, "aud"), "may not do this"),
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match=sentence):
            confirm(world, by, asked)
    for out_of_reach in ("eve", "kim", "pat", "viv"):
        with pytest.raises(NotFound):
            confirm(world, person(world, out_of_reach), asked)
    assert world.state(86) == "void"


def test_an_account_that_somebody_let_be_entered_takes_part_a_day_later(world: World) -> None:
    staff.set_up(world.store, person(world, "bob").account, key=KEY, now=world.now)
    world.later(hours=1)
    ann, bob = person(world, "ann"), person(world, "bob")
    first, second = (ask(world, ann, Deed.REINSTATE, f"CWL26 {number}", "found") for number in (86, 87))
    _account, secret = accounts.new_link(world.store, email="bob@example.org", actor="ann@example.org", now=world.now)
    accounts.set_password(world.store, secret=secret, password="four plain words here", now=world.now)
    bob = person(world, "bob")
    with pytest.raises(Refused, match="24 hours"):
        confirm(world, bob, first)
    mine = ask(world, bob, Deed.REINSTATE, "CWL26 88", "found")
    with pytest.raises(Refused, match="24 hours"):
        confirm(world, ann, mine)
    world.later(hours=24)
    ann, bob = person(world, "ann"), person(world, "bob")
    assert confirm(world, bob, first).kind == "confirmed"
    assert confirm(world, ann, mine).kind == "confirmed"
    accounts.close_account(world.store, email="bob@example.org", actor="cli:me", now=world.now)
    accounts.reopen_account(world.store, email="bob@example.org", actor="ann@example.org", now=world.now)
    with pytest.raises(Refused, match="24 hours"):
        confirm(world, person(world, "bob"), second)


def test_nobody_asks_for_it_without_a_second_factor(world: World) -> None:
    with pytest.raises(NotAllowed, match="set yours up first"):
        ask(world, person(world, "ann", with_factor=False), Deed.REINSTATE, "CWL26 86", "found")


def test_what_could_not_be_done_is_refused_when_it_is_asked_for(world: World) -> None:
    before = world.picture()
    with pytest.raises(IllegalMovement):
        ask(world, person(world, "ann"), Deed.REINSTATE, "CWL26 11", "found")
    assert world.picture() == before


def test_after_three_days_nobody_confirms(world: World) -> None:
    asked = ask(world, person(world, "ann"), Deed.REINSTATE, "CWL26 86", "found")
    world.later(days=3)
    bob = person(world, "bob")
    with pytest.raises(Refused, match="too old"):
        confirm(world, bob, asked)
    with pytest.raises(Refused, match="too old"):
        asking.decline(world.store, by=bob, request_id=asked.id, now=world.now)
    assert asking.waiting(world.store, account=bob.account, now=world.now) == []
    assert [each.kind for each in asking.answered(world.store, account=bob.account, now=world.now, most=9)] == [None]
    assert world.state(86) == "void"


def test_what_was_declined_or_withdrawn_is_not_done(world: World) -> None:
    ann, bob = person(world, "ann"), person(world, "bob")
    declined, withdrawn = (ask(world, ann, Deed.REINSTATE, f"CWL26 {number}", "found") for number in (86, 87))
    for by, asked, kind in ((bob, declined, "declined"), (ann, withdrawn, "withdrawn")):
        for _again in range(2):
            assert asking.decline(world.store, by=by, request_id=asked.id, now=world.now).kind == kind
        with pytest.raises(Refused, match="Somebody else answered"):
            confirm(world, bob, asked)
    with pytest.raises(NotAllowed):
        asking.decline(
            world.store, by=person(world, "cat"), now=world.now,
            request_id=ask(world, ann, Deed.REINSTATE, "CWL26 88", "found").id,
        )  # fmt: skip
    assert world.counts("CWL26 86-90") == {"void": 5}


def test_whoever_asked_must_still_be_there(world: World) -> None:
    ann, bob = person(world, "ann"), person(world, "bob")
    asked = ask(world, ann, Deed.REINSTATE, "CWL26 86", "found")
    accounts.close_account(world.store, email="ann@example.org", actor="cli:me", now=world.now)
    with pytest.raises(Refused, match="Whoever asked may not do so any more"):
        confirm(world, bob, asked)


def test_what_cannot_be_done_any_more_goes_on_waiting(world: World) -> None:
    ann, bob = person(world, "ann"), person(world, "bob")
    asked = ask(world, ann, Deed.REINSTATE, "CWL26 86-90", "found")
    world.move(Kind.REINSTATE, "CWL26 88", reason="found")
    with pytest.raises(IllegalMovement):
        confirm(world, bob, asked)
    assert asking.request_of(world.store, account=bob.account, request_id=asked.id).kind is None
    assert world.counts("CWL26 86-90") == {"void": 4, "stocked": 1}


def test_the_notes_are_those_that_were_meant_when_it_was_asked_for(world: World) -> None:
    set_limits(world, programme="CWL", void_alone=0)
    asked = ask(world, person(world, "cat"), Deed.VOID, "CWL26-001", "recalled")
    world.move(Kind.REINSTATE, "CWL26 86-90", reason="found")
    confirm(world, person(world, "ann"), asked)
    assert world.counts("CWL26 86-90") == {"stocked": 5}


# --- limits


def test_small_voids_come_to_no_more_in_a_day_than_one_person_may(world: World) -> None:
    set_limits(world, programme="CWL", void_alone=10)
    cat, dan = person(world, "cat"), person(world, "dan")
    assert [ask(world, cat, Deed.VOID, f"CWL26 {11 + 3 * each}-{13 + 3 * each}").kind for each in range(3)] == [
        "alone"
    ] * 3
    assert ask(world, cat, Deed.VOID, "CWL26 20-21").kind is None, "nine and two are more than ten"
    assert ask(world, dan, Deed.VOID, "CWL26 22-23").kind is None, "nor does a colleague go on where one stopped"
    assert ask(world, cat, Deed.VOID, "CWL26 24").kind == "alone"
    world.later(hours=24, seconds=1)
    assert ask(world, person(world, "cat"), Deed.VOID, "CWL26 25-34").kind == "alone"


def test_one_person_s_voids_count_in_every_programme(world: World) -> None:
    for code in ("CWL", "LAN"):
        set_limits(world, programme=code, void_alone=10)
    ann, bob = person(world, "ann"), person(world, "bob")
    assert ask(world, ann, Deed.VOID, "CWL26 11-20").kind == "alone"
    assert ask(world, ann, Deed.VOID, "LAN26 1").kind is None
    assert ask(world, bob, Deed.VOID, "LAN26 2").kind == "alone"


def test_what_two_people_did_and_other_deeds_do_not_count(world: World) -> None:
    set_limits(world, programme="CWL", void_alone=5)
    cat, dan = person(world, "cat"), person(world, "dan")
    assert confirm(world, dan, ask(world, cat, Deed.VOID, "CWL26 11-30")).kind == "confirmed"
    assert ask(world, cat, Deed.HOLD, "CWL26 31-50").kind == "alone"
    world.move(Kind.VOID, "CWL26 71-80", reason="lost")
    assert ask(world, cat, Deed.VOID, "CWL26 51-55").kind == "alone"


def test_limits_are_read_and_set(world: World) -> None:
    _owner, before = set_limits(world, programme="CWL")
    assert (before.order_alone, before.void_alone) == (5000, 200)
    with pytest.raises(BadInput):
        set_limits(world, programme="CWL", void_alone=-1)


def test_who_changed_a_limit_is_kept(world: World) -> None:
    owner, _limits = set_limits(world, programme="CWL", void_alone=7)
    set_limits(world, programme="CWL", void_alone=7)
    (event,) = world.store.read(lambda connection: directory_events.of_contact(connection, owner.id, 9))
    assert (event.changes, event.actor) == ({"void_alone": [200, 7]}, "cli:test")


def test_an_order_above_the_limit_waits_and_the_press_makes_it_once(world: World) -> None:
    set_limits(world, programme="CWL", order_alone=10)
    ann, bob = person(world, "ann"), person(world, "bob")

    def order(quantity: int) -> Request:
        wanted = OrderRequest("CWL26", quantity, "cornwall")
        return asking.ask_to_order(world.store, by=ann, wanted=wanted, note=None, request_id=uuid4(), now=world.now)

    small, large = order(4), order(7)
    assert (small.kind, large.kind) == ("alone", None)
    assert [each.request_id for each in ordering.waiting_for_press(world.store)] == [small.id]
    confirm(world, bob, large)
    waiting = sorted(
        ordering.waiting_for_press(world.store), key=lambda each: each.wanted.quantity
    )  # asked for at once
    assert [(each.request_id, each.wanted.quantity, each.actor) for each in waiting] == [
        (small.id, 4, "ann@example.org"), (large.id, 7, "ann@example.org"),
    ]  # fmt: skip
    for each in waiting:
        press.order_notes(
            world.store, request=each.wanted, host=HOST, designs=DESIGNS, out=world.folder / "jobs", actor=each.actor,
            now=world.now, request_id=each.request_id,
        )  # fmt: skip
    assert ordering.waiting_for_press(world.store) == []
    with pytest.raises(NotAllowed):
        asking.ask_to_order(
            world.store, by=person(world, "cat"), wanted=OrderRequest("CWL26", 1, "cornwall"), note=None,
            request_id=uuid4(), now=world.now,
        )  # fmt: skip


# --- second factors


def test_a_second_factor_is_reset_by_two_and_by_neither_for_oneself(world: World) -> None:
    ann, bob, cat = person(world, "ann"), person(world, "bob"), person(world, "cat")
    staff.set_up(world.store, cat.account, key=KEY, now=world.now)
    staff.set_up(world.store, bob.account, key=KEY, now=world.now)
    ann, bob = person(world, "ann"), person(world, "bob")

    def reset(by: Present, account_id: int) -> Request:
        return asking.ask_to_reset(
            world.store, by=by, account_id=account_id, reason="lost phone", request_id=uuid4(), now=world.now
        )

    for by, account_id, error in (
        (ann, ann.account.id, Refused),
        (ann, 999, NotFound),
        (cat, bob.account.id, NotAllowed),
    ):
        with pytest.raises(error):
            reset(by, account_id)
    with pytest.raises(NotAllowed):
        confirm(world, bob, reset(ann, bob.account.id))
    asked = reset(ann, cat.account.id)
    assert second_factor.is_set(world.store, cat.account)
    confirm(world, bob, asked)
    assert not second_factor.is_set(world.store, cat.account)
    with pytest.raises(NotFound):
        asking.request_of(world.store, account=person(world, "dan").account, request_id=asked.id)


# --- races


def together(*deeds: Callable[[], Any]) -> list[Any]:
    """What each gives or raises, begun at one moment."""
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        barrier.wait(60)
        try:
            return deed()
        except HournoteError as error:
            return error

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_of_two_who_confirm_at_once_one_does_it(world: World) -> None:
    asked = ask(world, person(world, "ann"), Deed.REINSTATE, "CWL26 86-90", "found")
    people = [person(world, name) for name in ("bob", "ben", "bob", "ben")]
    came = together(*(lambda by=by: confirm(world, by, asked) for by in people))
    done = [each for each in came if isinstance(each, Request)]
    assert len({each.answered_by for each in done}) == 1
    assert len(done) == 2, "whoever was first hears it twice"
    assert all(isinstance(each, Refused) for each in came if not isinstance(each, Request))
    kinds = [each["kind"] for each in enquiry.life_of(world.store, serial=world.serial(86)).movements]
    assert kinds.count("reinstate") == 1


def test_confirming_and_declining_at_once_come_to_one_of_them(world: World) -> None:
    asked = ask(world, person(world, "ann"), Deed.REINSTATE, "CWL26 86", "found")
    bob, ann = person(world, "bob"), person(world, "ann")
    came = together(
        lambda: confirm(world, bob, asked),
        lambda: asking.decline(world.store, by=ann, request_id=asked.id, now=world.now),
    )
    (done,) = [each for each in came if isinstance(each, Request)]
    assert world.state(86) == ("stocked" if done.kind == "confirmed" else "void")


def test_asking_twice_at_once_does_it_once(world: World) -> None:
    cat, request_id = person(world, "cat"), uuid4()
    came = together(*[lambda: ask(world, cat, Deed.VOID, "CWL26 11-12", request_id=request_id)] * 4)
    assert len(set(map(repr, came))) == 1
    kinds = [each["kind"] for each in enquiry.life_of(world.store, serial=world.serial(11)).movements]
    assert kinds.count("void") == 1


def test_many_small_voids_at_once_come_to_no_more_than_one_person_may(world: World) -> None:
    set_limits(world, programme="CWL", void_alone=10)
    cat, dan = person(world, "cat"), person(world, "dan")
    spans = [(cat if place % 2 else dan, f"CWL26 {11 + 4 * place}-{14 + 4 * place}") for place in range(6)]
    came = together(*(lambda by=by, named=named: ask(world, by, Deed.VOID, named) for by, named in spans))
    assert sorted(str(each.kind) for each in came) == ["None"] * 4 + ["alone"] * 2
    assert world.counts("CWL26 11-34") == {"void": 8, "issued": 16}


# --- who sees what


def test_each_sees_what_is_in_its_reach(world: World) -> None:
    mine = ask(world, person(world, "kim"), Deed.HOLD, "CWL26 11")
    theirs = ask(world, person(world, "eve"), Deed.HOLD, "LAN26 1")
    for name, sees in (("ann", {mine.id, theirs.id}), ("cat", {mine.id}), ("aud", {mine.id}), ("eve", {theirs.id})):
        account = person(world, name).account
        assert {each.id for each in asking.answered(world.store, account=account, now=world.now, most=9)} == sees, name
    assert asking.request_of(world.store, account=person(world, "kim").account, request_id=mine.id) == mine
    for name, asked in (("kim", theirs), ("eve", mine), ("pat", mine), ("viv", mine)):
        with pytest.raises(NotFound):
            asking.request_of(world.store, account=person(world, name).account, request_id=asked.id)
    for name in ("kim", "pat", "viv"):
        with pytest.raises(NotAllowed):
            asking.waiting(world.store, account=person(world, name).account, now=world.now)


def test_a_note_leaves_room_for_who_confirmed(world: World) -> None:
    with pytest.raises(BadInput):
        ask(world, person(world, "cat"), Deed.HOLD, "CWL26 11", note="x" * (asking.LONGEST_NOTE + 1))
    assert ask(world, person(world, "cat"), Deed.HOLD, "CWL26 11", note="x" * asking.LONGEST_NOTE).note


# --- who is a second person


def test_into_the_national_office_it_takes_two_people_and_the_second_gives_the_link(world: World) -> None:
    ann, bob = person(world, "ann"), person(world, "bob")
    asked = asking.ask_to_invite(
        world.store, by=ann, email="New@example.org", request_id=uuid4(), now=world.now
    )  # fmt: skip
    assert (asked.kind, asked.arguments["email"]) == (None, "new@example.org")
    assert "new@example.org" not in [each.email for each in accounts.all_accounts(world.store)]
    with pytest.raises(NotAllowed, match="asked for this yourself"):
        confirm(world, ann, asked)
    done = confirm(world, bob, asked)
    assert done.result is not None
    made = done.result["account"]
    with pytest.raises(Refused, match="whoever confirmed it"):
        inviting.new_link(world.store, by=ann.account, account_id=made, now=world.now)
    found, secret = inviting.new_link(world.store, by=bob.account, account_id=made, now=world.now)
    new = staff.present(world.store, found, now=world.later(days=2))
    wanted = ask(world, bob, Deed.REINSTATE, "CWL26 86-90", "found")
    with pytest.raises(NotAllowed, match="or its link"):
        confirm(world, new, wanted)
    with pytest.raises(NotAllowed, match="or its link"):
        confirm(world, bob, ask(world, new, Deed.REINSTATE, "CWL26 86-90", "found"))
    assert confirm(world, person(world, "ben"), wanted).kind == "confirmed"
    assert (found.email, found.role, found.password_hash) == ("new@example.org", "national", None)
    assert accounts.set_password(world.store, secret=secret, password="four plain words here", now=world.now)


def test_a_new_link_for_somebody_with_a_second_factor_makes_no_puppet_of_them(world: World) -> None:
    ann, bob = person(world, "ann"), person(world, "bob")
    staff.set_up(world.store, bob.account, key=KEY, now=world.now)
    world.later(hours=1)
    inviting.new_link(world.store, by=ann.account, account_id=bob.account.id, now=world.now)
    ann, bob = person(world, "ann"), person(world, "bob")
    assert confirm(world, bob, ask(world, ann, Deed.REINSTATE, "CWL26 86-90", "found")).kind == "confirmed"


def test_nobody_is_let_into_the_national_office_by_one_person_or_another_role(world: World) -> None:
    with pytest.raises(NotAllowed):
        inviting.invite(
            world.store, by=person(world, "ann").account, email="x@example.org", role="national", now=world.now
        )
    for name in ("cat", "aud", "kim"):
        with pytest.raises(NotAllowed):
            asking.ask_to_invite(
                world.store, by=person(world, name), email="x@example.org", request_id=uuid4(), now=world.now
            )
    with pytest.raises(Refused, match="already"):
        asking.ask_to_invite(
            world.store, by=person(world, "ann"), email="ann@example.org", request_id=uuid4(), now=world.now
        )


def test_whoever_made_an_account_and_that_account_are_no_two_people(world: World) -> None:
    set_limits(world, programme="CWL", void_alone=0)
    ann, dan = person(world, "ann"), person(world, "dan")
    made, _ = inviting.invite(
        world.store, by=ann.account, email="puppet@example.org", role="programme", programme="CWL", now=world.now
    )
    puppet = staff.present(world.store, made, now=world.now)
    by_ann = ask(world, ann, Deed.VOID, "CWL26 11-12")
    by_puppet = ask(world, puppet, Deed.VOID, "CWL26 13-14")
    for by, asked in ((puppet, by_ann), (ann, by_puppet)):
        with pytest.raises(NotAllowed, match="a third person"):
            confirm(world, by, asked)
    assert confirm(world, dan, by_puppet).kind == "confirmed"
    assert confirm(world, person(world, "bob"), by_ann).kind == "confirmed"
