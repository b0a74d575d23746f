"""Who may do what, and with how much of the network: one table, which services and pages ask."""

from enum import StrEnum


class Role(StrEnum):
    """What an account is for."""

    NATIONAL = "national"
    PROGRAMME = "programme"
    AUDITOR = "auditor"
    PRESS = "press"
    KEEPER = "keeper"
    VENUE = "venue"


class Scope(StrEnum):
    """How far a right reaches: everything, or what belongs to the account's own programme, organisation or venue; *shop*: the
    jobs that name its print shop, or of an account without one those of its programme that name none."""

    NETWORK = "network"
    PROGRAMME = "programme"
    ORGANISATION = "organisation"
    VENUE = "venue"
    SHOP = "shop"


class Deed(StrEnum):
    """What somebody of staff can do in the browser."""

    LOOK_UP = "look_up"
    SEE_JOBS = "see_jobs"
    SEE_BUNDLES = "see_bundles"
    SEE_VISITS = "see_visits"
    SEE_DESKS = "see_desks"
    KEEP_DESKS = "keep_desks"
    SEE_REQUESTS = "see_requests"
    SEE_ACCOUNTS = "see_accounts"
    SEE_DIRECTORY = "see_directory"
    KEEP_DIRECTORY = "keep_directory"
    DESCRIBE_VENUE = "describe_venue"
    GIVE_BACK = "give_back"
    SETTLE = "settle"
    HAND_OUT = "hand_out"
    SEE_IMPACT = "see_impact"
    KEEP_FUNDERS = "keep_funders"
    HOLD = "hold"
    RELEASE = "release"
    VOID = "void"
    REINSTATE = "reinstate"
    RETIRE = "retire"
    REPLACE = "replace"
    REDEEM_COUNTED = "redeem_counted"
    ORDER = "order"
    INVITE = "invite"
    RESET_SECOND_FACTOR = "reset_second_factor"
    TAKE_JOB = "take_job"
    ALLOW_JOB_AGAIN = "allow_job_again"
    COUNT_JOB = "count_job"
    KEEP_SHOPS = "keep_shops"
    CO_DESIGN = "co_design"
    SEE_DELIVERIES = "see_deliveries"
    DELIVER = "deliver"
    CONFIRM_DELIVERY = "confirm_delivery"
    COUNT_SHELF = "count_shelf"


_READS = (
    Deed.LOOK_UP, Deed.SEE_JOBS, Deed.SEE_BUNDLES, Deed.SEE_VISITS, Deed.SEE_DESKS, Deed.SEE_REQUESTS, Deed.SEE_ACCOUNTS,
    Deed.SEE_DIRECTORY, Deed.SEE_IMPACT, Deed.SEE_DELIVERIES,
)  # fmt: skip
_PROGRAMME_DEEDS = (
    Deed.KEEP_DESKS, Deed.GIVE_BACK, Deed.SETTLE, Deed.HOLD, Deed.RELEASE, Deed.VOID, Deed.RETIRE, Deed.INVITE, Deed.KEEP_DIRECTORY, Deed.DESCRIBE_VENUE,
    Deed.HAND_OUT, Deed.KEEP_FUNDERS, Deed.CO_DESIGN, Deed.DELIVER, Deed.REPLACE, Deed.REDEEM_COUNTED, Deed.COUNT_SHELF,
)  # fmt: skip
_VENUE_DEEDS = (Deed.SEE_VISITS, Deed.SEE_DESKS, Deed.KEEP_DESKS, Deed.SEE_DIRECTORY, Deed.DESCRIBE_VENUE)

MAY: dict[Role, dict[Deed, Scope]] = {
    Role.NATIONAL: dict.fromkeys((deed for deed in Deed if deed is not Deed.TAKE_JOB), Scope.NETWORK),
    Role.PROGRAMME: dict.fromkeys((*_READS, *_PROGRAMME_DEEDS), Scope.PROGRAMME),
    Role.AUDITOR: dict.fromkeys(_READS, Scope.PROGRAMME),
    Role.PRESS: dict.fromkeys((Deed.SEE_JOBS, Deed.TAKE_JOB, Deed.COUNT_JOB), Scope.SHOP),
    Role.KEEPER: dict.fromkeys(
        (Deed.SEE_BUNDLES, Deed.HOLD, Deed.HAND_OUT, Deed.CONFIRM_DELIVERY, Deed.COUNT_SHELF), Scope.ORGANISATION
    ),
    Role.VENUE: dict.fromkeys(_VENUE_DEEDS, Scope.VENUE),
}
"""The whole of it: a deed that is not named for a role is not allowed to it. A job file is as good as the money, so the print
shop takes it and nobody else, those who order least of all. A keeper holds what its own organisation has,
because a bundle that is lost on a Saturday should not be worth anything until Monday."""

INVITES: dict[Role, frozenset[Role]] = {
    Role.NATIONAL: frozenset(Role),
    Role.PROGRAMME: frozenset({Role.AUDITOR, Role.KEEPER, Role.VENUE}),
}
"""Whose accounts a role makes, closes, reopens and gives links to: never its own peers', and never those above."""

NEEDS_SECOND_FACTOR = frozenset({Role.NATIONAL})
"""Roles that can do nothing before they have a second factor."""

TWO_PEOPLE = frozenset({Deed.ORDER, Deed.VOID, Deed.REPLACE, Deed.REINSTATE, Deed.RESET_SECOND_FACTOR, Deed.INVITE})
"""What one asks and another confirms; an order, a void and a replacement only above what the programme lets one person do alone, and an
invitation only to the national office: who could make a second person of that office alone would be two people."""


def scope(role: str, deed: Deed) -> Scope | None:
    """How far a role may do a deed; None: not at all, as for a role that is none."""
    return MAY[Role(role)].get(deed) if role in set(Role) else None


def invites(role: str, other: str) -> bool:
    """Whether a role may make and close accounts of another."""
    return role in set(Role) and other in INVITES.get(Role(role), frozenset())
