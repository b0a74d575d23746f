"""Help: a guide for each of the people in both languages, in the words of the pages, with pictures that are there."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from app.web.helping import GUIDES
from app.web.languages import LANGUAGES
from tests.web.conftest import SignIn
from tests.web.test_translations import CATALOGUE

FOLDER = Path(__file__).parents[2] / "docs" / "guides"
LARGEST_BYTES = 64_000


def _written(language: str, who: str) -> str:
    return (FOLDER / language / f"{who}.md").read_text("utf-8")


def _bold(text: str) -> list[str]:
    """The words in bold, but for those that begin an item of a list and name a step."""
    return [
        " ".join(each.split())
        for each in re.findall(r"\*\*(.*?)\*\*", re.sub(r"(?m)^\d+\. \*\*.*?\.\*\*", "", text), re.DOTALL)
    ]


@pytest.mark.parametrize("who", GUIDES)
def test_a_guide_names_things_as_the_pages_do_in_both_languages(who: str) -> None:
    with CATALOGUE.open("rb") as file:
        said = {str(each.id): str(each.string) for each in read_po(file) if isinstance(each.id, str)}
    english = _bold(_written("en", who))
    assert english
    assert [each for each in english if each not in said] == []
    assert sorted(_bold(_written("cy", who))) == sorted(said[each] for each in english)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pictures_of_the_guides_are_there_small_and_all_of_them_shown(client: FlaskClient, language: str) -> None:
    shown = set()
    for who in GUIDES:
        page = client.get(f"/help/{who}?lang={language}").text
        assert f"<h1>{_written(language, who).splitlines()[0].removeprefix('# ')}</h1>" in page
        sources = re.findall(r'<img src="([^"]+)" alt="[^"]{10,}"', page)
        assert len(sources) == page.count("<img "), "each has words for who does not see it"
        for source in sources:
            answer = client.get(source)
            assert answer.data.startswith(b"\x89PNG")
            assert len(answer.data) < LARGEST_BYTES, source
        shown |= {Path(source).stem for source in sources}
    assert shown == {path.stem for path in (FOLDER / "pictures" / language).glob("*.png")}


def test_whoever_asks_finds_their_own_guide(client: FlaskClient, signed_in: SignIn) -> None:
    assert 'href="/help"' in client.get("/").text
    assert "<h1>If you hold a note</h1>" in client.get("/help").text
    for role, title in (
        ("keeper", "Organisations: notes for hours given"),
        ("press", "The print shop"),
        ("venue", "At the front desk"),
    ):
        assert f"<h1>{title}</h1>" in signed_in(role).get("/help").text


@pytest.mark.parametrize(
    "path",
    [
        "/help/nobody",
        "/help/pictures/en/nothing.png",
        "/help/pictures/de/line.png",
        "/help/pictures/en/..%2f..%2fen%2fholder.png",
    ],
)
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
