"""The demo world, and how to sign in to it."""

import os
import sys
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console

from app.commands.office import Office, pass_office, say
from app.config import Settings
from app.core.errors import NotFound
from app.services import demo as demos
from app.services import sealing


@click.command()
@click.option(
    "--code", "only_codes", is_flag=True, help="Only say the codes of the national office's second factors now."
)
@pass_office
def demo(office: Office, only_codes: bool) -> None:
    """Make the demo world where there are no books yet, and say how to sign in to it."""
    settings = office.settings
    folder = settings.instance / "demo"
    if only_codes:
        _show_codes(demos.access(folder, settings.database_url), office.now)
        return
    if not demos.exist(settings.database_url):
        with Console(stderr=True).status("Making the demo world"):
            demos.make(
                settings.database_url, folder, host=settings.note_host, designs=settings.designs, now=office.now,
                key=sealing.key_of(settings.secret_key),
            )  # fmt: skip
    access = demos.access(folder, settings.database_url)
    if access is None:
        say("There are books already, and they are no demo: nothing was added.")
        return
    _show_access(access, settings, folder)


def _show_access(access: demos.Access, settings: Settings, folder: Path) -> None:
    say(f"Sign in at {settings.public_url}/account/sign-in with the password {access.password} as")
    for email, role in access.accounts.items():
        say(f"  {email:36} {role}")
    if access.second_factors:
        say("The national office is asked for a code too. In another terminal, this shows it:")
        say(f"  {_short(Path(sys.executable).with_name('hournote'))} demo --code")
        say(
            f"Or use each code in {_short(folder)}/recovery-codes.txt once, or give an authenticator app these secrets:"
        )
        for email, secret in access.second_factors.items():
            say(f"  {email:36} {secret}")
    say(f"Make this browser a desk: {settings.public_url}/desk/enrol#{access.code}")
    say(f"Enrolled already, for a scanner or a program: {access.desk}, key {access.key}")
    say(f"Notes to try, a press PDF and a picture of a note: {_short(folder)}/")


def _show_codes(access: demos.Access | None, now: datetime) -> None:
    if access is None or not access.second_factors:
        raise NotFound("There is no demo world with second factors here: make one with `make run`.")
    for email, code in access.codes(now).items():
        say(f"{email:36} {code}")


def _short(path: Path) -> str:
    return os.path.relpath(path)
