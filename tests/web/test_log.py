"""The log's public face."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from app.core import checkpoint, merkle
from app.core.checkpoint import CheckpointKey
from app.services import books, log
from tests.web.conftest import World


def test_an_empty_log_says_so_in_plain_text(client: FlaskClient) -> None:
    answer = client.get("/log/checkpoint")
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")
    assert answer.text == "The log is empty as yet: there is no checkpoint.\n"


def test_anybody_can_compare_two_checkpoints(client: FlaskClient, world: World) -> None:
    assert client.get("/log/consistency?old=1").status_code == 404, "an empty log proves nothing"
    store = books.open_books(world.settings.database_url)
    log.sequence(store, key=CheckpointKey(bytes(32)), clock=lambda: datetime.now(UTC))
    store.close()
    newest = checkpoint.verify(client.get("/log/checkpoint").text, checkpoint.parse_key(client.get("/log/key").text))
    answer = client.get("/log/consistency?old=3")
    told = answer.json
    assert told is not None
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/json", "public, max-age=5")
    assert (told["old"], told["new"], told["new_root"]) == (3, newest.size, newest.root.hex())
    path = [bytes.fromhex(each) for each in told["path"]]
    assert merkle.is_consistent(3, newest.size, bytes.fromhex(told["old_root"]), newest.root, path)
    assert client.get(f"/log/consistency?old=3&new={newest.size}").json == told


@pytest.mark.parametrize(
    "asked", ["", "old=", "new=3", "old=0", "old=-1", "old=x", "old=1.0", "old=3&new=2", "old=3&new=999999", "old=\u0663",
              f"old={'9' * 16}", f"old={'9' * 1000}", "old=3&new="],
)  # fmt: skip
def test_a_size_that_the_log_does_not_have_is_refused_in_a_sentence(
    client: FlaskClient, world: World, asked: str
) -> None:
    store = books.open_books(world.settings.database_url)
    log.sequence(store, key=CheckpointKey(bytes(32)), clock=lambda: datetime.now(UTC))
    store.close()
    answer = client.get(f"/log/consistency?{asked}")
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json is not None
    assert answer.json["detail"].endswith((".", "digits."))


def test_anybody_can_keep_the_newest_checkpoint(client: FlaskClient, world: World) -> None:
    store = books.open_books(world.settings.database_url)
    log.sequence(store, key=CheckpointKey(bytes(32)), clock=lambda: datetime.now(UTC))
    store.close()
    key = checkpoint.parse_key(client.get("/log/key").text)
    answer = client.get("/log/checkpoint")
    assert answer.mimetype == "text/plain"
    assert checkpoint.verify(answer.text, key).size > 0
    assert answer.headers["Cache-Control"] == "public, max-age=5"
