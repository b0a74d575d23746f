"""Keyrings out of what carries them: the service's snapshot, and a job file's `job.toml`."""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from app.core import job
from app.core import serial as serials
from app.core.errors import BadInput, HournoteError
from app.core.span import between
from app.core.verifying import PUBLIC_KEY_BYTES, Key, Keyring


def from_snapshot(snapshot: Mapping[str, object]) -> Keyring:
    """The keyring of a snapshot: `{"keyring": [{"first", "last", "public_key", "expires_on"}]}`. Raises BadInput."""
    entries = snapshot.get("keyring")
    if not isinstance(entries, list):
        raise BadInput("There is no keyring in this: it needs a list named `keyring`.")
    return Keyring(map(_key, entries))


def load(path: Path) -> Keyring:
    """The keyring in a file: a snapshot as JSON, or the `job.toml` of an order. Raises BadInput."""
    try:
        text = path.read_text("utf-8")
        if path.suffix.lower() == ".toml":
            return Keyring([job.from_toml(text)[0].key])
        found = json.loads(text)
        return from_snapshot(found if isinstance(found, dict) else {"keyring": found})
    except OSError as error:
        raise BadInput(f"The keyring {path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError, HournoteError) as error:
        raise BadInput(f"{path} is not a keyring: run `scanner sync`, or name a snapshot or a job.toml.") from error


def _key(entry: Any) -> Key:
    try:
        first, last = (serials.parse_canonical(entry[name]) for name in ("first", "last"))
        public_key = base64.b64decode(entry["public_key"], validate=True)
        expires_on = date.fromisoformat(entry["expires_on"]) if entry.get("expires_on") else None
    except (KeyError, TypeError, AttributeError, ValueError, binascii.Error) as error:
        raise BadInput("An entry of the keyring is damaged: fetch it again with `scanner sync`.") from error
    if len(public_key) != PUBLIC_KEY_BYTES:
        raise BadInput(f"The public key of {first} has {len(public_key)} bytes instead of {PUBLIC_KEY_BYTES}.")
    return Key(between(first, last), public_key, expires_on)
