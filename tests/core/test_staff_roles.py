"""Who may do what: every pair of a role and a deed, the allowed and the refused."""

import pytest

from app.core import roles
from app.core.roles import Deed, Role

ALL, OWN, OURS, HERE, SHOP, NO = "network", "programme", "organisation", "venue", "shop", None
TABLE = {
    # deed: national, programme, auditor, press, keeper, venue
    "look_up": (ALL, OWN, OWN, NO, NO, NO),
    "see_jobs": (ALL, OWN, OWN, SHOP, NO, NO),
    "see_bundles": (ALL, OWN, OWN, NO, OURS, NO),
    "see_visits": (ALL, OWN, OWN, NO, NO, HERE),
    "see_desks": (ALL, OWN, OWN, NO, NO, HERE),
    "keep_desks": (ALL, OWN, NO, NO, NO, HERE),
    "see_requests": (ALL, OWN, OWN, NO, NO, NO),
    "see_accounts": (ALL, OWN, OWN, NO, NO, NO),
    "see_directory": (ALL, OWN, OWN, NO, NO, HERE),
    "keep_directory": (ALL, OWN, NO, NO, NO, NO),
    "describe_venue": (ALL, OWN, NO, NO, NO, HERE),
    "give_back": (ALL, OWN, NO, NO, NO, NO),
    "hand_out": (ALL, OWN, NO, NO, OURS, NO),
    "see_impact": (ALL, OWN, OWN, NO, NO, NO),
    "keep_funders": (ALL, OWN, NO, NO, NO, NO),
    "hold": (ALL, OWN, NO, NO, OURS, NO),
    "release": (ALL, OWN, NO, NO, NO, NO),
    "void": (ALL, OWN, NO, NO, NO, NO),
    "reinstate": (ALL, NO, NO, NO, NO, NO),
    "retire": (ALL, OWN, NO, NO, NO, NO),
    "replace": (ALL, OWN, NO, NO, NO, NO),
    "redeem_counted": (ALL, OWN, NO, NO, NO, NO),
    "order": (ALL, NO, NO, NO, NO, NO),
    "invite": (ALL, OWN, NO, NO, NO, NO),
    "settle": (ALL, OWN, NO, NO, NO, NO),
    "reset_second_factor": (ALL, NO, NO, NO, NO, NO),
    "take_job": (NO, NO, NO, SHOP, NO, NO),
    "allow_job_again": (ALL, NO, NO, NO, NO, NO),
    "count_job": (ALL, NO, NO, SHOP, NO, NO),
    "keep_shops": (ALL, NO, NO, NO, NO, NO),
    "co_design": (ALL, OWN, NO, NO, NO, NO),
    "see_deliveries": (ALL, OWN, OWN, NO, NO, NO),
    "deliver": (ALL, OWN, NO, NO, NO, NO),
    "confirm_delivery": (ALL, NO, NO, NO, OURS, NO),
    "count_shelf": (ALL, OWN, NO, NO, OURS, NO),
}
PAIRS = [(role, deed, TABLE[deed][place]) for place, role in enumerate(Role) for deed in Deed]


@pytest.mark.parametrize(("role", "deed", "scope"), PAIRS, ids=[f"{role}-{deed}" for role, deed, _ in PAIRS])
def test_each_role_does_each_deed_as_far_as_the_table_says(role: Role, deed: Deed, scope: str | None) -> None:
    assert roles.scope(role, deed) == scope


def test_an_unknown_role_does_nothing() -> None:
    assert {roles.scope("king", deed) for deed in Deed} == {None}
    assert not roles.invites("king", "national")


@pytest.mark.parametrize(("by", "other"), [(by, other) for by in Role for other in Role])
def test_each_role_invites_whom_it_may(by: Role, other: Role) -> None:
    theirs: dict[str, set[str]] = {
        "national": set(map(str, Role)),
        "programme": {"auditor", "keeper", "venue"},
    }
    assert roles.invites(by, other) == (other in theirs.get(by, set()))


def test_an_auditor_changes_nothing() -> None:
    assert all(deed in ("look_up",) or deed.startswith("see_") for deed in roles.MAY[Role.AUDITOR])


def test_what_takes_two_people_is_never_somebody_s_who_needs_no_table() -> None:
    assert Deed.REINSTATE in roles.TWO_PEOPLE
    assert not [
        role
        for role in (Role.AUDITOR, Role.PRESS, Role.KEEPER, Role.VENUE)
        if roles.MAY[role].keys() & roles.TWO_PEOPLE
    ]
