"""A line that goes wrong: a proxy before the real service, that plays a trick on the next calls and then passes them on."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

END = b"\r\n\r\n"
Trick = Callable[["Line", socket.socket, bytes], bool]
"""Plays something on a call (its bytes) instead of passing it on; False to pass it on after all."""


class Line:
    """Listens at `url`. Each call takes the first of `tricks`, else `always`, else it is passed on."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.tricks: list[Trick] = []
        self.always: Trick | None = None
        self.let_go = threading.Event()
        self.calls: list[str] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.let_go.set()
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join()

    def beyond(self, call: bytes) -> bytes:
        """The service's own answer to a call."""
        with socket.create_connection(("127.0.0.1", self._port)) as far:
            far.sendall(call)
            return _whole(far)

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with near, suppress(OSError):
            call = _whole(near)
            first = call.split(b"\r\n", 1)[0].decode()
            self.calls.append(first)
            is_play = first.startswith(("PUT", "POST"))
            trick = self.tricks.pop(0) if self.tricks and is_play else self.always
            if trick is None or not trick(self, near, call):
                near.sendall(self.beyond(call))


def _whole(end: socket.socket) -> bytes:
    """One message, made the last of its connection."""
    content = b""
    while END not in content:
        piece = end.recv(65536)
        if not piece:
            return content
        content += piece
    head, _, body = content.partition(END)
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    length = next((int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        piece = end.recv(65536)
        if not piece:
            break
        body += piece
    return b"\r\n".join([*lines, b"Connection: close"]) + END + body


def _answered(near: socket.socket, status: str, kind: str, content: bytes) -> bool:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n"
    near.sendall(head.encode() + content)
    return True


def broken(_line: Line, near: socket.socket, _call: bytes) -> bool:
    """A server that fails."""
    return _answered(near, "500 Internal Server Error", "application/json", b'{"detail": "Oh."}')


def impossible(_line: Line, near: socket.socket, _call: bytes) -> bool:
    """The service says that the call itself is wrong."""
    said = b'{"status": 422, "detail": "No such offer."}'
    return _answered(near, "422 Unprocessable Entity", "application/problem+json", said)


def garbage(_line: Line, near: socket.socket, _call: bytes) -> bool:
    """Bytes that are no answer."""
    near.sendall(b"\x00\xffnothing that HTTP knows\r\n\r\n")
    return True


def portal(_line: Line, near: socket.socket, _call: bytes) -> bool:
    """The page of a network that wants somebody to sign in first."""
    return _answered(near, "200 OK", "text/html", b"<html>Welcome to our WiFi</html>")


def half(line: Line, near: socket.socket, call: bytes) -> bool:
    """The service has done it, and its answer breaks off."""
    answer = line.beyond(call)
    near.sendall(answer[: len(answer) - 40])
    return True


def lost(line: Line, _near: socket.socket, call: bytes) -> bool:
    """The service has done it, and nothing of its answer arrives."""
    line.beyond(call)
    return True


def silent(line: Line, _near: socket.socket, _call: bytes) -> bool:
    """Nothing comes, for longer than anybody waits."""
    line.let_go.wait(60)
    return True


def late(line: Line, near: socket.socket, call: bytes) -> bool:
    """The service has done it, and is very slow to say so."""
    line.beyond(call)
    return silent(line, near, call)


def unplugged(_line: Line, _near: socket.socket, _call: bytes) -> bool:
    """The line is dead."""
    return True


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    """A line to the service at a port."""
    line = Line(port)
    try:
        yield line
    finally:
        line.close()
