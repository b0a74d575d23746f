"""Every page with something on it, in both languages, large and small: no violation, no sideways scroll, no small target."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from app.services import second_factor
from tests.notegen.test_together import scene
from tests.web.conftest import PASSWORD, World, needs_chromium, now
from tests.web.looking import LARGE, SMALL, judge, prepare

pytestmark = [
    needs_chromium,
    # A browser that leaves a page in the middle of a file lets werkzeug's test server forget to close it.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

Visit = Callable[[Page, str, World], Iterator[str]]


def _enter(page: Page, served: str, world: World, role: str) -> None:
    page.goto(f"{served}/account/sign-in")
    page.locator("#email").fill(f"{role}@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    if role in world.factors:
        page.locator("#code").fill(world.factor_code(role))
        page.keyboard.press("Enter")
    page.wait_for_url("**/office")


def _open(page: Page, served: str, *paths: str) -> Iterator[str]:
    for path in paths:
        page.goto(f"{served}/{path}", wait_until="load")
        yield path[:60]


def _press(page: Page, seen: str) -> None:
    """Press the button of the form, and wait for what follows."""
    page.locator("main form:not(.look) button:not([type=button])").first.click()
    page.locator(seen).first.wait_for()


def _public(page: Page, served: str, world: World) -> Iterator[str]:
    good = world.token(20).split("EXAMPLE.ORG/")[1]
    yield from _open(
        page, served, "", "check", "where", good, "N/ABC", "desk", "desk/enrol", "account/sign-in", "account/password",
        "nowhere", "where?town=Truro", "where/1", "join", "privacy", "delivery",
        "training?show=held", "help/programme-office",
    )  # fmt: skip
    page.goto(f"{served}/account/sign-in")
    page.locator("#email").fill("nobody@example.org")
    page.locator("#password").fill("a wrong password")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    yield "sign-in refused"


def _landings(page: Page, served: str, world: World) -> Iterator[str]:
    for role in ("press", "keeper", "venue"):
        _enter(page, served, world, role)
        yield role
    yield from _open(page, served, "office/look?q=zzz")
    _enter(page, served, world, "keeper")
    page.goto(f"{served}/account/second-factor")
    yield "setting up"
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    page.locator("#password").fill(PASSWORD)
    page.locator("#code").fill(second_factor.code_at(secret, now()))
    page.keyboard.press("Enter")
    page.locator(".codes").wait_for()
    yield "recovery codes"


def _books(page: Page, served: str, world: World) -> Iterator[str]:
    """Looking up, and what the books come to."""
    page.goto(f"{served}/account/sign-in")
    page.locator("#email").fill("national@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/code**")
    yield "code"
    page.locator("#code").fill(world.factor_code("national"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/office")
    yield "national"
    looked = (world.serial(10), "CWL26-001", "CWL26 50-70", "zzz", "corn")
    yield from _open(page, served, *(f"office/look?q={each}" for each in looked))
    yield from _open(
        page, served, "office/series/CWL26", "office/series/CWL26?from=8&to=300&stretch=45-45", "office/organisation/1",
        "office/venue/1", "office/statements", "office/statements/organisation/1", "office/statements/programme/1",
        "office/statements/venue/1", "office/impact", "office/impact/waits", "office/impact/flows", "office/funders",
    )  # fmt: skip


def _stopping(page: Page, served: str, world: World) -> Iterator[str]:
    """What is stopped, asked for and confirmed; accounts, cases, the directory and print jobs."""
    yield from _open(
        page, served, "office/hold?q=CWL26 10-20", "office/reinstate", "office/accounts", "office/accounts/1",
        "office/accounts/invite", "office/requests", "office/cases", "office/desks", "office/venues/1/desks",
        "office/directory", "office/directory/1", "office/directory/new", "office/directory/contact",
        "office/directory/1/offers/new", "office/directory/offers/1", "office/jobs", "office/jobs/CWL26-001",
        "office/jobs/LAN26-001", "office/print-shops",
    )  # fmt: skip
    for kind, named, reason in (
        ("hold", "CWL26 10-20", "lost"),
        ("reinstate", "CWL26 46", "found"),
        ("void", "zzz", "lost"),
    ):
        page.goto(f"{served}/office/{kind}?q={named}")
        page.locator(f"input[value={reason}]").check()
        _press(page, "#problem" if named == "zzz" else ".outcome")
        yield f"{kind} done"
    yield from _open(page, served, "office/requests")
    page.goto(f"{served}/office/cases")
    page.locator("[aria-labelledby=waiting] a").first.click()
    page.locator("#neighbours").wait_for()
    yield "case"
    page.goto(f"{served}/office/accounts/invite")
    page.locator("#email").fill("new@example.org")
    page.locator("input[value=auditor]").check()
    page.locator("#programme").select_option("CWL")
    _press(page, "#link")
    yield "link"
    page.goto(f"{served}/account")
    page.locator("main details:not(.menu) summary").click()
    yield "account"
    page.set_viewport_size(SMALL)
    page.locator(".menu summary").click()
    yield "the menu, open"


def _deliveries(page: Page, served: str, world: World) -> Iterator[str]:
    """A delivery from stock to the count on a phone; what is handed out, counted and replaced."""
    _enter(page, served, world, "programme")
    yield from _open(page, served, "office/deliveries/new", "office/receive", "office/return")
    page.goto(f"{served}/office/receive/CWL26-001")
    page.locator("#q").fill("CWL26 6-7")
    _press(page, ".told")
    yield "receiving"
    page.goto(f"{served}/office/deliveries/new")
    page.locator("#organisation").select_option("1")
    page.locator("#labels").fill("CWL26 51-54\nCWL26 55-60")
    _press(page, ".pin")
    yield "a delivery's link and PIN"
    link, pin = page.locator("#link").input_value(), page.locator(".pin").inner_text().replace(" ", "")
    yield from _open(page, served, "office/deliveries")
    page.locator("td a, th a").first.click()
    page.locator("#bundles").wait_for()
    yield "a delivery on its way"
    delivery = page.url
    page.goto(f"{served}/delivery#{link.partition('#')[2]}")
    page.locator("#pin").fill(pin)
    _press(page, "fieldset.choice")
    yield "the count of a delivery"
    page.locator("input[value=missing]").first.check()
    _press(page, ".became")
    yield "a delivery confirmed"
    page.goto(delivery)
    yield "a delivery with notes on hold"


def _papers(page: Page, served: str, world: World) -> Iterator[str]:
    """What is handed out, counted, sorted and replaced."""
    page.goto(f"{served}/office/hand-out?organisation=1")
    page.locator("main input[type=text]").first.fill("3")
    page.locator("#activity").fill("Beach clean")
    page.locator("#people").fill("2")
    _press(page, "dl.facts")
    yield "handed out"
    yield from _open(
        page, served, "office/hand-out?organisation=1", "office/hand-out/recorded?organisation=1",
        "office/venue/1/log-sheet", "office/venue/1/counted", "office/replace?q=CWL26 30",
    )  # fmt: skip
    page.goto(f"{served}/office/venue/1/spent-paper")
    page.locator("#counted").fill("CWL26 10-14\nCWL26 9999")
    _press(page, "table")
    yield "spent paper, sorted"
    page.goto(f"{served}/office/shelf-counts?shelf=organisation-1")
    _press(page, "#counted")
    page.locator("#counted").fill("CWL26 10-30")
    page.keyboard.press("Enter")
    page.locator(".told").first.wait_for()
    yield "a shelf being counted"
    page.locator("form[action$=finish] button").click()
    page.locator("a[href$='.csv']").wait_for()
    yield "a shelf count"
    yield from _open(page, served, "office/shelf-counts")


def _together(page: Page, served: str, world: World) -> Iterator[str]:
    """A note made together: a draft with a picture, and a variant of it."""
    yield from _open(page, served, "office/together")
    page.locator("input[name=title]").fill("Porthleven")
    _press(page, ".variants")
    page.locator("input[type=file]").set_input_files(
        {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": scene(900, 600)}
    )
    page.locator("form:has(input[type=file]) button").click()
    page.locator(".shots").wait_for()
    yield "a draft with a picture"
    page.goto(f"{page.url.partition('?')[0]}/0")
    yield "a variant"


def _ordering(page: Page, served: str, world: World) -> Iterator[str]:
    """An order: chosen, checked, and waiting for the press."""
    wrong = "office/orders/check?programme=CWL&number=26&design=cornwall&bundle=50&replaces="
    yield from _open(page, served, "office/orders/new", wrong, f"{wrong}&quantity=120")
    page.locator("form.stacked button").click()
    page.locator(".outcome").wait_for()
    yield "an order"
    yield from _open(page, served, "office/orders")


def _anybody(page: Page, served: str, world: World) -> Iterator[str]:
    yield from _public(page, served, world)
    yield from _landings(page, served, world)


def _national(page: Page, served: str, world: World) -> Iterator[str]:
    for visit in (_books, _ordering, _stopping):
        yield from visit(page, served, world)


def _programme(page: Page, served: str, world: World) -> Iterator[str]:
    for visit in (_deliveries, _papers, _together):
        yield from visit(page, served, world)


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize(
    "visit",
    [_anybody, _national, _programme],
    ids=lambda visit: visit.__name__[1:],
)
def test_every_page_is_for_everybody(page: Page, served: str, world: World, visit: Visit, language: str) -> None:
    """English large and in light colours first, Welsh small and in dark ones."""
    page.emulate_media(color_scheme="light" if language == "en" else "dark", reduced_motion="reduce")
    prepare(page)
    page.goto(f"{served}/?lang={language}")
    sizes = (LARGE, SMALL) if language == "en" else (SMALL, LARGE)
    faults = []
    for name in visit(page, served, world):
        assert page.locator("html").get_attribute("lang") == language
        faults += judge(page, name, sizes)
    assert not faults, "\n".join(faults)
