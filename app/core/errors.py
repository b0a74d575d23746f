"""Everything Hournote can refuse to do, as one tree.

HournoteError                   one plain sentence and the evidence behind it
├── BadInput                    what was given is wrong (exit code 2, HTTP 422)
│   ├── BadSerial               not the serial of a note
│   ├── BadSpan                 not a span of one series
│   ├── BadToken                not the text of a note's QR
│   ├── BadJob                  a job file that is damaged or not ours
│   ├── BadDesign               a design that cannot be printed
│   ├── BadBackup               a backup that is damaged or not ours
│   └── BadSettings             a setting that cannot be served with
├── Refused                     understood, and against the rules (exit code 2, HTTP 409)
│   ├── IllegalMovement         the life table has no such step
│   ├── NotOrdered              the span, or part of it, was never ordered
│   └── Conflict                the same id means something else already
├── NotFound                    nothing by that name (exit code 2, HTTP 404)
├── NotAllowed                  known, and not permitted (exit code 2, HTTP 403)
├── TooOften                    asked too many times; wait (exit code 1, HTTP 429)
├── FellShort                   what was compared does not agree (exit code 1, HTTP 409)
├── NotYet                      something else must be done first; try again after that (exit code 1, HTTP 503)
└── Unavailable                 cannot be answered now; try again (exit code 1, HTTP 503)

A refused note is an answer (a verdict), never one of these.
"""


class HournoteError(Exception):
    """One plain sentence that names the thing and the way out, and the evidence as attributes' values."""

    exit_code = 2
    http_status = 422

    def __init__(self, sentence: str, **evidence: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.evidence = evidence


class BadInput(HournoteError):
    """What was given is wrong, and no other state of the world would make it right."""


class BadSerial(BadInput):
    """Text that is not the serial of a note."""


class BadSpan(BadInput):
    """Text or numbers that are not a span of one series."""


class BadToken(BadInput):
    """Text that is not the token of a note."""


class BadJob(BadInput):
    """A job file that is damaged, altered or of another format."""


class BadDesign(BadInput):
    """A design that cannot be printed as it is."""


class BadBackup(BadInput):
    """A backup that is damaged, altered, of another format or of the other engine."""


class BadSettings(BadInput):
    """A setting with which the service will not start."""


class Refused(HournoteError):
    """Understood, and against the rules as things stand."""

    http_status = 409


class IllegalMovement(Refused):
    """A movement for which the life table has no step from where the span is."""


class NotOrdered(Refused):
    """A span of which at least one note was never ordered."""

    http_status = 404


class Conflict(Refused):
    """An id that already stands for another deed."""


class NotFound(HournoteError):
    """Nothing is known by that name."""

    http_status = 404


class NotAllowed(HournoteError):
    """Who asks may not do this."""

    http_status = 403


class TooOften(HournoteError):
    """Asked too many times within a while; `evidence["retry_after_seconds"]` says when it counts again."""

    exit_code = 1
    http_status = 429


class FellShort(HournoteError):
    """Two things that must be of one piece were compared, and are not."""

    exit_code = 1
    http_status = 409


class NotYet(HournoteError):
    """This one cannot be answered before somebody has done something else; others beside it can."""

    exit_code = 1
    http_status = 503


class Unavailable(HournoteError):
    """No answer can be given now; the same call may succeed later."""

    exit_code = 1
    http_status = 503


def shown(text: str, most: int = 40) -> str:
    """What was given, quoted and cut so that it fits into a sentence."""
    return repr(text if len(text) <= most else text[:most] + "…")
