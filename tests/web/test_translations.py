"""Every sentence of the pages is in Welsh, and the compiled catalogue is the written one."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "app/web/translations/cy/LC_MESSAGES/messages.po"
KEYWORDS = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2)}
SAME_IN_BOTH = {"Hournote", "Label", "PIN"}


def _said() -> Iterator[str | tuple[str, ...]]:
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    for _file, _line, message, _comments, _context in extract_from_dir(ROOT, methods, options, KEYWORDS):
        yield message


def _catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file)


def _texts(message: Message | None) -> list[str]:
    """The text of a message, or each of its plural forms."""
    said = message.string if message else None
    return [said] if isinstance(said, str) else list(said or ())


def test_every_sentence_is_translated() -> None:
    written = _catalogue()
    missing = set()
    for message in _said():
        one = message if isinstance(message, str) else message[0]
        found = written.get(one)
        texts = _texts(found)
        if not texts or not all(texts) or found is None or found.fuzzy:
            missing.add(one)
    assert not missing, f"write these in Welsh in {CATALOGUE.relative_to(ROOT)}: {sorted(missing)}"


def test_nothing_is_translated_that_nobody_says() -> None:
    said = {message if isinstance(message, str) else message[0] for message in _said()}
    assert not {str(m.id if isinstance(m.id, str) else m.id[0]) for m in _catalogue() if m.id} - said


def test_nothing_is_left_in_english() -> None:
    same = {str(message.id) for message in _catalogue() if message.id and message.id == message.string}
    assert same == SAME_IN_BOTH


def test_what_is_filled_in_is_filled_in_both() -> None:
    for message in _catalogue():
        assert not list(message.check()), message.id


def test_the_compiled_catalogue_is_the_written_one() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    for message in _catalogue():
        if message.id:
            found = compiled.get(message.id)
            assert found is not None, f"compile it: pybabel compile -d app/web/translations ({message.id})"
            assert _texts(found) == _texts(message)
