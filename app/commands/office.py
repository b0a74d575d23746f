"""What every command needs: the settings, the books, who acts and when, and how an answer is shown."""

import getpass
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import uuid4

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app import config
from app.config import Settings
from app.core.plain import plain
from app.services.books import Store, open_books

LONGEST_ACTOR = 254
"""Of what the books keep of who did something."""

F = TypeVar("F", bound=Callable[..., Any])


class Office:
    """Opened lazily, so that `--help` and a wrong word need neither settings nor a database."""

    @cached_property
    def settings(self) -> Settings:
        """The checked settings."""
        return config.from_environment()

    @cached_property
    def books(self) -> Store:
        """The books, at this program's revision."""
        return open_books(self.settings.database_url)

    def close(self) -> None:
        """Close the books, where they were opened."""
        if "books" in vars(self):
            self.books.close()

    @property
    def actor(self) -> str:
        """A person at the command line is the owner of the database."""
        return f"cli:{_user()}"[:LONGEST_ACTOR]

    @property
    def now(self) -> datetime:
        """The present, in UTC."""
        return datetime.now(UTC)


def _user() -> str:
    """Who is at the command line: by name, or by number where the machine knows none, as in a container."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
    return "".join(each if each.isprintable() else "?" for each in name)


pass_office = click.make_pass_decorator(Office, ensure=True)


def json_option(command: F) -> F:
    """`--json`: the machine's answer on standard output instead of the person's."""
    return click.option("--json", "as_json", is_flag=True, help="Answer with JSON on standard output.")(command)


def request_option(command: F) -> F:
    """`--request`: the id of the deed, for one that may have to be asked again."""
    what = (
        "The id of this deed, a UUID: the same again changes nothing and gives the same answer. Made up when left out."
    )
    return click.option("--request", "request_id", type=click.UUID, default=uuid4, metavar="ID", help=what)(command)


def say(text: str) -> None:
    """A line for the person."""
    click.echo(text)


def warn(text: str) -> None:
    """A line beside the answer, on standard error."""
    click.echo(text, err=True)


def show_json(answer: object) -> None:
    """A machine's answer: values of the core as text, one document."""
    json.dump(plain(answer), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def show_table(columns: list[str], rows: list[list[object]]) -> None:
    """A person's table; numbers to the right, and no name taken for rich's markup."""
    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for column, values in zip(table.columns, zip(*rows, strict=True), strict=bool(rows)):
        column.justify = "right" if all(isinstance(value, int) for value in values) else "left"
    for row in rows:
        table.add_row(
            *[Text("" if value is None else f"{value:,}" if isinstance(value, int) else str(value)) for value in row]
        )
    Console().print(table)
