"""What the service says of this desk: its venue, what is offered there, and what the desk may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core import opening_hours
from app.core.apart import Policy
from app.core.errors import BadInput
from app.core.opening_hours import OpeningHours
from app.core.visit import Offer as Terms
from app.core.wall_clock import LONDON

NO_LEAVE = Policy(0, 0)
"""Nothing may be accepted without the network."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An activity, its price for one person, when it is open, and its limits (None where there are none)."""

    id: int
    name: str
    hours: int
    opening: OpeningHours = opening_hours.ALWAYS
    most_notes: int | None = None
    local_only: bool = False

    def is_open(self, at: datetime) -> bool:
        """Whether it is open at a moment."""
        return self.opening.is_open_at(at.astimezone(LONDON))

    def terms(self, at: datetime) -> Terms:
        """On which terms it is taken then."""
        return Terms(self.hours, self.is_open(at), self.most_notes)


@dataclass(frozen=True, slots=True)
class About:
    """`venue_id` and `programme` are None before the service was ever heard; `keyed`: serials may be typed."""

    desk: str
    venue: str
    venue_id: int | None = None
    programme: str | None = None
    check_only: bool = False
    offers: tuple[Offer, ...] = ()
    policy: Policy = NO_LEAVE
    keyed: bool = False
    clear_seconds: int = 0

    def offer(self, offer_id: int | None) -> Offer | None:
        """The offer of an id."""
        return next((each for each in self.offers if each.id == offer_id), None)


def parse(raw: Mapping[str, Any]) -> About:
    """The answer of `GET /desk`. Raises BadInput when it is none."""
    try:
        venue, policy = raw["venue"], raw["policy"]
        return About(
            str(raw["desk"]), str(venue["name"]), int(venue["id"]), venue.get("programme"), raw.get("scope") == "check",
            tuple(map(_offer, raw["offers"])), Policy(int(policy["offline_notes"]), int(policy["offline_hours"])),
            bool(policy["keyed"]), int(policy["clear_seconds"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput("What the service says of this desk cannot be understood.") from error


def _offer(raw: Mapping[str, Any]) -> Offer:
    days = ",".join(raw["days"]) if raw.get("days") else None
    opening = opening_hours.parse(days, raw.get("from"), raw.get("until"))
    most = raw.get("most_notes")
    return Offer(
        int(raw["id"]), str(raw["name"]), int(raw["hours"]), opening, int(most) if most is not None else None,
        bool(raw.get("local_only")),
    )  # fmt: skip
