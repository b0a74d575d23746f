"""What happened to a note, as one list."""

from typing import Any

from app.services.enquiry import Life
from app.services.provenance import Provenance


def events(life: Life, origin: Provenance) -> list[dict[str, Any]]:
    """Movements, hand-out, scans, visits, gifts back and the end of the paper, the newest first.

    A visit and the scan of it have one time: the scan was first.
    """
    found: list[dict[str, Any]] = [{"what": "movement", **each} for each in life.movements]
    found += [{"what": "scan", **each} for each in life.scans]
    for each in life.redemptions:
        visit = origin.visits[each["redemption"]]
        found.append({"what": "redemption", **each, "visit": visit})
        if each["reversed_at"]:
            found.append({"what": "reversal", **each, "at": each["reversed_at"], "visit": visit})
    for what, fact in (("hand-out", origin.hand_out), ("retirement", origin.retirement)):
        if fact is not None:
            found.append({"what": what, "at": fact.at.isoformat(), "fact": fact})
    return sorted(found, key=lambda event: str(event["at"]), reverse=True)
