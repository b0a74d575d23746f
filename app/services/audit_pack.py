"""The audit pack: all facts in the order of the log, its checkpoints and its key, and a script that verifies them.

A stranger needs the pack, Python and the library `cryptography`, and nothing of ours. There is no token and no secret in it.
"""

import zipfile
from collections.abc import Iterator
from datetime import datetime
from importlib import resources
from typing import BinaryIO

from sqlalchemy import Connection

from app.core.checkpoint import CheckpointKey
from app.core.errors import Refused
from app.services import log as logs
from app.store import log
from app.store.database import Store

READ_ME = """Audit pack of the Hournote log {origin}
Made {at:%Y-%m-%d %H:%M} UTC, {size} facts.

facts.jsonl      every fact, one a line, in the order in which the log has them
checkpoints.txt  each signed checkpoint, smallest tree first
key.txt          the key they are signed with: compare it with the one that you were given otherwise
verify.py        python verify.py [a checkpoint that you kept yourself]

verify.py needs Python 3.11 and the library cryptography. It recomputes the tree of RFC 6962 over the facts, compares it
with every checkpoint, and checks that no note was spent twice. A checkpoint that you kept yourself is worth more than
all of those in here: whoever could rewrite the books could sign those anew.
"""


def write(store: Store, file: BinaryIO, *, key: CheckpointKey, now: datetime) -> int:
    """Write the pack of the newest checkpoint to `file`; gives its number of facts. Raises Refused.

    It is refused while the books do not agree with the log, because then there is nothing whole to pack.
    """
    return store.read(lambda connection: _write(connection, file, key, now))


def _write(connection: Connection, file: BinaryIO, key: CheckpointKey, now: datetime) -> int:
    logs.check_key(connection, key.public)
    signed = logs.signed_tree(connection, key.public)
    if signed is None:
        raise Refused("The log is empty as yet: there is nothing to pack.")
    script = resources.files("app.services").joinpath("verify_pack.py").read_bytes()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("README.txt", READ_ME.format(origin=key.public.origin, at=now, size=signed.size))
        pack.writestr("key.txt", f"{key.public}\n")
        pack.writestr("checkpoints.txt", "\n".join(log.all_checkpoints(connection)))
        pack.writestr("verify.py", script)
        with pack.open("facts.jsonl", "w", force_zip64=True) as facts:
            facts.writelines(_lines(connection))
    return signed.size


def _lines(connection: Connection) -> Iterator[bytes]:
    for block in log.leaves(connection):
        for _leaf, line in logs.as_logged(connection, block):
            yield line + b"\n"
