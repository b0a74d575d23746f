"""Checkpoints: signed notes that a stranger can verify, and nothing else."""

import pytest

from app.core import checkpoint
from app.core.checkpoint import Checkpoint, CheckpointKey
from app.core.errors import BadInput

KEY = CheckpointKey(bytes(range(32)))
MADE = Checkpoint(KEY.public.origin, 42, bytes(32))
NOTE = KEY.sign(42, bytes(32))

KNOWN = f"""{KEY.public.origin}
42
AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

"""


def test_a_checkpoint_is_a_signed_note() -> None:
    assert NOTE.startswith(f"{KNOWN}— {KEY.public.origin} ")
    assert NOTE.endswith("\n")
    assert checkpoint.verify(NOTE, KEY.public) == MADE


def test_a_key_is_read_back_as_it_is_written() -> None:
    assert checkpoint.parse_key(f" {KEY.public}\n") == KEY.public


@pytest.mark.parametrize("text", ["", "a", "a+b+c", "notes+00000000+AQ==", str(KEY.public)[:-4], "x" + str(KEY.public)])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="not the key of a log"):
        checkpoint.parse_key(text)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("42", "43"), "signature of this checkpoint is not good"),
        (("AAAA", "BAAA"), "signature of this checkpoint is not good"),
        (("hournote/", "other/"), "of another log or key"),
        (("— hournote", "— other"), "of another log or key"),
        (("42\n", "042\n"), "not a checkpoint"),
        (("\n\n", "\n"), "not a checkpoint"),
        (("42\n", ""), "not a checkpoint"),
    ],
)
def test_a_changed_checkpoint_is_refused(change: tuple[str, str], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        checkpoint.verify(NOTE.replace(*change, 1), KEY.public)


def test_a_checkpoint_signed_with_another_key_is_refused() -> None:
    other = CheckpointKey(bytes(32))
    with pytest.raises(BadInput, match="of another log or key"):
        checkpoint.verify(other.sign(42, bytes(32)), KEY.public)
