"""`hournote`: the office at the command line. Errors become one sentence and an exit code here, and nowhere else."""

import os
import signal
import sys
from io import TextIOWrapper

import click

from app.commands import enquiries, movements, parties, system
from app.commands.office import Office
from app.core.errors import HournoteError


class _Hournote(click.Group):
    """Turns our errors into one sentence on standard error."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except HournoteError as error:
            click.echo(f"hournote: {error.sentence}", err=True)
            ctx.exit(error.exit_code)


@click.group(cls=_Hournote, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="hournote")
@click.pass_context
def hournote(ctx: click.Context) -> None:
    """Time credits on paper: the office's side, over the database that HOURNOTE_DATABASE_URL names."""
    ctx.obj = Office()


_COMMANDS: list[click.Command] = [
    system.init, system.migrate, system.demo, system.serve,
    parties.programme, parties.organisation, parties.venue, parties.offer, parties.series, parties.user, parties.desk,
    movements.order, movements.printed, movements.receive, movements.dispatch, movements.issue, movements.return_,
    movements.hold, movements.release, movements.void, movements.reinstate, movements.hand_out, movements.retire,
    enquiries.show, enquiries.range_, enquiries.audit, enquiries.cases,
]  # fmt: skip
for _command in _COMMANDS:
    hournote.add_command(_command)


def main() -> None:
    """The console script."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that the terminal cannot show is no reason to fail
    hournote(prog_name="hournote")
    sys.exit(0)


if __name__ == "__main__":
    main()
