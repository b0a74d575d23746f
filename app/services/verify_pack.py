"""Verify an audit pack: python verify.py [checkpoint kept outside]. Needs Python 3.11 and the library cryptography.

It stands alone on purpose: whoever doubts the books need not trust the program that wrote them.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def main(folder: Path, kept: list[str]) -> int:
    """Print what is wrong, one line each; gives 0 when nothing is."""
    facts = (folder / "facts.jsonl").read_bytes().splitlines()
    key = (folder / "key.txt").read_text("utf-8").strip()
    notes = list(split((folder / "checkpoints.txt").read_text("utf-8")))
    kept_notes = [Path(path).read_text("utf-8") for path in kept]
    wrong = [*checkpoints(facts, [*notes, *kept_notes], key), *spendings(facts)]
    good = f"{len(facts)} facts, {len(notes)} checkpoints, {len(kept)} kept outside: all agree."
    sys.stdout.write("\n".join(wrong or [good]) + "\n")
    return 1 if wrong else 0


def checkpoints(facts: list[bytes], notes: list[str], key: str) -> Iterator[str]:
    """Each checkpoint must be signed, and have the root of the first so many facts (RFC 6962, 2.1)."""
    roots: dict[int, set[bytes]] = {}
    for note in notes:
        size, root, fault = checked(note, key)
        if fault:
            yield fault
            continue
        roots.setdefault(size, set()).add(root)
    edge: list[bytes] = []
    for count, fact in enumerate(facts, start=1):
        append(edge, count - 1, hashlib.sha256(b"\x00" + fact).digest())
        if roots.pop(count, {top(edge)}) != {top(edge)}:
            yield f"The first {count} facts are not those of which a checkpoint was signed."
    for size in sorted(roots):
        yield f"A checkpoint was signed of {size} facts, and there are {len(facts)}."


def checked(note: str, key: str) -> tuple[int, bytes, str]:
    """The size and root of a signed note, or what is wrong with it."""
    name, _, encoded = key.split("+", 2)
    public = base64.b64decode(encoded)
    key_id = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
    try:
        text, signature = note.strip().split("\n\n")
        origin, size, root = text.split("\n")
        signed = base64.b64decode(signature.split(" ")[2])
        Ed25519PublicKey.from_public_bytes(public[1:]).verify(signed[4:], (text + "\n").encode())
        if origin != name or signed[:4] != key_id:
            raise ValueError
        return int(size), base64.b64decode(root), ""
    except (ValueError, IndexError, InvalidSignature):
        return 0, b"", f"This is no checkpoint of {name} with a good signature: {note.splitlines()[:2]}"


def append(edge: list[bytes], size: int, leaf: bytes) -> None:
    """Add a leaf to the right edge of a tree that has `size` leaves."""
    while size & 1:
        leaf, size = hashlib.sha256(b"\x01" + edge.pop() + leaf).digest(), size >> 1
    edge.append(leaf)


def top(edge: list[bytes]) -> bytes:
    """The root over an edge."""
    root = edge[-1]
    for left in reversed(edge[:-1]):
        root = hashlib.sha256(b"\x01" + left + root).digest()
    return root


def spendings(facts: list[bytes]) -> Iterator[str]:
    """A note's first life is round 0; the next is spent in round n + 1 when a reversal of round n stands in the log."""
    read = [json.loads(fact) for fact in facts]
    spent: dict[tuple[str, int], str] = {}
    given_back = {
        (note["serial"], note["round"]) for fact in read if fact["fact"] == "reversal" for note in fact["notes"]
    }
    for fact in (fact for fact in read if fact["fact"] == "redemption"):
        for note in fact["spent"]:
            life = (note["serial"], note["round"])
            if life in spent:
                yield f"{note['serial']} was spent twice: in {spent[life]} and in {fact['id']}."
            spent[life] = fact["id"]
    for serial, turn in sorted(spent):
        if turn and (serial, turn - 1) not in given_back:
            yield f"{serial} was spent again in {spent[serial, turn]} without a reversal."


def split(text: str) -> Iterator[str]:
    """The checkpoints of checkpoints.txt: three lines and a signature each, whatever is empty between."""
    lines = [line for line in text.split("\n") if line]
    for start in range(0, len(lines), 4):
        yield "\n".join([*lines[start : start + 3], "", *lines[start + 3 : start + 4]])


if __name__ == "__main__":
    sys.exit(main(Path(__file__).parent, sys.argv[1:]))
