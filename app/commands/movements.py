"""The movements of spans, and what is recorded beside them."""

from uuid import UUID

import click

from app.commands.office import Office, json_option, pass_office, request_option, say, show_json
from app.core.lifecycle import VOID_REASONS, Kind, State
from app.core.plain import plain
from app.services import accounts, balancing, custody, giving, handing_out, retiring, taking_back, wording
from app.services.custody import Moved


@click.command()
@click.argument("order")
@click.option("--spoiled", multiple=True, metavar="SPAN", help="Notes that came out wrong and were destroyed.")
@click.option("--missing", multiple=True, metavar="SPAN", help="Notes that cannot be found.")
@request_option
@json_option
@pass_office
def printed(
    office: Office, order: str, spoiled: tuple[str, ...], missing: tuple[str, ...], request_id: UUID, as_json: bool
) -> None:
    """Report ORDER printed: what is not spoiled or missing is good."""
    balance = balancing.balance_order(
        office.books,
        order=order,
        spoiled=spoiled,
        missing=missing,
        actor=office.actor,
        now=office.now,
        request_id=request_id,
    )
    if as_json:
        moved = [_answer(each) for each in balance.movements]
        show_json({"order": balance.order, "movements": moved, "good": balance.good,
                   "spoiled": balance.spoiled, "missing": balance.missing})  # fmt: skip
    else:
        say(f"{balance.order}: {balance.good:,} good, {balance.spoiled:,} spoiled, {balance.missing:,} missing.")


@click.command("hand-out")
@click.argument("span")
@click.option("--activity", required=True, help="What the hours were given for.")
@click.option("--hours", type=int, required=True, help="Hours given.")
@click.option("--people", type=int, required=True, help="How many people gave them; never their names.")
@click.option("--on", "given_on", metavar="DATE", help="The day on which they gave them, 2026-11-26; else today.")
@request_option
@json_option
@pass_office
def hand_out(
    office: Office, span: str, activity: str, hours: int, people: int, given_on: str | None, request_id: UUID, as_json: bool
) -> None:  # fmt: skip
    """Record that the organisation gave the notes of SPAN for an activity."""
    made = handing_out.hand_out(
        office.books, named=span, activity=activity, hours=hours, people=people,
        given_on=giving.read_day(given_on or ""), actor=office.actor, now=office.now, request_id=request_id,
    )  # fmt: skip
    if as_json:
        told = {
            "movement": made.id,
            "kind": "hand-out",
            "state": State.ISSUED,
            "notes": len(made.span),
            "passed_over": [],
        }
        show_json({**plain(made), **told})
    else:
        say(
            f"Hand-out {made.id}: {made.organisation} handed out {made.span} on {made.given_on} for {made.activity}: "
            f"{made.hours} hours, {made.people} people."
        )


@click.command("take-back")
@click.argument("hand_out", type=int)
@click.option("--reason", required=True, help="What was wrong with it.")
@json_option
@pass_office
def take_back(office: Office, hand_out: int, reason: str, as_json: bool) -> None:
    """Take back the hand-out of number HAND_OUT: what was written stays, and sums count it no more."""
    made = taking_back.take_back(
        office.books, hand_out=hand_out, reason=reason, actor=office.actor, now=office.now
    )  # fmt: skip
    if as_json:
        show_json(plain(made))
    else:
        say(
            f"The hand-out {made.hand_out} of {made.span} on {made.given_on} for {made.activity} counts no more: {made.reason}."
        )


@click.command()
@click.argument("span")
@click.option("--note", help="Where and by whom the paper was destroyed.")
@request_option
@json_option
@pass_office
def retire(office: Office, span: str, note: str | None, request_id: UUID, as_json: bool) -> None:
    """Retire the notes of SPAN: spent, counted, and their paper destroyed."""
    moved = retiring.retire_notes(
        office.books, named=span, note=note, actor=office.actor, now=office.now, request_id=request_id
    )
    _show(moved, as_json)


def _movement(
    kind: Kind, help_text: str, *, to: bool = False, reason: bool = False, confirmed: bool = False
) -> click.Command:
    """The command of one movement, with the options that its step in the life table asks for."""

    @request_option
    @json_option
    @pass_office
    def command(
        office: Office, span: str, request_id: UUID, as_json: bool, note: str | None = None, to: str | None = None,
        reason: str | None = None, confirmed_by: str | None = None,
    ) -> None:  # fmt: skip
        second = accounts.second_person(confirmed_by) if confirmed_by else None
        remark = wording.note(note, wording.LONGEST_REMARK)
        remark = wording.confirmed(remark, second) if second else remark
        moved = custody.move_span(
            office.books, kind=kind, named=span, organisation=to, reason=reason, note=remark,
            actor=office.actor, now=office.now, request_id=request_id,
        )  # fmt: skip
        _show(moved, as_json)

    options = [click.argument("span"), click.option("--note", help="Anything that should be remembered with it.")]
    if to:
        options.append(click.option("--to", required=True, metavar="ORG", help="The organisation, by name or id."))
    if reason:
        words = f" One of {', '.join(sorted(VOID_REASONS))}." if kind is Kind.VOID else ""
        options.append(click.option("--reason", required=True, metavar="WORD", help=f"Why.{words}"))
    if confirmed:
        options.append(click.option("--confirmed-by", required=True, metavar="EMAIL", help="The second person."))
    for option in reversed(options):
        command = option(command)
    return click.command(str(kind), help=help_text)(command)


receive = _movement(Kind.RECEIVE, "Receive the counted notes of SPAN from the print shop.")
dispatch = _movement(Kind.DISPATCH, "Send the notes of SPAN to an organisation.", to=True)
issue = _movement(Kind.ISSUE, "Issue the notes of SPAN to an organisation: from now on each is worth an hour.", to=True)
return_ = _movement(Kind.RETURN, "Take the unspent notes of SPAN back into stock.")
hold = _movement(Kind.HOLD, "Put the notes of SPAN on hold.", reason=True)
release = _movement(Kind.RELEASE, "Release the notes of SPAN from a hold: back to where they were.", reason=True)
void = _movement(Kind.VOID, "Void the notes of SPAN.", reason=True)
reinstate = _movement(
    Kind.REINSTATE, "Reinstate the void notes of SPAN: back to where they were.", reason=True, confirmed=True
)


def _answer(moved: Moved) -> dict[str, object]:
    return {
        "movement": moved.id,
        "kind": moved.kind,
        "span": moved.span,
        "state": moved.state,
        "notes": moved.notes,
        "already_redeemed": moved.already_redeemed,
        "passed_over": moved.passed_over,
    }


def _show(moved: Moved, as_json: bool) -> None:
    if as_json:
        show_json(_answer(moved))
        return
    spent = f"; {moved.already_redeemed:,} of them are spent" if moved.already_redeemed else ""
    say(f"{moved.span}: {moved.notes:,} notes are {moved.state} now{spent}.")
    for span in moved.passed_over:
        say(f"Passed over, because void: {span}.")
