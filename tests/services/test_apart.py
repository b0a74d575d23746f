"""Desks that are apart, against a model of a note at a time: whoever told of it first spent it, and the rest is for people."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.lifecycle import Kind
from app.services import enquiry, journal, log, log_audit, resolving, reversing
from app.services.journal import Redeem, Reverse
from tests.services.test_log import KEY
from tests.services.test_snapshots import Carried, carried, since
from tests.world import ACTOR, World

DESKS = ("Front desk", "Pool", "Library", "Box office")
NUMBERS = st.lists(st.integers(11, 16), min_size=1, max_size=2, unique=True)
MINUTES = st.integers(0, 40)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("visit"), st.sampled_from(DESKS), NUMBERS, MINUTES),
        st.tuples(st.just("visit and give back"), st.sampled_from(DESKS), NUMBERS, MINUTES),
        st.tuples(st.sampled_from(["staff give back", "resolve", "stop", "go on"]), st.just(""), NUMBERS, MINUTES),
        st.tuples(st.sampled_from(["sequence", "look"]), st.just(""), NUMBERS, MINUTES),
    ),
    min_size=5,
    max_size=20,
)


@dataclass
class Model:
    """What a person would say who had watched every note."""

    spent: dict[int, UUID] = field(default_factory=dict)
    stopped: set[int] = field(default_factory=set)
    visits: dict[UUID, list[int]] = field(default_factory=dict)
    conflicts: set[UUID] = field(default_factory=set)

    def tell(self, made: UUID, numbers: list[int]) -> bool:
        """A desk tells of a visit; whether it is accepted."""
        if any(number in self.spent for number in numbers):
            self.conflicts.add(made)
            return False
        if self.stopped.intersection(numbers):
            return False
        self.visits[made] = numbers
        self.spent.update(dict.fromkeys(numbers, made))
        return True

    def give_back(self, made: UUID) -> None:
        self.spent = {number: visit for number, visit in self.spent.items() if visit != made}


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_whatever_desks_do_while_apart_the_books_say_what_came_of_it(
    world: World, steps: list[tuple[str, str, list[int], int]]
) -> None:
    start_again(world)
    model, desk = Model(), carried(world)
    for what, name, numbers, minutes in steps:
        if what.startswith("visit"):
            tell(world, model, name, numbers, timedelta(minutes=minutes), back=what != "visit")
        elif what == "look":
            desk.apply(since(world, desk.cursor))
        else:
            do(world, model, what, numbers, minutes)
    desk.apply(since(world, desk.cursor))
    check(world, model, desk)


def tell(world: World, model: Model, name: str, numbers: list[int], waited: timedelta, *, back: bool) -> None:
    """A desk tells of a visit an hour ago, and that it gave the notes back so much later."""
    seen, made = world.now - timedelta(hours=1), uuid4()
    visit = Redeem(made, [world.token(number) for number in numbers], None, seen, True, False)
    entries: list[journal.Entry] = [visit, Reverse(made, "wrong note", seen + waited)] if back else [visit]
    answers = journal.enter(world.store, desk=world.desk(name), entries=entries, now=world.now)
    accepted = model.tell(made, numbers)
    told = [answer["outcome"] for answer in answers if isinstance(answer, dict)]
    in_time = waited <= reversing.WINDOW
    assert told[0] == ("accepted" if accepted else "refused")
    if back:
        assert told[1] == ("reversed" if accepted and in_time else "refused")
    if back and in_time:
        model.give_back(made)
        model.conflicts.discard(made)


def do(world: World, model: Model, what: str, numbers: list[int], which: int) -> None:
    """What staff and the sequencer do meanwhile."""
    if what == "sequence":
        log.sequence(world.store, key=KEY, clock=lambda: world.now)
    elif what == "staff give back" and model.visits:
        made = sorted(model.visits)[which % len(model.visits)]
        reversing.reverse_by_staff(world.store, redemption_id=made, reason="oh", actor=ACTOR, now=world.now)
        model.give_back(made)
    elif what == "resolve" and model.conflicts:
        made = sorted(model.conflicts)[which % len(model.conflicts)]
        resolving.resolve_conflict(world.store, redemption_id=made, reason="found", actor=ACTOR, now=world.now)
        model.conflicts.discard(made)
    elif what == "stop":
        for number in set(numbers) - model.stopped:
            world.move(Kind.HOLD, f"CWL26 {number}", reason="lost")
            model.stopped.add(number)
    elif what == "go on":
        for number in model.stopped.intersection(numbers):
            world.move(Kind.RELEASE, f"CWL26 {number}", reason="found")
            model.stopped.discard(number)


def check(world: World, model: Model, desk: Carried) -> None:
    """The audit finds the open conflicts alone; a desk's changes come to what is spent; log and tallies agree."""
    found = {(finding.check, finding.concerns[0]) for finding in world.findings()}
    assert found == {("offline_conflict", str(made)) for made in model.conflicts}
    assert {serial.number for serial in desk.redeemed} == set(model.spent)
    assert desk.standing == carried(world).standing
    log.sequence(world.store, key=KEY, clock=lambda: world.now)
    assert log_audit.verify(world.store, key=KEY.public, now=world.now).findings == []


def start_again(world: World) -> None:
    """Examples share their books: what the one before left is given back, released and resolved."""
    for serial in carried(world).redeemed:
        made = UUID(enquiry.life_of(world.store, serial=str(serial)).redemptions[-1]["redemption"])
        reversing.reverse_by_staff(world.store, redemption_id=made, reason="oh", actor=ACTOR, now=world.now)
    for each in resolving.offline_conflicts(world.store):
        resolving.resolve_conflict(
            world.store, redemption_id=each.redemption_id, reason="found", actor=ACTOR, now=world.now
        )
    for number in range(11, 17):
        if world.state(number) == "held":
            world.move(Kind.RELEASE, f"CWL26 {number}", reason="found")
