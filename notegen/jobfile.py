"""The job file at a path, opened and verified."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.core.errors import BadJob
from app.core.job import JobFile


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
