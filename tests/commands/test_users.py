"""Accounts at the command line, whose person owns the database."""

from app.services import accounts
from tests import staff
from tests.commands.conftest import Office
from tests.world import World

EMAIL = "office@cornwall.example"


def test_an_account_is_kept_at_the_command_line(office: Office, settled: World) -> None:
    made = office.json("user", "add", EMAIL, "--role", "programme", "--programme", "CWL")
    first, second = made["link"], office.json("user", "link", EMAIL)["link"]
    assert first != second
    assert second.startswith("https://notes.example.org/account/password#")
    assert "Good once, for 3 days" in office.run("user", "link", EMAIL)
    (listed,) = office.json("user", "list")
    assert (listed["email"], listed["role"], listed["closed_at"]) == (EMAIL, "programme", None)
    assert "invited" in office.run("user", "list")
    assert "is closed" in office.run("user", "close", EMAIL)
    assert office.refuses("user", "link", EMAIL) == f"hournote: The account {EMAIL} is closed: reopen it first."
    assert "is open" in office.run("user", "reopen", EMAIL)
    assert office.json("user", "close", EMAIL)["closed_at"]
    for command in ("link", "close", "reopen", "reset-second-factor"):
        assert "There is no account 'nobody@b.example'" in office.refuses("user", command, "nobody@b.example")


def test_a_second_factor_is_reset_at_the_command_line(office: Office, settled: World) -> None:
    account, _ = accounts.add_account(settled.store, email=EMAIL, role="national", now=settled.now)
    staff.set_up(settled.store, account, key=bytes(32), now=settled.now)
    for _again in range(2):
        assert "has no second factor now" in office.run("user", "reset-second-factor", EMAIL)


def test_what_one_person_may_do_alone_is_set_for_a_programme(office: Office, settled: World) -> None:
    assert office.json("programme", "limits", "CWL")["void_alone"] == 200
    changed = office.json("programme", "limits", "cwl", "--void-alone", 0, "--order-alone", 20000)
    assert (changed["code"], changed["void_alone"], changed["order_alone"]) == ("CWL", 0, 20000)
    assert "20,000" in office.run("programme", "limits", "CWL")
    assert office.json("programme", "limits", "LAN")["order_alone"] == 5000
    assert "0 to 9,999,999" in office.refuses("programme", "limits", "CWL", "--void-alone", -1)
    assert "There is no programme XYZ" in office.refuses("programme", "limits", "XYZ")
