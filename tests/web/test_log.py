"""The log's public face."""

from datetime import UTC, datetime

from flask.testing import FlaskClient

from app.core import checkpoint
from app.core.checkpoint import CheckpointKey
from app.services import books, log
from tests.web.conftest import World


def test_an_empty_log_says_so_in_plain_text(client: FlaskClient) -> None:
    answer = client.get("/log/checkpoint")
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")
    assert answer.text == "The log is empty as yet: there is no checkpoint.\n"


def test_anybody_can_keep_the_newest_checkpoint(client: FlaskClient, world: World) -> None:
    store = books.open_books(world.settings.database_url)
    log.sequence(store, key=CheckpointKey(bytes(32)), clock=lambda: datetime.now(UTC))
    store.close()
    key = checkpoint.parse_key(client.get("/log/key").text)
    answer = client.get("/log/checkpoint")
    assert answer.mimetype == "text/plain"
    assert checkpoint.verify(answer.text, key).size > 0
    assert answer.headers["Cache-Control"] == "public, max-age=5"
