"""Numbers in addresses: as large as the books can have, so that a larger one is an address of nothing."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1


class Number(IntegerConverter):
    """A whole number from 0 to the largest that is a key of the books; anything else is not found."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST)


def bound(app: Flask) -> None:
    """Have every `<int:...>` of the addresses bounded; before there are any."""
    app.url_map.converters["int"] = Number
