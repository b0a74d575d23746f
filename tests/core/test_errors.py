"""The tree of errors: as it is drawn, with its exit codes, HTTP answers and evidence."""

import pickle
import re
from inspect import getdoc, isclass

import pytest

from app.core import errors
from app.core.errors import HournoteError, shown
from app.core.span import Span

TREE = {
    # error: (parent, exit code, HTTP status)
    "HournoteError": ("Exception", 2, 422),
    "BadInput": ("HournoteError", 2, 422),
    "BadSerial": ("BadInput", 2, 422),
    "BadSpan": ("BadInput", 2, 422),
    "BadToken": ("BadInput", 2, 422),
    "BadJob": ("BadInput", 2, 422),
    "BadDesign": ("BadInput", 2, 422),
    "BadBackup": ("BadInput", 2, 422),
    "BadSettings": ("BadInput", 2, 422),
    "Refused": ("HournoteError", 2, 409),
    "IllegalMovement": ("Refused", 2, 409),
    "NotOrdered": ("Refused", 2, 404),
    "Conflict": ("Refused", 2, 409),
    "NotFound": ("HournoteError", 2, 404),
    "NotAllowed": ("HournoteError", 2, 403),
    "TooOften": ("HournoteError", 1, 429),
    "FellShort": ("HournoteError", 1, 409),
    "NotYet": ("HournoteError", 1, 503),
    "Unavailable": ("HournoteError", 1, 503),
}


def defined() -> dict[str, type[HournoteError]]:
    """Every error of the module."""
    return {name: kind for name, kind in vars(errors).items() if isclass(kind) and issubclass(kind, HournoteError)}


@pytest.mark.parametrize("name", TREE)
def test_each_error_has_its_place_its_exit_code_and_its_answer(name: str) -> None:
    kind = defined()[name]
    assert (kind.__base__ and kind.__base__.__name__, kind.exit_code, kind.http_status) == TREE[name]
    assert getdoc(kind)


def test_there_is_no_error_outside_the_tree() -> None:
    assert set(defined()) == set(TREE)


def test_the_tree_is_drawn_on_top_of_the_file() -> None:
    drawing = [line for line in (errors.__doc__ or "").splitlines() if re.match(r"[│├└─ ]*\w+ {2}", line)]
    drawn: dict[str, str] = {}
    branch: list[str] = []
    for line in drawing:
        depth, name = len(re.match(r"[│├└─ ]*", line)[0]) // 4, re.search(r"\w+", line)[0]  # type: ignore[index]
        branch[depth:] = [name]
        drawn[name] = branch[depth - 1] if depth else "Exception"
    assert drawn == {name: parent for name, (parent, _, _) in TREE.items()}


def test_an_error_carries_its_sentence_and_its_evidence() -> None:
    error = errors.NotOrdered("The notes were never ordered.", span=Span("CWL26", 1, 9), tries=2)
    assert str(error) == error.sentence == "The notes were never ordered."
    assert error.evidence == {"span": Span("CWL26", 1, 9), "tries": 2}


@pytest.mark.parametrize("kind", defined().values(), ids=defined())
def test_an_error_crosses_from_one_process_to_another(kind: type[HournoteError]) -> None:
    """A worker of the press or of notegen fails in words."""
    error = pickle.loads(pickle.dumps(kind("No.", span=Span("CWL26", 1, 9))))  # noqa: S301
    assert type(error) is kind
    assert (error.sentence, error.evidence, str(error)) == ("No.", {"span": Span("CWL26", 1, 9)}, "No.")


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("", "''"),
        ("CWL26", "'CWL26'"),
        ("x" * 40, "'" + "x" * 40 + "'"),
        ("x" * 41, "'" + "x" * 40 + "…'"),
        ("a\nb\x1b[31m", "'a\\nb\\x1b[31m'"),
        ("\ud800", "'\\ud800'"),
    ],
)
def test_what_was_given_is_shown_quoted_and_cut(text: str, quoted: str) -> None:
    assert shown(text) == quoted
