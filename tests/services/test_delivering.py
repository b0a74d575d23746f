"""Deliveries: a thief with the box and the link can do nothing; what matches is issued, the rest is held, once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest

from app.core.checkpoint import CheckpointKey
from app.core.errors import BadInput, Conflict, NotAllowed, NotFound, Refused, Unavailable
from app.core.lifecycle import Kind
from app.core.span import Span
from app.services import accounts, bundling, closing, confirming, delivering, directory, enquiry, receiving, returning
from app.services.accounts import Account
from app.services.delivering import Delivery, Sent
from tests.world import BODMIN, CHORLEY, YMCA, World, close_books

KEY = bytes(32)
LOG_KEY = CheckpointKey(bytes(range(32))).public
BY = {"cat": ("programme", {"programme": "CWL"}), "eve": ("programme", {"programme": "LAN"}),
      "aud": ("auditor", {"programme": "CWL"}), "kim": ("keeper", {"organisation": YMCA}),
      "ken": ("keeper", {"organisation": BODMIN})}  # fmt: skip


def somebody(world: World, name: str) -> Account:
    role, scope = BY[name]
    email = f"{name}@example.org"
    known = [each for each in accounts.all_accounts(world.store) if each.email == email]
    return known[0] if known else accounts.add_account(world.store, email=email, role=role, now=world.now, **scope)[0]


def organisation(world: World, name: str = YMCA) -> int:
    return next(each.id for each in directory.organisations(world.store) if each.name == name)


def send(world: World, *labels: str, by: str = "cat", request_id: UUID | None = None, **more: object) -> Sent:
    given: dict[str, object] = {"organisation_id": organisation(world), "order": None, "bundles": 0, "handed": False}
    return delivering.dispatch(
        world.store, by=somebody(world, by), scanned=bundling.read(labels), request_id=request_id or uuid4(), key=KEY,
        now=world.now, **{**given, **more},  # type: ignore[arg-type]
    )  # fmt: skip


def open_it(world: World, sent: Sent, pin: str | None = None) -> confirming.Opened:
    return confirming.open_link(
        world.store, secret=sent.secret or "", pin=sent.pin or "" if pin is None else pin, key=KEY, now=world.now
    )


def wrong(sent: Sent) -> str:
    return f"{(int(sent.pin or 0) + 1) % 1_000_000:06d}"


def states(world: World, span: str) -> dict[str, int]:
    return {state: notes for state, notes in enquiry.range_of(world.store, named=span).counts.items() if notes}


def confirm(world: World, sent: Sent, *tallied: tuple[str, int]) -> Delivery:
    return confirming.confirm(world.store, key=open_it(world, sent).key, tallied=tallied, now=world.now)


def test_what_matches_is_issued_and_what_does_not_is_held(world: World) -> None:
    sent = send(world, "CWL26 71-80", "CWL26 91-100")
    assert states(world, "CWL26 71-80") == {"dispatched": 10}
    assert [each.notes for each in sent.delivery.parcels] == [10, 10]
    done = confirm(world, sent, ("here", 10), ("missing", 0))
    assert done.receipt is not None
    assert (done.receipt.issued, done.receipt.held) == (10, 10)
    assert states(world, "CWL26 71-80") == {"issued": 10}
    assert states(world, "CWL26 91-100") == {"held": 10}
    assert [each.reason for each in enquiry.range_of(world.store, named="CWL26 91-100").holdings] == ["lost"]


def test_what_was_on_hold_is_issued_when_it_is_released(world: World) -> None:
    sent, cat = send(world, "CWL26 71-80", "CWL26 91-100"), somebody(world, "cat")

    def issue(request_id: UUID) -> int:
        return delivering.issue_released(
            world.store, by=cat, delivery_id=sent.delivery.id, request_id=request_id, now=world.now
        )

    with pytest.raises(Refused, match="release what is on hold first"):
        issue(uuid4())
    confirm(world, sent, ("here", 10), ("missing", 0))
    with pytest.raises(Refused, match="release what is on hold first"):
        issue(uuid4())
    world.move(Kind.RELEASE, "CWL26 91-95", reason="found")
    request_id = uuid4()
    assert [issue(request_id) for _time in range(2)] == [5, 5]
    assert states(world, "CWL26 91-100") == {"issued": 5, "held": 5}
    world.move(Kind.RELEASE, "CWL26 96-100", reason="found")
    world.move(Kind.RETURN, "CWL26 96-100")
    world.move(Kind.DISPATCH, "CWL26 96-100", organisation=YMCA)
    with pytest.raises(Refused, match="release what is on hold first"):
        issue(uuid4())
    with pytest.raises(NotAllowed):
        delivering.issue_released(
            world.store, by=somebody(world, "kim"), delivery_id=sent.delivery.id, request_id=uuid4(), now=world.now
        )


@pytest.mark.parametrize(
    ("word", "counted", "issued"), [("here", 9, 0), ("opened", 10, 0), ("missing", 0, 0), ("here", 10, 10)]
)
def test_a_bundle_is_issued_only_where_it_is_whole(world: World, word: str, counted: int, issued: int) -> None:
    done = confirm(world, send(world, "CWL26 71-80"), (word, counted))
    assert done.receipt is not None
    assert (done.receipt.issued, done.receipt.held) == (issued, 10 - issued)


def test_confirming_again_gives_the_first_answer(world: World) -> None:
    sent = send(world, "CWL26 71-80")
    first = confirm(world, sent, ("here", 10))
    assert confirm(world, sent, ("missing", 0)) == first
    assert states(world, "CWL26 71-80") == {"issued": 10}


def test_of_two_who_confirm_at_once_one_is_second(world: World) -> None:
    sent = send(world, "CWL26 71-80")
    key, gate = open_it(world, sent).key, Barrier(2)

    def say(word: str) -> Delivery:
        gate.wait()
        return confirming.confirm(world.store, key=key, tallied=[(word, 10)], now=world.now)

    with ThreadPoolExecutor(2) as both:
        first, second = both.map(say, ["here", "opened"])
    assert first == second
    assert states(world, "CWL26 71-80") in ({"issued": 10}, {"held": 10})


def test_five_wrong_pins_close_the_link_until_staff_make_a_new_one(world: World) -> None:
    sent = send(world, "CWL26 71-80")
    for _time in range(4):
        with pytest.raises(NotAllowed, match="do not belong together"):
            open_it(world, sent, wrong(sent))
    with pytest.raises(NotAllowed, match="closed"):
        open_it(world, sent, wrong(sent))
    with pytest.raises(NotAllowed, match="closed"):
        open_it(world, sent)
    again = delivering.new_link(
        world.store, by=somebody(world, "cat"), delivery_id=sent.delivery.id, key=KEY, now=world.now
    )
    assert open_it(world, again).delivery.id == sent.delivery.id
    _found, events, _link = delivering.delivery_of(world.store, by=somebody(world, "cat"), delivery_id=sent.delivery.id)
    assert [each.kind for each in events] == ["linked", "guessed", "linked"]


def test_guesses_at_once_are_counted_one_by_one(world: World) -> None:
    sent = send(world, "CWL26 71-80")

    def guess(_time: int) -> str:
        try:
            open_it(world, sent, wrong(sent))
        except NotAllowed as error:
            return error.sentence
        return "open"

    with ThreadPoolExecutor(4) as many:
        said = list(many.map(guess, range(8)))
    assert said.count(confirming.WRONG) == 4
    assert said.count(confirming.CLOSED) == 4


@pytest.mark.parametrize("what", ["another secret", "nothing", "the pin of another"])
def test_the_box_and_the_link_alone_open_nothing(world: World, what: str) -> None:
    sent, other = send(world, "CWL26 71-80"), send(world, "CWL26 91-100")
    tried = Sent(sent.delivery, "A" * 24, sent.pin) if what == "another secret" else sent
    pins = {"another secret": sent.pin, "nothing": "", "the pin of another": other.pin}
    pin = pins[what] if what != "the pin of another" or other.pin != sent.pin else wrong(sent)
    with pytest.raises(NotAllowed):
        open_it(world, tried, pin)
    assert states(world, "CWL26 71-80") == {"dispatched": 10}


def test_a_link_is_good_as_long_as_it_says_and_a_newer_one_ends_it(world: World) -> None:
    sent = send(world, "CWL26 71-80")
    key = open_it(world, sent).key
    newer = delivering.new_link(
        world.store, by=somebody(world, "cat"), delivery_id=sent.delivery.id, key=KEY, now=world.now
    )
    with pytest.raises(NotAllowed, match="closed"):
        confirming.confirm(world.store, key=key, tallied=[("here", 10)], now=world.now)
    world.later(days=31)
    with pytest.raises(NotAllowed, match="closed"):
        open_it(world, newer)


def test_a_delivery_is_called_back_and_its_link_does_nothing_then(world: World) -> None:
    sent = send(world, "CWL26 71-80")
    key = open_it(world, sent).key
    for _time in range(2):
        back = delivering.call_back(world.store, by=somebody(world, "cat"), delivery_id=sent.delivery.id, now=world.now)
        assert back.receipt is not None
        assert back.receipt.kind == "recalled"
    assert states(world, "CWL26 71-80") == {"stocked": 10}
    with pytest.raises(NotAllowed):
        confirming.confirm(world.store, key=key, tallied=[("here", 10)], now=world.now)


def test_a_keeper_confirms_for_its_own_organisation_alone(world: World) -> None:
    sent = send(world, "CWL26 71-80")
    with pytest.raises(NotFound):
        confirming.for_keeper(world.store, by=somebody(world, "ken"), delivery_id=sent.delivery.id)
    with pytest.raises(NotAllowed):
        confirming.for_keeper(world.store, by=somebody(world, "cat"), delivery_id=sent.delivery.id)
    assert [each.id for each in delivering.waiting_for(world.store, organisation(world))] == [sent.delivery.id]
    done = confirming.confirm_as_keeper(
        world.store, by=somebody(world, "kim"), delivery_id=sent.delivery.id, tallied=[("here", 10)], now=world.now
    )
    assert done.receipt is not None
    assert done.receipt.actor == "kim@example.org"
    assert states(world, "CWL26 71-80") == {"issued": 10}


def test_notes_that_were_held_on_the_way_stay_held(world: World) -> None:
    sent = send(world, "CWL26 71-80")
    world.move(Kind.HOLD, "CWL26 75", reason="stolen")
    done = confirm(world, sent, ("here", 10))
    assert done.receipt is not None
    assert (done.receipt.issued, done.receipt.held) == (9, 0)
    assert states(world, "CWL26 71-80") == {"issued": 9, "held": 1}


@pytest.mark.parametrize(
    ("counted", "became"), [(8, {"issued": 8, "held": 2}), (10, {"issued": 8, "held": 2}), (9, {"held": 10})]
)
def test_an_honest_count_matches_with_or_without_what_was_stopped(
    world: World, counted: int, became: dict[str, int]
) -> None:
    sent = send(world, "CWL26 71-80")
    world.move(Kind.HOLD, "CWL26 75-76", reason="stolen")
    assert delivering.stopped(world.store, sent.delivery) == [[Span("CWL26", 75, 76)]]
    confirm(world, sent, ("here", counted))
    assert states(world, "CWL26 71-80") == became


def test_notes_are_handed_over_at_the_counter(world: World) -> None:
    sent = send(world, "CWL26 71-80", handed=True)
    assert (sent.secret, sent.pin) == (None, None)
    assert sent.delivery.receipt is not None
    assert sent.delivery.receipt.kind == "handed"
    assert states(world, "CWL26 71-80") == {"issued": 10}


def test_the_same_request_is_one_delivery_and_shows_no_secret_again(world: World) -> None:
    request_id = uuid4()
    first, again = (send(world, "CWL26 71-80", request_id=request_id) for _time in range(2))
    assert first.delivery == again.delivery
    assert first.pin is not None
    assert again.pin is None


@pytest.mark.parametrize(
    ("labels", "more"),
    [
        (["CWL26 71-80", "CWL26 91-100"], {"order": "CWL26-003", "bundles": 2}), (["CWL26 71-79"], {"order": "CWL26-003", "bundles": 2}),
        (["CWL26 71-80"], {"order": "CWL26-003", "bundles": 1}), (["CWL26 71-80"], {}),
        (["CWL26 71-80"], {"order": "CWL26-003", "bundles": 2, "handed": True}), ([], {"order": "CWL26-003", "bundles": 2}),
    ],
)  # fmt: skip
def test_the_same_request_for_something_else_is_refused(
    world: World, labels: list[str], more: dict[str, object]
) -> None:
    world.order(quantity=30, bundle_size=10)
    world.balance("CWL26-003", spoiled=["CWL26 115"])
    world.move(Kind.RECEIVE, "CWL26-003")
    request_id, named = uuid4(), ("CWL26 71-80", "CWL26 115")
    first, again = (send(world, *named, request_id=request_id, order="CWL26-003", bundles=2) for _time in range(2))
    assert again.delivery == first.delivery
    with pytest.raises(Conflict, match="asked for something else"):
        send(world, *labels, request_id=request_id, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("labels", "more", "error"),
    [
        (["CWL26 11-20"], {}, Refused), (["LAN26 1-5"], {}, Refused), ([], {}, BadInput),
        ([], {"order": "CWL26-001", "bundles": 50}, Refused), (["CWL26 71-80"], {"by": "eve"}, NotFound),
        (["CWL26 71-80"], {"by": "aud"}, NotAllowed), (["CWL26 71-80"], {"by": "kim"}, NotAllowed),
        (["CWL26 71-80"], {"order": "CWL26-001"}, BadInput), (["CWL26 71-80"], {"bundles": 1}, BadInput),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_changes_nothing(
    world: World, labels: list[str], more: dict[str, object], error: type[Exception]
) -> None:
    before = states(world, "CWL26 1-100")
    with pytest.raises(error):
        send(world, *labels, **more)  # type: ignore[arg-type]
    assert states(world, "CWL26 1-100") == before
    assert delivering.under_way(world.store, by=somebody(world, "cat")) == []


def test_whole_bundles_are_taken_from_stock_by_their_number(world: World) -> None:
    world.order(quantity=30, bundle_size=10)
    world.balance("CWL26-003", spoiled=["CWL26 115"])
    world.move(Kind.RECEIVE, "CWL26-003")
    sent = send(world, order="CWL26-003", bundles=2)
    assert [(each.order, each.bundle, each.notes) for each in sent.delivery.parcels] == [
        ("CWL26-003", 1, 9), ("CWL26-003", 2, 10),
    ]  # fmt: skip


def test_what_comes_from_the_print_shop_is_counted_by_bundle(world: World) -> None:
    world.order(quantity=30, bundle_size=10)
    world.balance("CWL26-003")
    cat = somebody(world, "cat")
    assert receiving.Expected("CWL26-003", 3, 30) in receiving.expected(world.store, by=cat)
    scanned = [Span("CWL26", 111, 120), Span("CWL26", 131, 140), Span("CWL26", 71, 80)]
    counted = receiving.count(world.store, by=cat, order="CWL26-003", scanned=scanned)
    assert [each.bundle for each in counted.here] == [1, 3]
    assert [each.bundle for each in counted.missing] == [2]
    assert counted.surplus == (receiving.Surplus(Span("CWL26", 71, 80), "CWL26-001"),)
    request_id = uuid4()
    for _time in range(2):
        done = receiving.receive(
            world.store, by=cat, order="CWL26-003", scanned=scanned, hold_missing=True, request_id=request_id,
            now=world.now,
        )  # fmt: skip
        assert done == receiving.Received(20, 10)
    for other, hold in ((scanned[:1], True), ([*scanned, Span("CWL26", 121, 130)], True), (scanned, False)):
        with pytest.raises(Conflict):
            receiving.receive(
                world.store, by=cat, order="CWL26-003", scanned=other, hold_missing=hold, request_id=request_id,
                now=world.now,
            )  # fmt: skip
    assert states(world, "CWL26-003") == {"stocked": 20, "held": 10}


def test_what_is_missing_may_come_later(world: World) -> None:
    world.order(quantity=20, bundle_size=10)
    world.balance("CWL26-003")
    cat = somebody(world, "cat")
    for first, total in ((111, {"stocked": 10, "printed": 10}), (121, {"stocked": 20})):
        receiving.receive(
            world.store, by=cat, order="CWL26-003", scanned=[Span("CWL26", first, first + 9)], hold_missing=False,
            request_id=uuid4(), now=world.now,
        )  # fmt: skip
        assert states(world, "CWL26-003") == total
    with pytest.raises(Refused):
        receiving.receive(
            world.store, by=cat, order="CWL26-003", scanned=[], hold_missing=True, request_id=uuid4(), now=world.now
        )
    with pytest.raises(NotFound):
        receiving.count(world.store, by=somebody(world, "eve"), order="CWL26-003", scanned=[])


def test_notes_come_back_and_spent_ones_are_refused(world: World) -> None:
    world.redeem(12)
    cat, here = somebody(world, "cat"), organisation(world)
    with pytest.raises(Refused, match=r"1 of these notes are spent \(CWL26 12\)"):
        returning.take_back(
            world.store,
            by=cat,
            organisation_id=here,
            scanned=[Span("CWL26", 11, 20)],
            request_id=uuid4(),
            now=world.now,
        )
    request_id = uuid4()
    scanned = [Span("CWL26", 41, 55), Span("CWL26", 61, 70)]
    for _time in range(2):
        back = returning.take_back(
            world.store, by=cat, organisation_id=here, scanned=scanned, request_id=request_id, now=world.now
        )
        assert back == returning.Returned(20, (Span("CWL26", 51, 55),))
    assert states(world, "CWL26 41-70") == {"stocked": 20, "issued": 10}
    with pytest.raises(NotFound):
        returning.take_back(
            world.store, by=cat, organisation_id=organisation(world, CHORLEY), scanned=scanned, request_id=uuid4(),
            now=world.now,
        )  # fmt: skip


def take_back(world: World, *scanned: Span) -> returning.Returned:
    return returning.take_back(
        world.store, by=somebody(world, "cat"), organisation_id=organisation(world), scanned=scanned, request_id=uuid4(),
        now=world.now,
    )  # fmt: skip


def test_a_delivery_under_way_is_called_back_and_not_taken_back(world: World) -> None:
    sent = send(world, "CWL26 71-80")
    with pytest.raises(Refused, match="CWL26 75-80 are of a delivery that is on its way: call that delivery back"):
        take_back(world, Span("CWL26", 75, 90))
    assert states(world, "CWL26 71-80") == {"dispatched": 10}
    confirm(world, sent, ("here", 10))
    assert take_back(world, Span("CWL26", 71, 80)).notes == 10


@pytest.mark.parametrize("ends", ["confirmed", "called back"])
def test_a_delivery_does_nothing_with_notes_that_another_sent_since(world: World, ends: str) -> None:
    """Taken back at the command line, which knows nothing of deliveries, and sent again under another PIN."""
    first = send(world, "CWL26 71-80")
    world.move(Kind.RETURN, "CWL26 71-78")
    second = send(world, "CWL26 71-76")
    world.move(Kind.DISPATCH, "CWL26 77-78", organisation=YMCA)
    if ends == "confirmed":
        confirm(world, first, ("here", 10))
        assert states(world, "CWL26 71-80") == {"dispatched": 8, "issued": 2}
    else:
        delivering.call_back(world.store, by=somebody(world, "cat"), delivery_id=first.delivery.id, now=world.now)
        assert states(world, "CWL26 71-80") == {"dispatched": 8, "stocked": 2}
    confirm(world, second, ("here", 6))
    assert states(world, "CWL26 71-76") == {"issued": 6}


def test_deliveries_wait_while_restored_books_are_closed_and_need_new_links_then(world: World) -> None:
    """Guesses may have closed a link after the backup, and the delivery may have been received or called back."""
    sent = send(world, "CWL26 71-80")
    key, cat, kim = open_it(world, sent).key, somebody(world, "cat"), somebody(world, "kim")
    close_books(world.store, reason="restored", actor="cli:me", now=world.now, request_id=uuid4(), key=LOG_KEY)
    steps: list[Callable[[], object]] = [
        lambda: send(world, "CWL26 91-100"), lambda: open_it(world, sent),
        lambda: confirming.confirm(world.store, key=key, tallied=[("here", 10)], now=world.now),
        lambda: confirming.confirm_as_keeper(
            world.store, by=kim, delivery_id=sent.delivery.id, tallied=[("here", 10)], now=world.now
        ),
        lambda: delivering.new_link(world.store, by=cat, delivery_id=sent.delivery.id, key=KEY, now=world.now),
        lambda: delivering.call_back(world.store, by=cat, delivery_id=sent.delivery.id, now=world.now),
    ]  # fmt: skip
    for step in steps:
        with pytest.raises(Unavailable, match="not reopened: deliveries wait"):
            step()
    closing.reopen_books(
        world.store, reason="All came.", actor="cli:me", now=world.now, request_id=uuid4(), key=LOG_KEY
    )
    with pytest.raises(NotAllowed, match="closed"):
        open_it(world, sent)
    newer = delivering.new_link(world.store, by=cat, delivery_id=sent.delivery.id, key=KEY, now=world.now)
    confirm(world, newer, ("here", 10))
    assert states(world, "CWL26 71-80") == {"issued": 10}


def test_the_same_request_at_once_is_one_delivery(world: World) -> None:
    request_id, gate = uuid4(), Barrier(2)
    somebody(world, "cat")

    def ask(_time: int) -> Sent:
        gate.wait()
        return send(world, "CWL26 71-80", request_id=request_id)

    with ThreadPoolExecutor(2) as both:
        first, second = both.map(ask, range(2))
    assert first.delivery == second.delivery
    assert [first.pin, second.pin].count(None) == 1
