"""The scanner's own folder: its enrolment, its keyring and its journal, readable by the owner alone."""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import platformdirs

from app.core.errors import BadSettings, NotAllowed
from app.core.verifying import Keyring
from scanner import keyrings

VARIABLE = "HOURNOTE_SCANNER_HOME"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Which desk this is: the origin of its server, its name and venue, and the key that it shows there."""

    server: str
    desk: str
    venue: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Home:
    """The folder, which is made when something is first kept in it."""

    folder: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Home":
        """The folder that HOURNOTE_SCANNER_HOME names, else the platform's place for a user's data."""
        named = environment.get(VARIABLE)
        return cls(Path(named) if named else platformdirs.user_data_path("hournote-scanner", appauthor=False))

    @property
    def journal(self) -> Path:
        """Where the journal is."""
        return self.folder / "journal.sqlite3"

    def is_enrolled(self) -> bool:
        """Whether this scanner was ever made a desk."""
        return (self.folder / "desk.json").exists()

    def enrolment(self) -> Enrolment:
        """Which desk this is. Raises NotAllowed when it was never enrolled, BadSettings when the file is damaged."""
        path = self.folder / "desk.json"
        if not self.is_enrolled():
            raise NotAllowed(
                "This scanner is not enrolled: run `scanner enrol` with the link from `hournote desk add`."
            )
        try:
            return Enrolment(**{name: str(value) for name, value in json.loads(path.read_bytes()).items()})
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise BadSettings(f"The enrolment in {path} is damaged: enrol this scanner again.") from error

    def keep_enrolment(self, enrolment: Enrolment) -> None:
        """Keep it in place of any earlier one. Raises BadSettings when the folder cannot be written."""
        self._keep("desk.json", asdict(enrolment))

    def keyring(self) -> Keyring:
        """The keyring of the last sync; an empty one before the first. Raises BadInput when the file is damaged."""
        path = self.folder / "snapshot.json"
        return keyrings.load(path) if path.exists() else Keyring([])

    def snapshot(self) -> dict[str, Any] | None:
        """What the service said of all notes at the last sync; None before the first, or where the file is damaged."""
        try:
            found = json.loads((self.folder / "snapshot.json").read_bytes())
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def keep_snapshot(self, snapshot: Mapping[str, object]) -> None:
        """Keep what the service said of all notes, after a look whether its keyring can be read. Raises BadInput."""
        keyrings.from_snapshot(snapshot)
        self._keep("snapshot.json", snapshot)

    def make(self) -> None:
        """Make the folder, for its owner alone. Raises BadSettings."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise BadSettings(f"The folder {self.folder} cannot be made: set {VARIABLE} to one that can.") from error

    def try_to_write(self) -> None:
        """Write something that is gone at once. Raises BadSettings when nothing could be kept here."""
        self._keep("try", {})
        (self.folder / "try").unlink(missing_ok=True)

    def _keep(self, name: str, content: Mapping[str, object]) -> None:
        """Under another name first, so that a power cut leaves the old file or the new one, never half of one."""
        self.make()
        try:
            # mkstemp gives a file that its owner alone can read, whatever the umask.
            number, temporary = tempfile.mkstemp(dir=self.folder, prefix=name)
            try:
                with os.fdopen(number, "w", encoding="utf-8") as file:
                    json.dump(content, file)
                    file.flush()
                    os.fsync(file.fileno())
                Path(temporary).replace(self.folder / name)
            finally:
                Path(temporary).unlink(missing_ok=True)  # there only when the disk was full
        except OSError as error:
            raise BadSettings(f"{self.folder / name} cannot be written: {error.strerror}.") from error
