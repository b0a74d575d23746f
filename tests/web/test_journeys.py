"""Each of the people at the office, in a real browser and on both engines: in, to what is theirs, and to nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import cv2
import numpy as np
import pyotp
import pytest
import zxingcpp
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.factory import create_app
from app.services import accounts, books, second_factor
from tests import staff
from tests.conftest import ENGINES
from tests.postgres import Cluster
from tests.web.conftest import PASSWORD, World, needs_chromium, now, serving, settle

pytestmark = [
    needs_chromium,
    # A browser that leaves a page in the middle of a file lets werkzeug's test server forget to close it.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
_numbers = count(1)


@dataclass
class Town:
    """A served world on one engine; tests keep out of each other's notes and accounts."""

    address: str
    world: World
    app: Flask
    browser: Browser

    def person(self, *, scripts: bool = True, language: str = "en-GB") -> Page:
        """Somebody with a browser of their own."""
        context = self.browser.new_context(locale=language, java_script_enabled=scripts, service_workers="block")
        context.set_default_timeout(60_000)
        return context.new_page()

    def second_national(self) -> tuple[str, str]:
        """Another person of the national office: their address, and what their app shares."""
        store = self.app.extensions["hournote_books"]
        email = f"deputy{next(_numbers)}@example.org"
        made, _ = accounts.add_account(store, email=email, role="national", now=now(), password=PASSWORD)
        key = staff.sealing_key(self.world.settings.secret_key)
        return email, staff.set_up(store, made, key=key, now=now())[0]

    def enter(self, email: str, password: str = PASSWORD, secret: str | None = None, *, scripts: bool = True) -> Page:
        """Sign in, in two steps where the account has a second factor."""
        page = self.person(scripts=scripts)
        page.goto(f"{self.address}/account/sign-in")
        page.get_by_label("Email address").fill(email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        if secret:
            page.get_by_label("Code").fill(second_factor.code_at(secret, now()))
            page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/office")
        return page


@pytest.fixture(scope="module", params=ENGINES)
def town(
    request: pytest.FixtureRequest, made_world: World, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    world, cluster = _world(request, made_world, folder)
    app = create_app(world.settings)
    app.testing = False
    with serving(app) as address:
        app.extensions["hournote_settings"] = replace(world.settings, public_url=address)
        yield Town(address, world, app, browser)
    app.extensions["hournote_books"].close()
    if cluster:
        cluster.drop("town")


def _world(request: pytest.FixtureRequest, made: World, folder: Path) -> tuple[World, Cluster | None]:
    if request.param == "sqlite":
        (folder / "hournote.db").write_bytes((made.settings.instance / "hournote.db").read_bytes())
        url = f"sqlite:///{folder / 'hournote.db'}"
        return replace(made, settings=replace(made.settings, instance=folder, database_url=url)), None
    cluster: Cluster = request.getfixturevalue("cluster")
    world = World(replace(made.settings, instance=folder, database_url=cluster.create("town")))
    books.migrate_books(world.settings.database_url)
    store = books.open_books(world.settings.database_url)
    settle(store, world, folder)
    store.close()
    return world, cluster


SEES = {
    # role: what is on its first page, and where it may not go
    "programme": ("CWL26-001", "LAN26", ["/office/reinstate", "/office/look?q=LAN26 1", "/office/accounts/1"]),
    "auditor": ("LAN26-001", "CWL26-001", ["/office/hold", "/office/accounts/invite", "/office/look?q=CWL26 1"]),
    "press": ("CWL26-001", "LAN26", ["/office/look?q=CWL26 1", "/office/accounts", "/office/hold", "/office/requests"]),
    "keeper": ("CWL26 10-44", "CWL26 51-60", ["/office/look?q=CWL26 1", "/office/void", "/office/accounts"]),
    "venue": ("Front desk", "YMCA Cornwall", ["/office/look?q=CWL26 1", "/office/hold", "/office/requests"]),
}


@pytest.mark.parametrize("role", SEES)
def test_each_sees_its_own_and_not_another_s(town: Town, role: str) -> None:
    own, others, refused = SEES[role]
    page = town.enter(f"{role}@example.org", scripts=False)
    if role != "keeper":
        expect(page.locator("main")).to_contain_text(own)
        expect(page.locator("main")).not_to_contain_text(others)
    for path in refused:
        answer = page.goto(town.address + path)
        assert answer is not None
        assert answer.status in (403, 404), path
        expect(page.locator("main")).not_to_contain_text("national@example.org")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{town.address}/office")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.context.close()


def test_somebody_is_invited_sets_a_password_and_a_second_factor_and_works(town: Town) -> None:
    """The QR is read from the screen by a reader that did not draw it."""
    office = town.enter("programme@example.org")
    office.get_by_role("link", name="Accounts").click()
    office.get_by_role("link", name="Invite somebody").click()
    office.get_by_label("Email address").fill("new.keeper@example.org")
    office.get_by_label("Keeper of notes", exact=True).check()
    office.get_by_label("Organisation, for a keeper of notes").select_option("YMCA Cornwall")
    office.get_by_role("button", name="Invite").click()
    link = office.get_by_label("Link").input_value()
    new = town.person()
    new.goto(link)
    assert link.split("#")[1] not in new.url
    new.get_by_label("New password").fill("three words apart")
    new.get_by_label("The same again").fill("three words apart")
    new.get_by_role("button", name="Set password").click()
    new.wait_for_url("**/account/sign-in")
    keeper = town.enter("new.keeper@example.org", "three words apart")
    keeper.get_by_role("link", name="Your account").click()
    keeper.get_by_role("link", name="Set it up").click()
    secret = pyotp.parse_uri(_read(keeper)).secret
    assert keeper.locator("code.secret").inner_text().replace(" ", "") == secret
    keeper.get_by_label("Password").fill("three words apart")
    keeper.get_by_label("Code", exact=True).fill(second_factor.code_at(secret, now()))
    keeper.get_by_role("button", name="Turn it on").click()
    recovery = keeper.locator(".codes code").all_inner_texts()
    assert len(recovery) == 10
    keeper.get_by_role("link", name="I have kept them").click()
    expect(keeper.get_by_role("heading", level=1)).to_have_text("Our notes")
    again = town.person()
    again.goto(f"{town.address}/account/sign-in")
    again.get_by_label("Email address").fill("new.keeper@example.org")
    again.get_by_label("Password").fill("three words apart")
    again.keyboard.press("Enter")
    again.get_by_label("Code").fill(recovery[3].lower())
    again.keyboard.press("Enter")
    again.wait_for_url("**/office")
    for page in (office, new, keeper, again):
        page.context.close()


def _read(page: Page) -> str:
    picture = cv2.imdecode(np.frombuffer(page.locator(".qr").screenshot(), np.uint8), cv2.IMREAD_COLOR)
    (found,) = zxingcpp.read_barcodes(picture)
    return str(found.text)


def test_somebody_finds_a_swim_near_truro_and_then_what_the_office_adds_in_both_languages(town: Town) -> None:
    somebody, office = town.person(scripts=False), town.enter("programme@example.org", scripts=False)
    somebody.goto(town.address)
    somebody.get_by_role("link", name="Where to spend").first.click()
    somebody.get_by_label("Venue or activity").fill("swim")
    somebody.get_by_label("Near which town").fill("truro")
    somebody.get_by_role("button", name="Show").click()
    expect(somebody.locator("article").first).to_contain_text("16 km from Truro")
    somebody.get_by_role("group", name="Venues on the map").get_by_role(
        "link", name="Carn Brea Leisure Centre, Redruth"
    ).click()
    expect(somebody.get_by_role("heading", level=1)).to_have_text("Carn Brea Leisure Centre")
    office.get_by_role("link", name="Directory").click()
    office.get_by_role("link", name="Carn Brea Leisure Centre").click()
    office.get_by_role("link", name="Add an offer").click()
    office.get_by_label("Name", exact=True).fill("Water polo")
    office.get_by_label("Name in Welsh").fill("Polo dŵr")
    office.get_by_label("Price in hours").fill("2")
    office.get_by_label("Saturday").check()
    office.get_by_role("button", name="Add").click()
    expect(office.get_by_role("status")).to_have_text("Water polo is offered now.")
    somebody.reload()
    expect(somebody.locator(".offers")).to_contain_text("Water polo (Saturday)")
    somebody.get_by_role("link", name="Cymraeg").click()
    expect(somebody.locator(".offers")).to_contain_text("Polo dŵr (Dydd Sadwrn)")
    for page in (somebody, office):
        page.context.close()


def test_one_asks_and_another_confirms_without_scripts(town: Town) -> None:
    email, secret = town.second_national()
    other_email, other_secret = town.second_national()
    ann, bob = (
        town.enter(email, secret=secret, scripts=False)
        for email, secret in ((email, secret), (other_email, other_secret))
    )
    ann.get_by_role("link", name="Stop notes").click()
    ann.get_by_role("link", name="Reinstate").click()
    ann.get_by_label("Notes", exact=True).fill("CWL26 46")
    ann.get_by_label("found").check()
    ann.get_by_role("button", name="Reinstate").click()
    expect(ann.locator(".outcome")).to_contain_text("Waits for a second person")
    expect(ann.get_by_role("button", name="Confirm")).to_have_count(0)
    bob.goto(f"{town.address}/office")
    bob.get_by_role("link", name="To confirm").click()
    bob.get_by_role("link", name="Reinstate").first.click()
    bob.get_by_role("button", name="Confirm").click()
    expect(bob.locator(".outcome")).to_contain_text("Done, confirmed")
    ann.reload()
    expect(ann.locator("main")).to_contain_text(other_email)
    for page in (ann, bob):
        page.context.close()


def test_a_keeper_stops_a_lost_bundle_with_the_keyboard_alone(town: Town) -> None:
    page = town.enter("keeper@example.org")
    page.get_by_role("link", name="Stop notes").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/office/hold")
    page.locator("#q").focus()
    page.keyboard.type("CWL26 30-34")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # over the camera
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Left on the bus.")
    page.keyboard.press("Enter")
    page.wait_for_url("**/office/requests/*")
    expect(page.get_by_role("status")).to_contain_text("5 notes are on hold now.")
    page.context.close()
