"""Refusals at the command line: one sentence on standard error and an exit code, in one place."""

import signal
import sys
import threading
from types import FrameType
from typing import Any, NoReturn

import click

from app.core.errors import HournoteError

STOPPED = 130
"""What shells give a command ended by Ctrl-C."""


class Refusals(click.Group):
    """A group whose refusals and usage errors are one plain sentence, never a traceback."""

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Run, and leave with 0 done, 1 fell short, 2 input was wrong."""
        kwargs["standalone_mode"] = False
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, _stop)
        try:
            sys.exit(super().main(*args, **kwargs) or 0)
        except HournoteError as error:
            self._leave(error.sentence, error.exit_code)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(2)
        except click.ClickException as error:
            self._leave(error.format_message(), 2)
        except (click.Abort, KeyboardInterrupt):
            self._leave("Stopped; nothing half-written was left.", STOPPED)
        except OSError as error:
            self._leave(f"{error.filename or 'The disk'}: {error.strerror or error}; name another place.", 2)

    def _leave(self, sentence: str, code: int) -> NoReturn:
        """Say why on one line, and leave."""
        click.echo(f"{self.name}: {' '.join(sentence.split())}", err=True)
        sys.exit(code)


def _stop(signum: int, frame: FrameType | None) -> None:
    """Ended from outside, it tidies up as it does after Ctrl-C."""
    raise KeyboardInterrupt
