"""Pages with the desk's scripts and nothing else: with the service behind them, and without."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.web.conftest import World
from tests.web.desk import watching
from tests.web.desk.at_the_desk import open_desk
from tests.web.desk.desks import Service, Till, enrol

WEB = Path(__file__).parents[3] / "app" / "web"
NOWHERE = "http://desk.invalid"
TYPES = {"js": "text/javascript", "css": "text/css"}


@pytest.fixture
def alone(page: Page, served: str) -> Page:
    """The page of `watching`, open."""
    watching.open_at(page, served)
    return page


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    """The page of `watching` without a service behind it, which is quicker to open."""

    def fulfil(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/":
            route.fulfill(body=watching.PAGE, content_type="text/html")
        else:
            route.fulfill(path=WEB / path.removeprefix("/"), content_type=TYPES.get(path.rpartition(".")[2]))

    page = browser.new_page()
    page.route("**/*", fulfil)
    page.goto(NOWHERE)
    yield page
    page.close()


@pytest.fixture
def service(app: Flask) -> Iterator[Service]:
    """The real service, to be stopped and started."""
    service = Service(app)
    service.start()
    yield service
    service.stop()


@pytest.fixture
def till(page: Page, context: BrowserContext, world: World, service: Service) -> Till:
    """The front desk, open and in sync."""
    enrol(context, service.address, world.key)
    return Till(page, world, service.address).open()


@pytest.fixture
def desk(page: Page, context: BrowserContext, world: World, served: str) -> Page:
    """The desk page of an enrolled browser."""
    return open_desk(page, context, world, served)
