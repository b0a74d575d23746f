"""Progress on anything longer than a second, for a person at a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from notegen.ink import press


class Speed(ProgressColumn):
    """How many units are done in a second, over the last half minute."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        super().__init__()

    def render(self, task: Task) -> Text:
        """As words; nothing before there is anything to tell."""
        return Text(f"{task.speed:,.0f} {self._unit}/s" if task.speed else "")


@contextmanager
def bar(what: str, total: int, unit: str = "notes") -> Iterator[press.Progress]:
    """A bar on standard error that counts to `total`, its rate and the time left; nothing where nobody looks, as in a pipe."""
    console = Console(stderr=True)
    done, left = (MofNCompleteColumn(), TextColumn(unit)), (Speed(unit), TimeRemainingColumn(), TextColumn("left"))
    columns = (TextColumn(what), BarColumn(), *done, *left)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task(what, total=total)
        yield lambda done: shown.update(task, advance=done)
