"""The core's values as JSON has them: for every machine's answer, on the command line and over HTTP."""

from dataclasses import is_dataclass
from datetime import date, datetime
from typing import Any

from app.core.serial import Serial
from app.core.span import Span


def plain(value: object) -> Any:
    """Spans as {first, last}, serials and times as text, the rest as JSON has it."""
    if isinstance(value, Span):
        return {"first": str(value.first_serial), "last": str(value.last_serial)}
    if isinstance(value, Serial):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
