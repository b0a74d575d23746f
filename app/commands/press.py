"""The press at the command line: it makes what was asked for in the browser."""

import click

from app import logs, pressing
from app.commands.office import Office, pass_office, say, warn
from app.config import Settings
from app.services.making import Outcome, Press, Stopped


@click.command()
@click.option("--watch", "watches", is_flag=True, help="Go on looking for orders, until SIGINT or SIGTERM.")
@pass_office
def press(office: Office, watches: bool) -> int:
    """Make the orders that were asked for in the browser; their job files come into `jobs/` in the instance folder."""
    settings = office.settings
    with pressing.stopped_by_signal() as stopped, pressing.at_work(settings, stopped) as found:
        _warn_of_the_host(settings)
        if watches:
            logs.set_up(settings.log)
            say("The press looks for orders - stop with Ctrl-C.")
            pressing.watch(found, tell)
            return 0
        return _once(found)


def _warn_of_the_host(settings: Settings) -> None:
    if settings.is_example_host:
        warn(
            f"The notes will name {settings.note_host}, which nobody owns: set HOURNOTE_NOTE_HOST before you order real ones."
        )


def _once(found: Press) -> int:
    """1 where an order cannot be made."""
    try:
        outcomes = []
        for outcome in pressing.make_waiting(found):
            tell(outcome)
            outcomes.append(outcome)
    except Stopped as error:
        raise click.Abort from error
    if not outcomes:
        say("No order waits.")
    return int(any(each.problem is not None for each in outcomes))


def tell(outcome: Outcome) -> None:
    """A line about an order."""
    wanted = outcome.asked.wanted
    if outcome.made is not None:
        order = outcome.made.order
        span = order.span
        say(f"{order.id}: {len(span):,} notes, {span.first_serial.printed} to {span.last_serial.printed}.")
    elif outcome.problem is not None:
        warn(f"{wanted.quantity:,} notes of {wanted.series} cannot be made. {outcome.problem}")
