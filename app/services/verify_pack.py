"""Verify an audit pack: python verify.py [checkpoint kept outside]. Needs Python 3.11 and the library cryptography.

It stands alone on purpose: whoever doubts the books need not trust the program that wrote them.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Fact = dict[str, Any]


def main(folder: Path, kept: list[str]) -> int:
    """Print what is wrong, one line each; gives 0 when nothing is."""
    facts = (folder / "facts.jsonl").read_bytes().splitlines()
    key = (folder / "key.txt").read_text("utf-8").strip()
    notes = list(split((folder / "checkpoints.txt").read_text("utf-8")))
    kept_notes = [note for path in kept for note in read_kept(Path(path))]
    wrong = [*checkpoints(facts, notes, kept_notes, key), *contents(facts)]
    good = f"{len(facts)} facts, {len(notes)} checkpoints, {len(kept)} kept outside: all agree."
    sys.stdout.write("\n".join(wrong or [good]) + "\n")
    return 1 if wrong else 0


def checkpoints(facts: list[bytes], notes: list[str], kept: list[str], key: str) -> Iterator[str]:
    """Each checkpoint must be signed, and have the root of the first so many facts (RFC 6962, 2.1); one in the pack, of all."""
    good = {size for size, _, fault in (checked(note, key) for note in notes) if not fault}
    if not facts or len(facts) not in good:
        yield f"The pack has no good checkpoint of all its {len(facts)} facts."
    roots: dict[int, set[bytes]] = {}
    for note in [*notes, *kept]:
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
        text, signature = note.split("\n\n")
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


def contents(facts: list[bytes]) -> Iterator[str]:
    """What the facts say must hold together."""
    read = []
    for count, fact in enumerate(facts, start=1):
        try:
            read.append(json.loads(fact))
            read[-1]["fact"], read[-1]["id"]
        except (ValueError, LookupError, TypeError):
            yield f"Line {count} is no fact."
            return
    yield from told_once(read)
    yield from spendings(read)
    yield from reversals(read)


def told_once(facts: list[Fact]) -> Iterator[str]:
    """No fact stands in the log twice."""
    seen: set[tuple[str, str]] = set()
    for fact in facts:
        name = (fact["fact"], fact["id"])
        if name in seen:
            yield f"The {fact['fact']} {fact['id']} is in the log twice."
        seen.add(name)


def spendings(facts: list[Fact]) -> Iterator[str]:
    """A note's first life is round 0; the next is spent in round n + 1 when a reversal of round n stands in the log."""
    spent: dict[tuple[str, int], str] = {}
    given_back = {life for fact in facts if fact["fact"] == "reversal" for life in lives(fact["notes"])}
    for fact in (fact for fact in facts if fact["fact"] == "redemption"):
        paid = fact["outcome"] == "accepted" and not fact["practice"]
        if len(fact["spent"]) != (fact["hours"] if paid else 0):
            yield f"The redemption {fact['id']} is of {fact['hours']} hours and spent {len(fact['spent'])} notes."
        for life in lives(fact["spent"]):
            if life in spent:
                yield f"{life[0]} was spent twice: in {spent[life]} and in {fact['id']}."
            spent[life] = fact["id"]
    for serial, turn in sorted(spent):
        if turn and (serial, turn - 1) not in given_back:
            yield f"{serial} was spent again in {spent[serial, turn]} without a reversal."


def reversals(facts: list[Fact]) -> Iterator[str]:
    """A reversal stands after its redemption, and gives back the notes that this spent."""
    spent: dict[str, list[tuple[str, int]]] = {}
    for fact in facts:
        if fact["fact"] == "redemption":
            spent[fact["id"]] = lives(fact["spent"])
        if fact["fact"] == "reversal" and (not fact["notes"] or spent.get(fact["id"]) != lives(fact["notes"])):
            yield f"The reversal {fact['id']} gives back other notes than were spent before it."


def lives(notes: list[Fact]) -> list[tuple[str, int]]:
    """The notes of a fact, each with its round, in order."""
    return sorted((note["serial"], note["round"]) for note in notes)


def read_kept(path: Path) -> list[str]:
    """The checkpoints of a file that was kept outside; one that has none gives what is no checkpoint."""
    return list(split(path.read_text("utf-8-sig", errors="replace"))) or [f"{path} is empty"]


def split(text: str) -> Iterator[str]:
    """The checkpoints of checkpoints.txt: three lines and a signature each, whatever is empty between."""
    lines = [line for line in text.splitlines() if line]
    for start in range(0, len(lines), 4):
        yield "\n".join([*lines[start : start + 3], "", *lines[start + 3 : start + 4]])


if __name__ == "__main__":
    sys.exit(main(Path(__file__).parent, sys.argv[1:]))
