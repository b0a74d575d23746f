"""Funders: who pays for programmes and organisations."""

import click

from app.commands.office import Office, json_option, pass_office, say, show_json, show_table
from app.services import funding


@click.group()
def funder() -> None:
    """Funders, which pay for programmes or for single organisations; reports can be cut by them."""


@funder.command("add")
@click.argument("name")
@click.option("--programme", metavar="CODE", help="The programme that it pays for.")
@click.option("--organisation", metavar="ORG", help="Or the one organisation, with its sites.")
@json_option
@pass_office
def add(office: Office, name: str, programme: str | None, organisation: str | None, as_json: bool) -> None:
    """Record that the funder NAME pays for a programme or an organisation."""
    made = funding.add_funding(
        office.books, funder=name, programme=programme, organisation=organisation, by=(office.actor, office.now)
    )
    if as_json:
        show_json(made)
    else:
        say(f"{made.name} funds {made.organisation or made.programme} (number {made.id}).")


@funder.command("list")
@json_option
@pass_office
def every(office: Office, as_json: bool) -> None:
    """Every funder with what it pays for."""
    known = funding.fundings(office.books)
    if as_json:
        show_json(known)
    else:
        show_table(
            ["number", "funder", "programme", "organisation"],
            [[each.id, each.name, each.programme, each.organisation or "all"] for each in known],
        )


@funder.command("end")
@click.argument("number", type=int)
@json_option
@pass_office
def end(office: Office, number: int, as_json: bool) -> None:
    """End what the funding of that NUMBER says, as `hournote funder list` shows it."""
    gone = funding.end_funding(office.books, funding_id=number, by=(office.actor, office.now))
    if as_json:
        show_json(gone)
    else:
        say(f"{gone.name} funds {gone.organisation or gone.programme} no more.")
