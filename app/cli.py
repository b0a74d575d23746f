"""`hournote`: the office at the command line. Errors become one sentence and an exit code here, and nowhere else."""

import os
import signal
import sys
from collections.abc import Iterator, MutableMapping
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NoReturn

import click

from app.commands.office import Office
from app.core.errors import HournoteError, shown

STOPPED = 130
"""What shells give a command that was ended by Ctrl-C."""

_COMMANDS = {
    "system": "init migrate grant serve",
    "demo": "demo",
    "simulation": "simulate",
    "press": "press",
    "parties": "programme organisation venue offer series desk",
    "funders": "funder",
    "users": "user",
    "shops": "shop",
    "orders": "order",
    "movements": "printed receive dispatch issue return hold release void reinstate hand-out take-back retire",
    "enquiries": "show range audit cases report",
    "conflicts": "reverse conflicts resolve",
    "log": "checkpoint verify-log prove audit-pack",
    "backups": "backup restore reopen",
}
"""The modules of `app.commands`, and the commands that each has."""


class _Shelf(MutableMapping[str, click.Command]):
    """The commands by name. Each is loaded when it is asked for: what makes notes takes longer to load than most others run."""

    def __init__(self) -> None:
        self._modules = {name: module for module, names in _COMMANDS.items() for name in names.split()}
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._loaded:
            module = import_module(f"app.commands.{self._modules[name]}")
            has = (each for each in vars(module).values() if isinstance(each, click.Command) and each.name == name)
            self[name] = next(has)
        return self._loaded[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        _check_words(command)
        self._modules.setdefault(name, "")
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._modules[name]
        self._loaded.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


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


@click.group(
    cls=_Hournote,
    commands=_Shelf(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
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
