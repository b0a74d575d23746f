"""The job file at a path, opened and verified; and the job of a folder that was composed from one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.core import job as jobs
from app.core.errors import BadInput, BadJob
from app.core.job import Job, JobFile


@contextmanager
def opened(path: Path) -> Iterator[JobFile]:
    """The open job file at `path`, every member compared with its digest.

    Raises BadJob when it is not there, damaged, or no job file.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise BadJob(f"The job file {path} cannot be opened ({error.strerror}): name one that is there.") from error
    with stream, JobFile(stream) as file:
        yield file


def composed(folder: Path) -> Job:
    """The job of a folder that compose wrote, from its job.toml. Raises BadInput."""
    try:
        text = (folder / jobs.TOML).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{folder} has no {jobs.TOML}: name the folder that compose wrote.") from error
    return jobs.from_toml(text)[0]
