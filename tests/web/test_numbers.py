"""Numbers are written as each language writes them."""

import pytest
from babel.numbers import format_decimal

from app.web import languages
from app.web.pages import number


@pytest.mark.parametrize("language", languages.LANGUAGES)
@pytest.mark.parametrize("value", [0, 7, 999, 1000, 12_345, 9_999_999])
def test_thousands_stand_apart_as_both_languages_write_them(value: int, language: str) -> None:
    assert number(value) == format_decimal(value, locale=language)
