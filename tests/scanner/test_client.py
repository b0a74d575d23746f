"""The contract as a desk uses it, against a real server that plays tricks."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import datetime
from queue import Queue
from typing import Any

import httpcore
import pytest

from app.core.errors import BadInput, NotAllowed, TooOften, Unavailable
from scanner.about import parse
from scanner.client import Client, enrol, is_private, parted
from scanner.home import Enrolment
from scanner.names import Dialling
from scanner.wire import Deaf
from tests.scanner.cards import Order
from tests.scanner.service import (
    CODE,
    KEY,
    Call,
    Service,
    Trick,
    dropped_after_commit,
    garbage,
    head_trickles,
    status,
    trickle,
)
from tests.scanner.visits import visit_of

SERIAL = "CWL260000001K"


@pytest.fixture
def client(service: Service) -> Iterator[Client]:
    client = client_of(service.url)
    yield client
    client.close()


def client_of(url: str, key: str = KEY) -> Client:
    return Client(Enrolment(url, "Front desk", "Leisure Centre", key), most_seconds=1.5)


def test_a_note_is_spent_once(client: Client, service: Service, order: Order) -> None:
    first, second = visit_of(order.token(1)), visit_of(order.token(1))
    answers = [client.redeem(visit.id, visit.body, visit.serials) for visit in (first, first, second)]
    assert [answer.outcome for answer in answers] == ["accepted", "accepted", "refused"]
    assert [answer.notes[0].verdict for answer in answers] == ["accepted", "accepted", "already_redeemed"]
    assert answers[0] == answers[1]


def test_the_same_id_after_a_lost_answer_gets_the_first_answer(client: Client, service: Service, order: Order) -> None:
    visit = visit_of(order.token(1))
    service.tricks = [dropped_after_commit]
    with pytest.raises(Unavailable):
        client.redeem(visit.id, visit.body, visit.serials)
    assert client.redeem(visit.id, visit.body, visit.serials).outcome == "accepted"


def forbidden(call: Call) -> bool:
    """A hotel's network before somebody signed in to it; it knows nothing of desks."""
    call.raw(403, b"<html>Sign in to the hotel</html>", Content_Type="text/html")
    return True


def foreign(code: int, kind: str = "application/json", said: int | None = None) -> Trick:
    """JSON of somebody else on the way: a proxy, or a network before somebody signed in to it."""

    def play(call: Call) -> bool:
        call.raw(code, json.dumps({"detail": "Sign in.", "status": said or code}).encode(), Content_Type=kind)
        return True

    return play


LATER: dict[str, Trick] = {
    "500": status(500),
    "503": status(503),
    "409 for now": status(409, Retry_After="1"),
    "a redirect": status(302, Location="http://127.0.0.1:9/elsewhere"),
    "nothing": garbage(b""),
    "a page": garbage(b"<html>Sign in to the hotel</html>", "text/html"),
    "a page that forbids": forbidden,
    "JSON that forbids": foreign(403),
    "JSON that knows nobody": foreign(401),
    "JSON that finds nothing": foreign(404),
    "a problem of another status": foreign(404, "application/problem+json", 502),
    "a list": garbage(b"[]"),
    "no JSON": garbage(b"{"),
    "deep JSON": garbage(b"[" * 200_000),
    "another object": garbage(b'{"ok": true}'),
    "another visit": garbage(b'{"id": "x", "outcome": "accepted", "reason": null, "hours": 1, "notes": []}'),
    "a trickle": trickle,
}


@pytest.mark.parametrize("name", LATER)
def test_what_is_no_answer_is_asked_again(client: Client, service: Service, order: Order, name: str) -> None:
    visit = visit_of(order.token(1))
    service.tricks = [LATER[name]]
    with pytest.raises(Unavailable):
        client.redeem(visit.id, visit.body, visit.serials)
    assert client.redeem(visit.id, visit.body, visit.serials).outcome == "accepted"


def test_a_head_that_trickles_in_is_not_heard_out(client: Client, service: Service, order: Order) -> None:
    heard, visit = Queue[bool](), visit_of(order.token(1))
    service.tricks = [head_trickles(heard)]
    with pytest.raises(Unavailable):
        client.redeem(visit.id, visit.body, visit.serials)
    assert not heard.get(timeout=60)
    assert client.redeem(visit.id, visit.body, visit.serials).outcome == "accepted"


def _answer(**other: object) -> dict[str, object]:
    note = {"serial": SERIAL, "verdict": other.pop("verdict", "accepted"), "message": ""}
    return {"outcome": "accepted", "reason": None, "hours": 1, "notes": [note], **other}


CONTRADICTIONS: dict[str, dict[str, object]] = {
    "accepted, yet its note is not": _answer(verdict="void"),
    "refused, yet its note is accepted": _answer(outcome="refused"),
    "about another note": _answer(notes=[{"serial": "CWL260000002I", "verdict": "accepted", "message": ""}]),
    "about no note": _answer(notes=[]),
    "of an unknown outcome": _answer(outcome="perhaps"),
    "without verdicts": _answer(verdict=""),
    "with a number for a note": _answer(notes=[1]),
    "with a number for the notes": _answer(notes=1),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_an_answer_that_contradicts_itself_accepts_nothing(
    client: Client, service: Service, order: Order, name: str
) -> None:
    visit = visit_of(order.token(1))
    answer = {"id": visit.id, **CONTRADICTIONS[name]}

    def play(call: object) -> bool:
        call.answer(200, answer)  # type: ignore[attr-defined]
        return True

    service.tricks = [play]
    with pytest.raises(Unavailable):
        client.redeem(visit.id, visit.body, visit.serials)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("soon", None), ("999999", 300.0)])
def test_the_service_may_ask_for_a_pause(
    client: Client, service: Service, order: Order, header: str, seconds: float | None
) -> None:
    visit = visit_of(order.token(1))
    service.tricks = [status(503, Retry_After=header)]
    with pytest.raises(Unavailable) as later:
        client.redeem(visit.id, visit.body, visit.serials)
    assert later.value.evidence["retry_after_seconds"] == seconds


@pytest.mark.parametrize("code", [400, 404, 409, 413, 422])
def test_a_call_that_is_itself_wrong_is_final(client: Client, service: Service, order: Order, code: int) -> None:
    visit = visit_of(order.token(1))
    service.tricks = [status(code)]
    with pytest.raises(Exception, match=f"HTTP {code}") as final:
        client.redeem(visit.id, visit.body, visit.serials)
    assert not isinstance(final.value, Unavailable)


def test_a_revoked_desk_is_told_to_enrol_again(service: Service, order: Order) -> None:
    revoked, visit = client_of(service.url, "old key"), visit_of(order.token(1))
    with pytest.raises(NotAllowed, match="Enrol again"):
        revoked.redeem(visit.id, visit.body, visit.serials)
    revoked.close()
    assert service.spent == set()


def test_where_nobody_answers_the_sentence_names_the_place(order: Order) -> None:
    client, visit = client_of("http://127.0.0.1:9"), visit_of(order.token(1))
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:9"):
        client.redeem(visit.id, visit.body, visit.serials)
    client.close()


def test_a_name_that_nobody_answers_for_holds_nobody_up(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look-up is still waiting when the sentence is there."""
    let_go = threading.Event()

    def dead(*_asked: object, **_more: object) -> list[object]:
        let_go.wait(120)
        raise OSError("Temporary failure in name resolution")

    monkeypatch.setattr("socket.getaddrinfo", dead)
    client, visit = client_of("http://notes.example.org"), visit_of(order.token(1))
    for _time in range(2):
        with pytest.raises(Unavailable, match=r"no answer from http://notes\.example\.org: look at the network"):
            client.redeem(visit.id, visit.body, visit.serials)
    waiting = [thread for thread in threading.enumerate() if thread.name == "names"]
    assert (len(waiting), let_go.is_set()) == (1, False)
    let_go.set()
    waiting[0].join()
    client.close()


def test_the_next_address_of_a_name_is_tried_where_nobody_listens_at_the_first(
    service: Service, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, real = [(2, 1, 6, "", (address, 0)) for address in ("127.0.0.9", "127.0.0.1")], socket.getaddrinfo

    def two(host: str, *asked: Any, **more: Any) -> list[Any]:
        return found if host == "notes.example.org" else real(host, *asked, **more)

    monkeypatch.setattr("socket.getaddrinfo", two)
    client = client_of(service.url.replace("127.0.0.1", "notes.example.org"))
    assert client.check([order.token(1)])[0].verdict == "good"
    client.close()


def test_an_address_that_never_answers_leaves_time_for_the_next_and_is_not_the_first_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a network whose IPv6 leads nowhere: nothing refuses, nothing answers."""
    dialled: list[str] = []
    port, real = int(service.url.rpartition(":")[2]), httpcore.SyncBackend.connect_tcp
    known = socket.getaddrinfo
    found = [(2, 1, 6, "", (address, 0)) for address in ("127.0.0.9", "127.0.0.1")]

    def dial(backend: httpcore.SyncBackend, address: str, *asked: Any) -> httpcore.NetworkStream:
        dialled.append(address)
        if address == "127.0.0.9":
            assert asked[1] < 20, "it has its share, not all the time there is"
            raise httpcore.ConnectTimeout
        return real(backend, address, *asked)

    def two(host: str, *asked: Any, **more: Any) -> list[Any]:
        return found if host == "notes.example.org" else known(host, *asked, **more)

    monkeypatch.setattr("socket.getaddrinfo", two)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", dial)
    dialling = Dialling()
    for _time in range(2):
        dialling.connect_tcp("notes.example.org", port, 30.0).close()
    assert dialled == ["127.0.0.9", "127.0.0.1", "127.0.0.1"]


def test_a_proxy_of_the_environment_never_sees_a_note(
    service: Service, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    client = client_of(service.url)
    assert client.check([order.token(1)])[0].verdict == "good"
    client.close()


def test_the_desk_and_its_snapshot(client: Client, service: Service, order: Order) -> None:
    about = parse(client.desk())
    assert (about.desk, about.venue, [offer.name for offer in about.offers]) == (
        "Front desk",
        "Leisure Centre",
        ["Swim"],
    )
    assert client.snapshot() == service.snapshot()


def test_a_service_that_asks_for_patience_has_spent_nothing(client: Client, service: Service, order: Order) -> None:
    visit = visit_of(order.token(1))
    service.tricks = [status(429, Retry_After="9")]
    with pytest.raises(TooOften) as later:
        client.redeem(visit.id, visit.body, visit.serials)
    assert later.value.evidence["retry_after_seconds"] == 9


class Recorder(Deaf):
    def __init__(self) -> None:
        self.heard: list[str] = []

    def answered(self, service_at: datetime | None, took_seconds: float) -> None:
        self.heard.append(f"answered with {'its' if service_at else 'no'} time")

    def silent(self, sentence: str) -> None:
        self.heard.append("silent")

    def closed(self) -> None:
        self.heard.append("closed")


def test_closed_books_are_an_answer_with_its_time(service: Service, order: Order) -> None:
    def closed(call: Call) -> bool:
        call.answer(503, {"detail": "Closed.", "reason": "closed"})
        return True

    ear, visit = Recorder(), visit_of(order.token(1))
    client = Client(Enrolment(service.url, "Front desk", "Leisure Centre", KEY), ear=ear)
    service.tricks = [closed, status(503)]
    for _time in range(2):
        with pytest.raises(Unavailable):
            client.redeem(visit.id, visit.body, visit.serials)
    client.close()
    assert ear.heard == ["answered with its time", "closed", "silent"]


def test_a_link_enrols(service: Service) -> None:
    enrolment = enrol(f" {service.url}/desk/enrol#{CODE}\n", "Café")
    assert enrolment == Enrolment(service.url, "Café", "Leisure Centre", KEY)


def test_a_link_that_was_used_is_refused(service: Service) -> None:
    with pytest.raises(NotAllowed, match="Ask for a new one"):
        enrol(f"{service.url}/desk/enrol#used", "Front desk")


LINKS = ["", "code", "http://127.0.0.1/desk/enrol", "ftp://host/#code", "http://#code", "http://host:x/#code",
         "http://me@host/#code", "http://[/#code", "http://host/#a b"]  # fmt: skip


@pytest.mark.parametrize("link", LINKS)
def test_what_is_no_link_is_refused(link: str) -> None:
    with pytest.raises(BadInput, match="not an enrolment link"):
        enrol(link, "Front desk")


def test_a_link_to_nowhere_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        enrol("http://127.0.0.1:9/desk/enrol#code", "Front desk")


def test_only_https_and_this_computer_are_private() -> None:
    private = {"https://a.org": True, "http://127.0.0.1:8000": True, "http://localhost": True, "http://10.0.0.7": False}
    assert {origin: is_private(origin) for origin in private} == private
    assert parted("https://a.org:8443/desk/enrol#c") == ("https://a.org:8443", "c")
