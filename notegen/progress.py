"""Progress on anything longer than a second, for a person at a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from notegen.ink import press


@contextmanager
def bar(what: str, total: int, unit: str = "notes") -> Iterator[press.Progress]:
    """A bar on standard error that counts to `total`; nothing where nobody looks, as in a pipe."""
    console = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn(unit), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task(what, total=total)
        yield lambda done: shown.update(task, advance=done)
