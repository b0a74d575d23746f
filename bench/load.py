"""Load: prepared HTTP requests sent over many connections by one thread, each as soon as the answer before it is there."""

import select
import socket
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

READ_BYTES = 65536


@dataclass
class Heard:
    """What came back: the milliseconds of each answer in the order of their ends, and how often each status was given."""

    latencies_ms: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0

    def quantile_ms(self, share: float) -> float:
        """The latency that this share of the answers did not exceed."""
        ranked = sorted(self.latencies_ms)
        return ranked[min(len(ranked) - 1, int(share * len(ranked)))]

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.latencies_ms) / self.seconds


class _Client:
    """A connection that has one request under way."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent_at, self._heard = 0.0, b""

    def send(self, request: bytes) -> None:
        self._heard, self.sent_at = b"", time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> int | None:
        """The status once the whole answer is there."""
        part = self.socket.recv(READ_BYTES)
        if not part:
            raise ConnectionError("the service closed the connection")
        self._heard += part
        head, gap, body = self._heard.partition(b"\r\n\r\n")
        if not gap or len(body) < _length(head):
            return None
        return int(self._heard[9:12])


def _length(head: bytes) -> int:
    start = head.lower().index(b"content-length:") + len(b"content-length:")
    return int(head[start:].split(b"\r", 1)[0])


def run(address: tuple[str, int], requests: Iterable[bytes], clients: int) -> Heard:
    """Send every request, `clients` at a time."""
    waiting, heard, poll = deque(requests), Heard(), select.epoll()
    began = time.perf_counter()
    busy: dict[int, _Client] = {}
    for _ in range(min(clients, len(waiting))):
        client = _Client(address)
        busy[client.socket.fileno()] = client
        poll.register(client.socket.fileno(), select.EPOLLIN)
        client.send(waiting.popleft())
    while busy:
        for number, _event in poll.poll():
            client = busy[number]
            status = client.receive()
            if status is None:
                continue
            heard.latencies_ms.append(1000 * (time.perf_counter() - client.sent_at))
            heard.statuses[status] = heard.statuses.get(status, 0) + 1
            if waiting:
                client.send(waiting.popleft())
            else:
                poll.unregister(number)
                busy.pop(number).socket.close()
    heard.seconds = time.perf_counter() - began
    return heard


def put(path: str, key: str, body: bytes) -> bytes:
    """A PUT with a desk's key, as bytes."""
    head = (
        f"PUT {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
