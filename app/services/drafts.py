"""Drafts: a job file under a temporary name, until its order is in the books.

A draft is locked by the process that writes it, so that one which an interruption left behind can be told from one at
work: the next order settles it. It gets its name when its order is in the books, and is removed when it is not.
"""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from app.core import job as jobs
from app.core.errors import BadInput, BadJob, Refused
from app.core.job import Job, JobFile
from app.core.reference import OrderId

SUFFIX = ".job.zip"
InBooks = Callable[[Job], bool]


class Draft:
    """The draft of one order's job file in the folder `out`. A context manager that leaves no draft behind."""

    def __init__(self, out: Path, order: OrderId, in_books: InBooks) -> None:
        self._out, self._in_books = out, in_books
        self._final = out / f"{order}{SUFFIX}"
        self._draft = out / f".{order}.{secrets.token_hex(4)}{SUFFIX}.part"
        self._file: BinaryIO | None = None

    def __enter__(self) -> "Draft":
        _make_folder(self._out)
        settle(self._out, self._in_books)
        if self._final.exists():
            raise Refused(f"There is a file {self._final} already: move it away, or name another folder.")
        return self

    def __exit__(self, *exc: object) -> None:
        if self._file is not None:
            self._file.close()
        if self._draft.exists():
            _settle(self._draft, self._in_books)

    def write(self, job: Job, signatures: Iterator[bytes], design: Mapping[str, bytes]) -> None:
        """Write the file, for its owner alone, and have it on the disk itself before anything is committed."""
        try:
            self._file = self._opened()
            jobs.write(self._file, job, signatures, design)
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise BadInput(
                f"The job file cannot be written to {self._out} ({error.strerror}): name another folder."
            ) from error

    def _opened(self) -> BinaryIO:
        """The new file, locked; another may have taken it for a leftover, and removed it, before it was."""
        while True:
            file = os.fdopen(os.open(self._draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(file.fileno()).st_nlink:
                return file
            file.close()

    def keep(self) -> Path:
        """Give the file its name, once its order is in the books."""
        _rename(self._draft, self._final)
        return self._final


def settle(out: Path, in_books: InBooks) -> None:
    """Finish what interruptions left in the folder `out`: each draft whose process is gone is named or removed."""
    for draft in sorted(out.glob(f".*{SUFFIX}.part")):
        with suppress(FileNotFoundError):  # its own process was faster
            _settle(draft, in_books)


def _settle(draft: Path, in_books: InBooks) -> None:
    """Name the draft or remove it, while it is locked here."""
    with draft.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # somebody is writing it
        job = _complete(file)
        if job is not None and in_books(job):
            _rename(draft, draft.with_name(f"{job.order}{SUFFIX}"))
        else:
            draft.unlink(missing_ok=True)


def _complete(file: BinaryIO) -> Job | None:
    try:
        with JobFile(file) as opened:
            return opened.job
    except BadJob:
        return None


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"The folder {out} cannot be made ({error.strerror}): name another.") from error


def _rename(draft: Path, final: Path) -> None:
    """Name the draft, over nothing: a file of other books may have come there meanwhile."""
    try:
        os.link(draft, final)
    except FileExistsError as error:
        raise Refused(
            f"The order is in the books and its job file is {draft}, because there is a {final} already: rename it."
        ) from error
    draft.unlink()
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
