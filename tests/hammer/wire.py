"""The wire between a desk and the service, which loses answers: by a cut, by impatience, or because the service died."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

PATIENCE_S = 15.0


class Lost(Exception):
    """No answer came: nobody knows whether the deed was done."""


@dataclass(frozen=True)
class Answer:
    """A status, a JSON body, and the Retry-After of who cannot answer now."""

    status: int
    body: Any
    retry_after: str | None

    @property
    def is_for_later(self) -> bool:
        """Whether the same call is to be sent again later."""
        return self.status in (429, 503) or (self.status == 409 and self.retry_after is not None)


class Wire:
    """One connection of one desk, made anew after each loss."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._connection: HTTPConnection | None = None

    def ask(self, method: str, path: str, body: Any = None, *, patience_s: float = PATIENCE_S) -> Answer:
        """Send and wait for the answer. Raises Lost."""
        self.send(method, path, body, patience_s=patience_s)
        return self.answer()

    def send(self, method: str, path: str, body: Any = None, *, patience_s: float = PATIENCE_S) -> None:
        """Send, and do not wait. Raises Lost."""
        connection = self._connection or HTTPConnection("127.0.0.1", self._port)
        self._connection, connection.timeout = connection, patience_s
        try:
            if connection.sock is not None:
                connection.sock.settimeout(patience_s)
            sent = json.dumps(body) if body is not None else None
            connection.request(method, f"/api/v1{path}", sent, self._headers)
        except (OSError, HTTPException) as error:
            self.cut()
            raise Lost(str(error)) from error

    def answer(self) -> Answer:
        """The answer to what was sent. Raises Lost."""
        if self._connection is None:
            raise Lost("the wire was cut")
        try:
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, HTTPException) as error:
            self.cut()
            raise Lost(str(error)) from error
        if response.will_close:
            self.cut()
        return Answer(response.status, _read(content), response.headers.get("Retry-After"))

    def cut(self) -> None:
        """Hang up, whatever is on its way."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _read(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return content[:200].decode("utf-8", "replace")
