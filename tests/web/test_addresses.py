"""Numbers in addresses that are larger than the books can have."""

from flask import Flask

from app.web.addresses import LARGEST, Number
from tests.web.conftest import SignIn

TWENTY_DIGITS = "9" * 20


def test_a_number_that_no_book_can_have_is_an_address_of_nothing(app: Flask, signed_in: SignIn) -> None:
    client, uuid = signed_in("national"), "00000000-0000-4000-8000-000000000000"
    numbered = [
        rule for rule in app.url_map.iter_rules() if any(isinstance(c, Number) for c in rule._converters.values())
    ]
    assert len(numbered) > 20
    for rule in numbered:
        if "GET" not in (rule.methods or ()):
            continue
        named = {name: LARGEST if isinstance(each, Number) else uuid for name, each in rule._converters.items()}
        _domain, path = rule.build(named) or ("", "")
        assert client.get(path).status_code != 500, path
        assert client.get(path.replace(str(LARGEST), TWENTY_DIGITS)).status_code == 404, path
