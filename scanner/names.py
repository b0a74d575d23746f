"""Names of computers, looked up within a time: the system's own look-up knows none, and a dead one takes half a minute."""

import socket
import ssl
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as LateError

import httpcore
import httpx

from scanner.deadline import Stream

_USUAL_SECONDS = 10.0


class Names:
    """Looks names up on threads of their own; whoever asks while one is being looked up waits for the same answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: dict[tuple[str, int], Future[list[str]]] = {}

    def addresses(self, host: str, port: int, most_seconds: float) -> list[str]:
        """The addresses of a host, the best first. Raises TimeoutError, OSError."""
        with self._lock:
            asked = self._asked.get((host, port))
            if asked is None or asked.done():
                asked = self._asked[host, port] = Future()
                threading.Thread(target=_look_up, args=(asked, host, port), name="names", daemon=True).start()
        return asked.result(most_seconds)


def _look_up(asked: "Future[list[str]]", host: str, port: int) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        asked.set_exception(OSError(str(error)))
    else:
        asked.set_result([str(each[4][0]) for each in found])


class Dialling(httpcore.SyncBackend):
    """Connects by the addresses of a name, all of it within one time: each has its share, so that a network with a dead half
    (IPv6 that leads nowhere) leaves time for the other, and the one that answered last is the first."""

    def __init__(self) -> None:
        self._names = Names()
        self._answered: dict[tuple[str, int], str] = {}

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        """A connection to whichever address answers. Raises ConnectError, ConnectTimeout."""
        end = time.monotonic() + (timeout or _USUAL_SECONDS)
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        addresses = self._found(host, port, end - time.monotonic())
        for untried, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            left = end - time.monotonic()
            if left <= 0:
                break
            try:
                stream = super().connect_tcp(address, port, left / untried, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                self._answered[host, port] = address
                return Stream(stream)
        raise failed

    def _found(self, host: str, port: int, seconds: float) -> list[str]:
        try:
            found = self._names.addresses(host, port, seconds)
        except LateError as error:
            raise httpcore.ConnectTimeout(f"{host} was not found in time") from error
        except OSError as error:
            raise httpcore.ConnectError(f"{host} was not found") from error
        return sorted(found, key=lambda address: address != self._answered.get((host, port)))


class Transport(httpx.HTTPTransport):
    """httpx's own, but that a name is looked up within the time for connecting."""

    def __init__(self, trusted: ssl.SSLContext) -> None:
        super().__init__(verify=trusted, trust_env=False)
        # httpx has no argument for it; a test tells when this no longer works.
        self._pool._network_backend = Dialling()
