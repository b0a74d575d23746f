"""The folder of a design that was chosen: design.toml, art and picture, the same bytes for the same choices."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from notegen import design
from notegen.design import FILE
from notegen.engraving import engrave
from notegen.together import front
from notegen.together.choices import Choices
from notegen.together.window import Brought

_HEAD = "# Chosen by a group with Hournote. After a change: python -m notegen.engraving {name}\n"


def write(choices: Choices, picture: Brought | None, data: bytes, parent: Path) -> Path:
    """Make the folder of the design below `parent`, with the bytes of its picture; gives its path. Raises BadDesign."""
    folder = parent / choices.name
    folder.mkdir(mode=0o700)
    if picture is not None:
        (folder / picture.file).write_bytes(data)
    text = _HEAD.format(name=choices.name) + toml(front.tables(choices, picture))
    (folder / FILE).write_text(text, encoding="utf-8")
    found = design.read(folder)
    found.art.write_bytes(engrave(found))
    return folder


def toml(tables: Mapping[str, Any]) -> str:
    """Tables as TOML: plain keys first, then tables, then lists of tables."""
    return "\n".join(_lines(tables, ())) + "\n"


def _lines(table: Mapping[str, Any], place: tuple[str, ...]) -> list[str]:
    lines = [f"{key} = {_value(value)}" for key, value in table.items() if not _is_table(value)]
    for key, value in table.items():
        inner = ".".join((*place, key))
        if isinstance(value, Mapping):
            lines += ["", f"[{inner}]", *_lines(value, (*place, key))]
        elif _is_table(value):
            for row in value:
                lines += ["", f"[[{inner}]]", *_lines(row, (*place, key))]
    return lines


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _value(value: object) -> str:
    """A value of TOML, whose texts, numbers and lists are written as JSON's but for one control character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
