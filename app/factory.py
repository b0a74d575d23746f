"""The application, built in one place from its settings."""

from datetime import timedelta
from hashlib import sha256

from flask import Flask
from flask_babel import Babel

from app.config import Settings
from app.services.books import open_books
from app.services.guessing import Guesses
from app.services.throttling import Throttle
from app.web import compression, languages, pages, requests, security
from app.web.account import account
from app.web.api import api
from app.web.desk import desk
from app.web.errors import handle_errors
from app.web.health import health
from app.web.log import log
from app.web.metrics import metrics
from app.web.office import office
from app.web.public import public
from app.web.shell import shell
from app.web.site import csrf, login

LARGEST_BODY_BYTES = 256 * 1024
BLUEPRINTS = (api, health, metrics, log, public, desk, shell, office, account)


def create_app(settings: Settings) -> Flask:
    """A WSGI application over the books that the settings name. Raises BadSettings when they cannot be served."""
    app = Flask("app", template_folder="web/templates", static_folder="web/static")
    app.config.update(
        SECRET_KEY=sha256(f"session:{settings.secret_key}".encode()).hexdigest(),
        MAX_CONTENT_LENGTH=LARGEST_BODY_BYTES,
        MAX_FORM_PARTS=50,
        SESSION_COOKIE_NAME="hournote_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        BABEL_TRANSLATION_DIRECTORIES="web/translations",
    )
    app.extensions["hournote_settings"] = settings
    app.extensions["hournote_books"] = store = open_books(settings.database_url)
    secret = sha256(f"throttle:{settings.secret_key}".encode()).digest()
    app.extensions["hournote_throttle"] = Throttle(store, secret)
    app.extensions["hournote_guesses"] = Guesses(store, secret)
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
