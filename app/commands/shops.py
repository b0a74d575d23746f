"""Print shops."""

import click

from app.commands.office import Office, json_option, pass_office, say, show_json, show_table
from app.services import shops


@click.group()
def shop() -> None:
    """Print shops: each prints for any number of programmes."""


@shop.command("add")
@click.argument("name")
@json_option
@pass_office
def add_shop(office: Office, name: str, as_json: bool) -> None:
    """Add the print shop NAME."""
    made = shops.add_shop(office.books, name=name)
    if as_json:
        show_json({"id": made.id, "name": made.name})
    else:
        say(f"Print shop {made.id}, {made.name}.")


@shop.command("list")
@json_option
@pass_office
def list_shops(office: Office, as_json: bool) -> None:
    """Every print shop with its id."""
    known = shops.every(office.books)
    if as_json:
        show_json([{"id": each.id, "name": each.name} for each in known])
    else:
        show_table(["id", "print shop"], [[each.id, each.name] for each in known])
