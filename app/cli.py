"""`hournote`: the office at the command line. Errors become one sentence and an exit code here, and nowhere else."""

import os
import signal
import sys
from io import TextIOWrapper
from typing import Any, NoReturn

import click

from app.commands import (
    backups,
    conflicts,
    enquiries,
    funders,
    log,
    movements,
    parties,
    press,
    shops,
    simulation,
    system,
    users,
)
from app.commands.office import Office
from app.core.errors import HournoteError, shown

STOPPED = 130
"""What shells give a command that was ended by Ctrl-C."""


class _Hournote(click.Group):
    """Turns our errors, and words that click cannot use, into one sentence on standard error."""

    def main(self, *args: Any, **more: Any) -> NoReturn:
        """Run, and leave with 0 done, 1 fell short, 2 input was wrong."""
        try:
            sys.exit(super().main(*args, **{**more, "standalone_mode": False}) or 0)
        except HournoteError as error:
            _leave(error.sentence, error.exit_code)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(error.exit_code)
        except click.ClickException as error:
            _leave(error.format_message(), error.exit_code)
        except click.Abort:
            _leave("Stopped.", STOPPED)


def _leave(sentence: str, code: int) -> NoReturn:
    click.echo(f"hournote: {' '.join(sentence.split())}", err=True)
    sys.exit(code)


@click.group(cls=_Hournote, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="hournote")
@click.pass_context
def hournote(ctx: click.Context) -> None:
    """Time credits on paper: the office's side, over the database that HOURNOTE_DATABASE_URL names."""
    ctx.obj = Office()
    ctx.call_on_close(ctx.obj.close)


class _Word(click.types.StringParamType):
    """Text that can be shown and kept: not bytes that are no UTF-8, which the command line hands over as lone surrogates."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The text as it is. Fails where it cannot be printed."""
        if isinstance(value, str) and not " ".join(value.split()).isprintable():
            self.fail(f"{shown(value)} has letters that cannot be printed: type it again.", param, ctx)
        return super().convert(value, param, ctx)


def _check_words(command: click.Command) -> None:
    """Every text that a command takes is a word that can be printed, whatever the command makes of it."""
    for param in command.params:
        if param.type is click.STRING:
            param.type = _Word()
    for each in command.commands.values() if isinstance(command, click.Group) else ():
        _check_words(each)


_COMMANDS: list[click.Command] = [
    system.init, system.migrate, system.grant, system.demo, simulation.simulate, system.serve, press.press,
    parties.programme, parties.organisation, funders.funder, parties.venue, parties.offer, parties.series, users.user, parties.desk,
    shops.shop,
    movements.order, movements.printed, movements.receive, movements.dispatch, movements.issue, movements.return_,
    movements.hold, movements.release, movements.void, movements.reinstate, movements.hand_out, movements.take_back, movements.retire,
    enquiries.show, enquiries.range_, enquiries.audit, enquiries.cases, enquiries.report,
    conflicts.reverse, conflicts.conflicts, conflicts.resolve,
    log.checkpoint, log.verify_log, log.prove, log.audit_pack, backups.backup, backups.restore, backups.reopen,
]  # fmt: skip
for _command in _COMMANDS:
    hournote.add_command(_command)
_check_words(hournote)


def main() -> None:
    """The console script."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that the terminal cannot show is no reason to fail
    hournote(prog_name="hournote")


if __name__ == "__main__":
    main()
