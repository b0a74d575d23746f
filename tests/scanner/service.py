"""A service for tests: a real HTTP server on a thread that plays the contract, and on demand plays tricks."""

import base64
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

from app.core import token as tokens
from tests.scanner.cards import Order

KEY, CODE = "desk-key-that-nobody-may-print", "one-time-code"
Trick = Callable[["Call"], bool]
"""Plays something instead of the answer; True when it has."""


class Service:
    """Orders and what was spent of them. `tricks` are played one a PUT, first to last; then it answers as it should."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.answers: dict[str, dict[str, Any]] = {}
        self.spent: set[str] = set()
        self.reversed: list[str] = []
        self.puts: list[tuple[str, dict[str, Any]]] = []
        self.batches: list[list[dict[str, Any]]] = []
        self.policy = {"offline_notes": 20, "offline_hours": 24, "keyed": False, "clear_seconds": 0}
        self.scope = "redeem"
        self.tricks: list[Trick] = []
        self.always: Trick | None = None
        self.url = ""
        self.enrolled = 0
        self.lock = threading.Lock()

    def redeem(self, visit: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        with self.lock:
            if visit in self.answers:
                return 200, self.answers[visit]
            verdicts = [(serial, self._verdict(text, serial)) for text in body["notes"] for serial in [_serial(text)]]
            good = all(verdict == "good" for _, verdict in verdicts)
            if good:
                self.spent |= {serial for serial, _ in verdicts}
            notes = [
                {"serial": serial, "verdict": "accepted" if good else verdict, "message": f"Said of {serial}.",
                 "first_redeemed_at": None, "first_venue": None}
                for serial, verdict in verdicts
            ]  # fmt: skip
            outcome, reason = ("accepted", None) if good else ("refused", "note_refused")
            self.answers[visit] = {
                "id": visit,
                "outcome": outcome,
                "reason": reason,
                "hours": len(notes),
                "notes": notes,
            }
            return 201, self.answers[visit]

    def enter(self, entry: dict[str, Any]) -> dict[str, Any]:
        """An entry of a journal: a visit, practice, or the giving back of one."""
        named = {"type": entry["type"], "id": entry["id"]}
        if entry["type"] == "reverse":
            was = self.answers.get(entry["id"])
            if was is None or was["outcome"] != "accepted" or was.get("practice"):
                return {**named, "outcome": "refused", "reason": "not_accepted"}
            with self.lock:
                self.spent -= {note["serial"] for note in was["notes"]}
                self.reversed.append(entry["id"])
            return {**named, "outcome": "reversed", "reason": None}
        if entry["practice"] and entry["id"] not in self.answers:
            self.answers[entry["id"]] = {"id": entry["id"], "outcome": "refused", "reason": None, "hours": 0, "notes": [], "practice": True}  # fmt: skip
        return {**named, **self.redeem(entry["id"], entry)[1]}

    def _verdict(self, text: str, serial: str) -> str:
        if "/" in text and self.order.keyring.examine(tokens.parse(text)) != "good":
            return "forged"
        return "already_redeemed" if serial in self.spent else "good"

    def snapshot(self) -> dict[str, Any]:
        span, key = self.order.span, base64.b64encode(self.order.key.public_key).decode()
        entry = {"first": str(span.first_serial), "last": str(span.last_serial), "public_key": key, "expires_on": None}
        issued = [{"first": entry["first"], "last": entry["last"]}]
        return {
            "cursor": "a.1.00000000",
            "keyring": [entry],
            "issued": issued,
            "blocked": [],
            "held": [],
            "redeemed": {},
        }


class Call(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service: Service

    def do_PUT(self) -> None:
        body = self._body()
        visit = self.path.rsplit("/", 1)[1]
        self.service.puts.append((visit, body))
        if not self._is_our_desk():
            return
        trick = self.service.tricks.pop(0) if self.service.tricks else self.service.always
        if trick and trick(self):
            return
        self.answer(*self.service.redeem(visit, body))

    def do_POST(self) -> None:
        body = self._body()
        if self.path.endswith("/desks/enrolments"):
            known = body.get("code") == CODE
            self.service.enrolled += known
            desk = {
                "desk": body.get("name"),
                "venue": {"id": 1, "name": "Leisure Centre", "kind": "community"},
                "key": KEY,
            }
            self.answer(200, desk) if known else self.answer(404, {"detail": "No such code."})
        elif not self._is_our_desk():
            return
        elif self.path.endswith("/batch"):
            self.service.batches.append(body["entries"])
            if not (self.service.always and self.service.always(self)):
                self.answer(200, {"answers": [self.service.enter(entry) for entry in body["entries"]]})
        else:
            self.answer(
                200, {"notes": [{"serial": _serial(t), "verdict": "good", "message": ""} for t in body["notes"]]}
            )

    def do_GET(self) -> None:
        if not self._is_our_desk() or (self.service.always and self.service.always(self)):
            return
        if "snapshot" in self.path:
            changes = {"cursor": "a.1.00000000", "redeemed": [], "given_back": []}
            self.answer(200, changes if "since" in self.path else self.service.snapshot())
            return
        venue = {"id": 1, "name": "Leisure Centre", "kind": "community", "programme": "CWL"}
        offer = {"id": 7, "name": "Swim", "hours": 1, "days": None, "from": None, "until": None, "most_notes": None, "local_only": False}  # fmt: skip
        about = {"desk": "Front desk", "scope": self.service.scope, "venue": venue, "offers": [offer], "policy": self.service.policy}  # fmt: skip
        self.answer(200, about)

    def answer(self, status: int, body: object, **headers: str) -> None:
        kind = "application/json" if status < 400 else "application/problem+json"
        said = {**body, "status": status} if status >= 400 and isinstance(body, dict) else body
        self.raw(status, json.dumps(said).encode(), **{"Content-Type": kind, **headers})

    def raw(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on standard error."""

    def _is_our_desk(self) -> bool:
        if self.headers.get("Authorization") == f"Bearer {KEY}":
            return True
        self.answer(401, {"detail": "Who is that?"})
        return False

    def _body(self) -> dict[str, Any]:
        found = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        assert isinstance(found, dict)
        return found


def status(code: int, **headers: str) -> Trick:
    """Answer with a status of its own."""

    def play(call: Call) -> bool:
        call.answer(code, {"detail": f"That is {code}."}, **headers)
        return True

    return play


def garbage(content: bytes, kind: str = "application/json") -> Trick:
    """Answer 200 with something else than an answer."""

    def play(call: Call) -> bool:
        call.raw(200, content, Content_Type=kind)
        return True

    return play


def dropped_after_commit(call: Call) -> bool:
    """Spend the notes, then lose the answer on its way."""
    visit, body = call.service.puts[-1]
    call.service.redeem(visit, body)
    call.close_connection = True
    return True


def trickle(call: Call) -> bool:
    """Begin to answer, a byte at a time, for longer than anybody waits."""
    call.send_response(200)
    call.send_header("Content-Length", "1000")
    call.end_headers()
    for _ in range(30):
        try:
            call.wfile.write(b" ")
            call.wfile.flush()
        except OSError:
            break
        time.sleep(0.1)
    call.close_connection = True
    return True


def head_trickles(heard: "Queue[bool]") -> Trick:
    """Answer a byte of the head at a time, each sooner than a read may take; `heard` gets whether anybody heard it out."""

    def play(call: Call) -> bool:
        call.close_connection = True
        call.send_response(200)
        call.flush_headers()
        try:
            for byte in b"X-Busy: " + b"." * 60 + b"\r\n\r\n":
                call.wfile.write(bytes([byte]))
                time.sleep(0.1)
        except OSError:
            heard.put(False)
        else:
            heard.put(True)
        return True

    return play


@contextmanager
def serving(order: Order, tls: ssl.SSLContext | None = None) -> Iterator[Service]:
    """A running service; its `url` has a free port of this computer."""
    service = Service(order)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OurCall", (Call,), {"service": service}))
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    service.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _serial(text: str) -> str:
    return str(tokens.parse(text).serial) if "/" in text else text
