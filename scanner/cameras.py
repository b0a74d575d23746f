"""The cameras of this computer, told apart by their names, and by where they are plugged in."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_CLASS = Path("/sys/class/video4linux")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Device:
    """A camera: its number now, its name, and `port`, where it is plugged in (`1-2:1.0`) and which of its streams it is; None where
    the system does not say."""

    number: int
    name: str
    port: tuple[str, int] | None = None


def devices() -> list[Device]:
    """Those that the kernel says are plugged in, by their numbers; none where the system has no such list."""
    found = _CLASS.glob("video*/name") if _CLASS.is_dir() else []
    return sorted(map(_device, found), key=lambda device: device.number)


def named(name: str) -> list[Device]:
    """Those whose name has these words in it, whatever their case."""
    wanted = name.casefold().strip()
    return [device for device in devices() if wanted and wanted in device.name.casefold()]


def cameras(found: Sequence[Device]) -> list[Device]:
    """One of each: a camera has more than one stream, the first of which is the picture."""
    seen: dict[object, Device] = {}
    for device in found:
        seen.setdefault(device.port[0] if device.port else device.number, device)
    return list(seen.values())


class Choice:
    """A camera that was chosen by its number or by a part of its name, and is found again under another number."""

    def __init__(self, chosen: str) -> None:
        self._chosen, self._is_number = chosen, chosen.isascii() and chosen.isdigit()
        self._mine: Device | None = None
        self._taken: Device | None = None
        self._others: set[str] = set()
        self._before: set[tuple[str, tuple[str, int] | None]] = set()
        self._choose()

    def number(self) -> int | None:
        """Its number now: where it was plugged in, else where one of its name is that was nowhere before; where none has its name and
        it was chosen by its number, the one that was plugged in instead. None: it is not here."""
        if self._mine is None:
            self._choose()
        if self._mine is None:
            return int(self._chosen) if self._is_number else None
        here = devices()
        alike = [device for device in here if device.name == self._mine.name]
        if not alike and self._is_number:
            return self._instead(here)
        there = [device for device in alike if device.port == self._mine.port]
        moved = [device for device in alike if device.port and device.port[0] not in self._others]
        return next((device.number for device in [*there, *moved]), None)

    def _instead(self, here: Sequence[Device]) -> int | None:
        """What was plugged in for a broken camera of another make: what has its number, else the only one that is new here."""
        new = [device for device in cameras(here) if (device.name, device.port) not in self._before]
        at_number = [device for device in new if device.number == int(self._chosen)]
        taken = next(iter(at_number or (new if len(new) == 1 else [])), None)
        if taken is None:
            return None
        if taken != self._taken:
            _LOG.warning("That camera is not here any more: %d (%s) was taken instead.", taken.number, taken.name)
        self._taken = taken
        return taken.number

    def _choose(self) -> None:
        if self._is_number:
            found = [device for device in devices() if device.number == int(self._chosen)]
        else:
            found = cameras(named(self._chosen))
        if not found:
            return
        mine, here = found[0], cameras(devices())
        self._mine, self._before = mine, {(device.name, device.port) for device in here}
        alike = [device for device in here if device.name == mine.name]
        self._others = {device.port[0] for device in alike if device.port} - {mine.port[0] if mine.port else ""}
        if max(len(alike), len(found)) > 1:
            _LOG.warning("%s", _taken(mine, max(len(alike), len(found))))


def _taken(device: Device, count: int) -> str:
    """Which of several was taken."""
    where = f" at {device.port[0]}" if device.port else ""
    again = (
        ""
        if device.port
        else " This computer does not tell them apart: it may be another one when it is plugged in again."
    )
    return f"{count} cameras have such a name: {device.number} ({device.name}{where}) was taken. Give the number of another.{again}"


def _device(path: Path) -> Device:
    folder = path.parent
    number, name = int(folder.name.removeprefix("video")), path.read_text(errors="replace").strip()
    try:
        port = ((folder / "device").resolve(strict=True).name, int((folder / "index").read_text()))
    except (OSError, ValueError):
        port = None
    return Device(number, name, port)
