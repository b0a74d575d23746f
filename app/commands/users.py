"""Accounts of staff, for whoever owns the database: two people are asked for in the browser alone."""

import sys

import click

from app.commands.office import Office, json_option, pass_office, say, show_json, show_table
from app.services import accounts, second_factor
from app.services.accounts import Account

MOST_PASSWORD_BYTES = 4096


@click.group()
def user() -> None:
    """Accounts of staff."""


@user.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice(accounts.ROLES), required=True)
@click.option("--programme", help="The programme it belongs to.")
@click.option("--organisation", help="For a keeper: the organisation.")
@click.option("--venue", help="For a venue manager: the venue.")
@click.option("--shop", help="For a print shop: the firm, whichever programmes it prints for.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@json_option
@pass_office
def add_user(
    office: Office, email: str, role: str, programme: str | None, organisation: str | None, venue: str | None,
    shop: str | None, password_stdin: bool, as_json: bool,
) -> None:  # fmt: skip
    """Add the account EMAIL; without a password, prints a one-time link to set one."""
    password = _password() if password_stdin else None
    made, secret = accounts.add_account(
        office.books, email=email, role=role, programme=programme, organisation=organisation, venue=venue,
        shop=shop, password=password, now=office.now, actor=office.actor,
    )  # fmt: skip
    link = _link(office, secret) if secret else None
    if as_json:
        show_json({"id": made.id, "name": made.email, "role": made.role, "link": link})
        return
    say(f"Account {made.email}, {made.role}.")
    if link:
        say(f"Good once, for {accounts.LINK_LIFE.days} days, to set a password: {link}")


@user.command("list")
@json_option
@pass_office
def list_users(office: Office, as_json: bool) -> None:
    """Every account, with what it is and whether it is closed."""
    known = accounts.all_accounts(office.books)
    if as_json:
        show_json(
            [{"id": each.id, "email": each.email, "role": each.role, "closed_at": each.closed_at} for each in known]
        )
        return
    rows: list[list[object]] = [
        [each.id, each.email, each.role, "closed" if each.closed_at else "" if each.password_hash else "invited"]
        for each in known
    ]
    show_table(["id", "account", "role", ""], rows)


@user.command("link")
@click.argument("email")
@json_option
@pass_office
def link_user(office: Office, email: str, as_json: bool) -> None:
    """Print a one-time link to set another password for EMAIL; any before it is good no longer."""
    found, secret = accounts.new_link(office.books, email=email, actor=office.actor, now=office.now)
    link = _link(office, secret)
    if as_json:
        show_json({"id": found.id, "name": found.email, "role": found.role, "link": link})
    else:
        say(f"Good once, for {accounts.LINK_LIFE.days} days, to set a password: {link}")


@user.command("close")
@click.argument("email")
@json_option
@pass_office
def close_user(office: Office, email: str, as_json: bool) -> None:
    """Let nobody sign in as EMAIL from now on, and end its sessions."""
    _told(accounts.close_account(office.books, email=email, actor=office.actor, now=office.now), "is closed", as_json)


@user.command("reopen")
@click.argument("email")
@json_option
@pass_office
def reopen_user(office: Office, email: str, as_json: bool) -> None:
    """Let EMAIL sign in again, with the password that it had."""
    _told(accounts.reopen_account(office.books, email=email, actor=office.actor, now=office.now), "is open", as_json)


@user.command("reset-second-factor")
@click.argument("email")
@json_option
@pass_office
def reset_user(office: Office, email: str, as_json: bool) -> None:
    """Take the second factor of EMAIL away, with its recovery codes, and end its sessions."""
    found = office.books.read(lambda connection: accounts.named(connection, email))
    second_factor.reset_account(office.books, account=found, actor=office.actor, now=office.now)
    _told(found, "has no second factor now", as_json)


def _link(office: Office, secret: str) -> str:
    return f"{office.settings.public_url}/account/password#{secret}"


def _told(found: Account, what: str, as_json: bool) -> None:
    if as_json:
        show_json({"id": found.id, "name": found.email, "role": found.role, "closed_at": found.closed_at})
    else:
        say(f"The account {found.email} {what}.")


def _password() -> str:
    try:
        return sys.stdin.buffer.readline(MOST_PASSWORD_BYTES).decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise click.UsageError("The password on standard input is not UTF-8 text.") from error
