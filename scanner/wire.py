"""One call to the service and its answer, with bounds on everything: who answers, how much, how long.

No answer, a garbled one, a slow one and "come back later" are one thing, Unavailable: the same call may be made again.
"""

import json
import ssl
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn, Protocol

import httpx

from app.core.errors import HournoteError, NotAllowed, NotFound, Refused, TooOften, Unavailable
from scanner.deadline import within
from scanner.names import Transport

MOST_ANSWER_BYTES = 64 * 1024 * 1024
"""A snapshot of a whole network is a few megabytes."""

LONGEST_RETRY_AFTER_SECONDS = 300.0
_LATER = frozenset({408, 425})


class Ear(Protocol):
    """Hears how the calls end; called from the thread that calls."""

    def answered(self, service_at: datetime | None, took_seconds: float) -> None:
        """The service itself answered, at `service_at` by its clock."""

    def silent(self, sentence: str) -> None:
        """Nothing of it came, and why."""

    def closed(self) -> None:
        """It answered that its books are closed to redemption; told after `answered`."""


class Deaf:
    """Hears nothing."""

    def answered(self, service_at: datetime | None, took_seconds: float) -> None:
        """Nothing."""

    def silent(self, sentence: str) -> None:
        """Nothing."""

    def closed(self) -> None:
        """Nothing."""


class Wire:
    """Calls to one origin (`https://notes.example.org`), as the desk whose key it shows, or as nobody."""

    def __init__(
        self, origin: str, key: str | None = None, *, most_seconds: float = 10.0, ear: Ear | None = None
    ) -> None:
        self.origin, self._ear = origin, ear or Deaf()
        self._most_seconds = most_seconds
        # No proxy, no .netrc: where a note was spent is nobody else's to see. A redirect is never followed: the key
        # and the tokens go to the origin of the enrolment alone.
        self._http = httpx.Client(
            base_url=f"{origin}/api/v1/",
            headers={"Accept": "application/json", "Accept-Encoding": "identity"}
            | ({"Authorization": f"Bearer {key}"} if key else {}),
            timeout=httpx.Timeout(most_seconds / 2, connect=most_seconds / 3),
            follow_redirects=False,
            trust_env=False,
            transport=Transport(_trusted()),
        )

    def call(
        self, method: str, path: str, body: Mapping[str, object] | None = None, *, most_seconds: float | None = None,
        ear: Ear | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """The JSON object that the service answers, within `most_seconds` and told to `ear` where those are not the usual.

        Raises Unavailable: nobody knows whether the call arrived; ask again, after `evidence["retry_after_seconds"]` when it is
        there. With `evidence["word"]` closed, the service itself said that it did nothing, as it does by the others: NotAllowed
        (`evidence["status"]` 401: the key does not count any more; 403: this desk may not do that), TooOften, NotFound, Refused
        (the call itself is wrong; again gives the same).
        """
        begun, most, ear = time.monotonic(), most_seconds or self._most_seconds, ear or self._ear
        try:
            timeout = httpx.Timeout(most / 2, connect=most / 3) if most_seconds else httpx.USE_CLIENT_DEFAULT
            with within(most), self._http.stream(method, path, json=body, timeout=timeout) as response:
                content = _bounded(response)
            answer = self._judged(response, _object(content))
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            ear.silent(self._no_answer(error))
            raise Unavailable(self._no_answer(error), word="cannot_tell") from error
        except Unavailable as error:
            if error.evidence.get("word") != "closed":
                ear.silent(error.sentence)
                raise
            ear.answered(_date(response), time.monotonic() - begun)
            ear.closed()
            raise
        except HournoteError:
            ear.answered(_date(response), time.monotonic() - begun)
            raise
        ear.answered(_date(response), time.monotonic() - begun)
        return answer

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def _no_answer(self, error: Exception) -> str:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return f"The certificate of {self.origin} is not trusted here: name the file of its maker in SSL_CERT_FILE."
        return f"There is no answer from {self.origin}: look at the network."

    def _judged(self, response: httpx.Response, answer: dict[str, Any] | None) -> dict[str, Any]:
        status = response.status_code
        if not response.is_success and not _is_problem(response, answer):
            answer = None  # a network before somebody signed in to it, or a server before the service, may say anything
        if status == 503 and answer is not None and answer.get("reason") == "closed":
            wait = _retry_after_seconds(response.headers.get("Retry-After"))
            raise Unavailable("The office has closed redemption for a while.", word="closed", retry_after_seconds=wait)
        if status in _LATER or status >= 500 or (status == 409 and "Retry-After" in response.headers):
            wait = _retry_after_seconds(response.headers.get("Retry-After"))
            raise Unavailable(f"{self.origin} cannot answer now (HTTP {status}).", retry_after_seconds=wait)
        if status >= 400 and answer is not None:
            self._refuse(response, answer)
        if not 200 <= status < 300 or answer is None:
            # A hotel's sign-in page answers 200 or 302 to everything.
            raise Unavailable(f"Something else than the service answers at {self.origin}: look at the network.")
        return answer

    def _refuse(self, response: httpx.Response, answer: Mapping[str, Any]) -> NoReturn:
        status = response.status_code
        said = next((answer[name] for name in ("detail", "title") if isinstance(answer.get(name), str)), "")
        if status == 401:
            raise NotAllowed(
                "The service does not know this desk any more: it was revoked, or enrolled elsewhere. Enrol again.",
                status=401,
            )
        if status == 429:
            wait = _retry_after_seconds(response.headers.get("Retry-After"))
            raise TooOften(f"The service asks for patience. {said[:200]}".strip(), status=429, retry_after_seconds=wait)
        kind = {403: NotAllowed, 404: NotFound}.get(status, Refused)
        raise kind(f"{self.origin} refuses the call (HTTP {status}). {said[:200]}".strip(), status=status)


def _trusted() -> ssl.SSLContext:
    """This computer's authorities (and SSL_CERT_FILE, for a council's own), beside those that httpx brings."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def _bounded(response: httpx.Response) -> bytes:
    """The body, given up when it is too large."""
    content = bytearray()
    for piece in response.iter_raw():
        content += piece
        if len(content) > MOST_ANSWER_BYTES:
            raise httpx.ReadError("the answer is too large")
    return bytes(content)


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _is_problem(response: httpx.Response, answer: Mapping[str, Any] | None) -> bool:
    """Whether it is in the service's own words (RFC 9457): only then did it do nothing."""
    kind = response.headers.get("Content-Type", "")
    is_same = answer is not None and answer.get("status") == response.status_code
    return is_same and kind.startswith("application/problem+json")


def _retry_after_seconds(text: str | None) -> float | None:
    """Seconds, or a date (RFC 9110, 10.2.3); None when it says nothing that can be understood."""
    if text is None:
        return None
    try:
        seconds = float(text) if text.strip().isdigit() else _seconds_until(text)
    except (ValueError, TypeError):
        return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER_SECONDS)


def _seconds_until(date: str) -> float:
    return (parsedate_to_datetime(date).astimezone(UTC) - datetime.now(UTC)).total_seconds()


def _date(response: httpx.Response) -> datetime | None:
    """When the service answered, by its own clock."""
    try:
        return parsedate_to_datetime(response.headers.get("Date", "")).astimezone(UTC)
    except (ValueError, TypeError):
        return None
