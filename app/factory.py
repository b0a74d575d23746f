"""The application, built in one place from its settings."""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

from flask import Flask
from flask_babel import Babel

from app.config import Settings
from app.services import sealing, sessions
from app.services.books import open_books
from app.services.guessing import Guesses
from app.services.throttling import Throttle
from app.web import addresses, compression, languages, pages, requests, security
from app.web.account import account
from app.web.api import api
from app.web.asked import asked
from app.web.cases import cases
from app.web.counted import counted
from app.web.deliveries import deliveries
from app.web.desk import desk
from app.web.enrolling import enrolling
from app.web.errors import handle_errors
from app.web.funders import funders
from app.web.giving import giving
from app.web.health import health
from app.web.helping import helping
from app.web.impact import impact
from app.web.jobs import jobs
from app.web.joining import joining
from app.web.keeping import keeping
from app.web.listings import listings
from app.web.log import log
from app.web.metrics import metrics
from app.web.office import office
from app.web.ordering import ordering
from app.web.own import own
from app.web.places import places
from app.web.print_shops import print_shops
from app.web.public import public
from app.web.receipts import receipts
from app.web.receiving import receiving
from app.web.replacing import replacing
from app.web.serial_line import serial_line
from app.web.shelf import shelf
from app.web.shell import shell
from app.web.site import csrf, login
from app.web.spent_paper import spent_paper
from app.web.statements import of_books
from app.web.stopping import stopping
from app.web.together import together

LARGEST_BODY_BYTES = 256 * 1024
BLUEPRINTS = (
    api,
    health,
    metrics,
    log,
    public,
    joining,
    helping,
    desk,
    shell,
    office,
    enrolling,
    deliveries,
    receiving,
    receipts,
    keeping,
    listings,
    ordering,
    jobs,
    print_shops,
    serial_line,
    places,
    cases,
    of_books,
    shelf,
    spent_paper,
    stopping,
    replacing,
    counted,
    giving,
    funders,
    impact,
    together,
    asked,
    account,
    own,
)


def _clock() -> datetime:
    return datetime.now(UTC)


def create_app(settings: Settings, *, clock: Callable[[], datetime] = _clock) -> Flask:
    """A WSGI application over the books that the settings name; `clock` gives the present in UTC. Raises BadSettings when
    they cannot be served."""
    app = Flask("app", template_folder="web/templates", static_folder="web/static")
    app.config.update(
        SECRET_KEY=sha256(f"session:{settings.secret_key}".encode()).hexdigest(),
        MAX_CONTENT_LENGTH=LARGEST_BODY_BYTES,
        MAX_FORM_PARTS=50,
        SESSION_COOKIE_NAME="hournote_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=sessions.LONGEST,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        BABEL_TRANSLATION_DIRECTORIES="web/translations",
    )
    app.extensions["hournote_settings"], app.extensions["hournote_clock"] = settings, clock
    app.extensions["hournote_sealing_key"] = sealing.key_of(settings.secret_key)
    app.extensions["hournote_books"] = store = open_books(settings.database_url)
    secret = sha256(f"throttle:{settings.secret_key}".encode()).digest()
    app.extensions["hournote_throttle"] = Throttle(store, secret)
    app.extensions["hournote_guesses"] = Guesses(store, secret)
    addresses.bound(app)
    requests.attend(app)
    for extension in (csrf, login):
        extension.init_app(app)
    Babel(app, locale_selector=languages.choose)
    pages.furnish(app)
    compression.furnish(app)
    security.protect(app)
    handle_errors(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
