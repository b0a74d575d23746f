"""The wording of a side: the lines of its slots that are alike on every note of a job."""

from datetime import date

from app.core.job import Job
from notegen.design import Design
from notegen.geometry.slot import Slot, set_out

Line = tuple[Slot, str]
"""Words, and the slot that they stand in, no larger than they fit."""

MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "cy": [
        "Ionawr",
        "Chwefror",
        "Mawrth",
        "Ebrill",
        "Mai",
        "Mehefin",
        "Gorffennaf",
        "Awst",
        "Medi",
        "Hydref",
        "Tachwedd",
        "Rhagfyr",
    ],
}
"""By language: Welsh and English write a date in the same order."""


def lines(design: Design, job: Job) -> list[Line]:
    """What is printed on every note of `job` in the slots of `design`, in their order.

    A note that does not expire has no line that holds its last day. The host is in lower case, as people type it.
    """
    found: list[Line] = []
    for slot in design.slots.values():
        if "serial" in slot.names or ("date" in slot.names and not job.expires_on):
            continue
        last = day(job.expires_on, slot.language) if job.expires_on else ""
        found += set_out(slot, slot.text.format(host=job.host.lower(), date=last))
    return found


def day(moment: date, language: str = "en") -> str:
    """A date as it stands on a note: `30 September 2029`, or in Welsh `30 Medi 2029`."""
    return f"{moment.day} {MONTHS[language][moment.month - 1]} {moment.year}"
