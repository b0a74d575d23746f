"""What the books say: a note's life, a span, the audit and the cases."""

import sys
from datetime import date, datetime

import click

from app.commands.office import Office, json_option, pass_office, say, show_json, show_table
from app.core import wall_clock
from app.core.errors import BadInput, shown
from app.core.plain import plain
from app.services import auditing, enquiry, reporting
from app.services import cases as refused

MOST_CASES = 1_000_000


@click.command()
@click.argument("serial")
@json_option
@pass_office
def show(office: Office, serial: str, as_json: bool) -> None:
    """The whole life of the note SERIAL."""
    life = enquiry.life_of(office.books, serial=serial)
    if as_json:
        show_json(life)
        return
    why = f" ({life.reason})" if life.reason else ""
    say(f"{life.serial.printed} is {life.state}{why}" + (f", with {life.holder}." if life.holder else "."))
    rows: list[list[object]] = [
        *([m["at"][:16], m["kind"], m["organisation"] or m["reason"], m["actor"]] for m in life.movements),
        *([r["at"][:16], "redeemed", r["venue"], "reversed" if r["reversed_at"] else ""] for r in life.redemptions),
        *([s["at"][:16], f"scan: {s['verdict']}", s["venue"], s["desk"]] for s in life.scans),
    ]
    show_table(["when (UTC)", "what", "", "who"], sorted(rows, key=lambda row: str(row[0])))
    for spent in (each for each in life.redemptions if each["reversed_at"] is None):
        say(f"It was spent by the redemption {spent['redemption']}.")


@click.command("range")
@click.argument("span")
@json_option
@pass_office
def range_(office: Office, span: str, as_json: bool) -> None:
    """Who holds what of SPAN, with counts by state and gaps."""
    found = enquiry.range_of(office.books, named=span)
    if as_json:
        holdings = [{**plain(each.span), "state": each.state, "holder": each.holder, "reason": each.reason}
                    for each in found.holdings]  # fmt: skip
        show_json({"span": found.span, "counts": found.counts, "holdings": holdings, "gaps": found.gaps})
        return
    say(f"{found.span}: {len(found.span):,} notes.")
    show_table(["state", "notes"], [[state, notes] for state, notes in found.counts.items()])
    rows: list[list[object]] = [[each.span, each.state, each.holder, each.reason] for each in found.holdings]
    show_table(["span", "state", "with", "reason"], rows)
    for gap in found.gaps:
        say(f"Never ordered: {gap}.")


@click.command()
@json_option
@pass_office
def audit(office: Office, as_json: bool) -> None:
    """Check the whole books; exit code 1 when there is any finding."""
    findings = auditing.audit_books(office.books, now=office.now)
    if as_json:
        show_json({"findings": findings})
    elif findings:
        show_table(["check", "finding"], [[each.check, each.message] for each in findings])
    else:
        say("The books are in order: no finding.")
    sys.exit(1 if findings else 0)


@click.command()
@click.option("--keyed", is_flag=True, help="Serials that were typed by hand instead, accepted ones too.")
@click.option("--most", type=click.IntRange(1, MOST_CASES), default=200, show_default=True, help="How many at most.")
@click.option("--since", metavar="DATE", help="Those of this day, 2026-11-26 on the clock of the venues, and later.")
@json_option
@pass_office
def cases(office: Office, keyed: bool, most: int, since: str | None, as_json: bool) -> None:
    """Refused attempts at desks, the newest first, for a person to look at."""
    read, begin = refused.keyed if keyed else refused.attempts, _begin(since) if since is not None else None
    found = read(office.books, most=most + 1, since=begin)
    newest, cut = found[:most], len(found) > most
    if as_json:
        show_json({"cases": newest, "cut": cut})
        return
    rows: list[list[object]] = [
        [each.at.strftime("%Y-%m-%d %H:%M"), each.verdict, each.serial, each.venue, each.desk] for each in newest
    ]
    show_table(["when (UTC)", "verdict", "note", "venue", "desk"], rows)
    if cut:
        say(f"These are the newest {most:,}, and there are more: ask with --most N or --since DATE.")


def _begin(text: str) -> datetime:
    try:
        return wall_clock.begin_of(date.fromisoformat(text))
    except ValueError as error:
        raise BadInput(f"{shown(text)} is no date: write it like 2026-11-26.") from error


@click.command()
@click.option("--programme", metavar="CODE", help="Notes of this programme, and its venues, alone.")
@click.option("--month", metavar="MONTH", help="One month, 2026-11, on the clock of the venues.")
@json_option
@pass_office
def report(office: Office, programme: str | None, month: str | None, as_json: bool) -> None:
    """Hours spent, by month, venue and the organisation that the notes were issued to."""
    found = reporting.hours_spent(office.books, programme=programme, month=month)
    if as_json:
        show_json(found)
        return
    rows: list[list[object]] = [
        [each.month, each.venue, each.organisation, each.programme, each.redeemed, each.given_back, each.hours]
        for each in found.lines
    ]
    show_table(["month", "venue", "issued to", "notes of", "spent", "given back", "hours"], rows)
    say(f"{sum(each.hours for each in found.lines):,} hours.")
    if found.waiting:
        say(f"{found.waiting:,} facts wait for their place in the log and are not counted yet.")
