"""The wording of a side: the lines of its slots that are alike on every note of a job."""

from datetime import date

from app.core.job import Job
from notegen.design import Design
from notegen.geometry.slot import Language, Slot, set_out

Line = tuple[Slot, str]
"""Words, and the slot that they stand in, no larger than they fit."""

MONTHS: dict[Language, tuple[str, ...]] = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "cy": (
        *("Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin"),
        *("Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"),
    ),
}


def lines(design: Design, job: Job) -> list[Line]:
    """What is printed on every note of `job` in the slots of `design`, in their order.

    A note that does not expire has no line that holds its last day. The host is in lower case, as people type it.
    """
    found: list[Line] = []
    for slot in design.slots.values():
        if "serial" not in slot.names and (job.expires_on or "date" not in slot.names):
            found += set_out(slot, slot.text.format(host=job.host.lower(), date=_last_day(job, slot)))
    return found


def day(moment: date, language: Language = "en") -> str:
    """A date as it stands on a note: `30 September 2029`, `30 Medi 2029`."""
    return f"{moment.day} {MONTHS[language][moment.month - 1]} {moment.year}"


def _last_day(job: Job, slot: Slot) -> str:
    return day(job.expires_on, slot.language) if job.expires_on else ""
