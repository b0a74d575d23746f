"""What the directory says, in the language of the page: names and texts, and the days, times and limits of an offer."""

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from babel.dates import format_date
from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from app.core.opening_hours import OpeningHours
from app.services.directory import Offer

_MONDAY = date(2024, 1, 1)


def in_language(thing: Any, name: str = "name", *, title: str | None = None) -> str:
    """A name or text of something in the language of the page where it has it there, else as it is; `title` stands for a name
    that lies elsewhere."""
    own = title if title is not None else getattr(thing, name)
    welsh = getattr(thing, f"{name}_cy")
    return str(welsh if welsh and (str(get_locale()) == "cy" or not own) else own or "")


def text_in_language(thing: Any, name: str = "text") -> Markup:
    """The text of something, or what it is called where that is no proper name, marked with its language where that is not
    the page's (WCAG 2.2, 3.1.2)."""
    told = in_language(thing, name)
    if not told:
        return Markup("")
    page = str(get_locale())
    code = "cy" if getattr(thing, f"{name}_cy") and (page == "cy" or not getattr(thing, name)) else "en"
    return Markup('<span lang="{}">{}</span>').format(code, told) if code != page else Markup("{}").format(told)


def opening(hours: OpeningHours) -> str:
    """When it is open, as people say it; empty where it always is."""
    begins, ends = hours.times
    times = _("%(begins)s to %(ends)s", begins=begins, ends=ends) if begins else ""
    return ", ".join(filter(None, [_days(hours.days), str(times)]))


def limits(offer: Offer, programme: str) -> list[str]:
    """What one should know of an offer beside its price."""
    most = ngettext("at most %(num)d note a visit", "at most %(num)d notes a visit", offer.most_notes or 0)
    return [
        str(each)
        for each in (
            opening(offer.opening),
            most if offer.most_notes else "",
            _("notes of %(programme)s only", programme=programme) if offer.local_only else "",
        )
        if each
    ]


def _days(days: str | None) -> str:
    if days is None:
        return ""
    runs = [
        [day for _place, day in run] for _key, run in groupby(enumerate(map(int, days)), lambda each: each[1] - each[0])
    ]
    return str(format_list([part for run in runs for part in _run(run)], locale=get_locale()))


def _run(days: list[int]) -> list[str]:
    if len(days) < 3:
        return [day_name(day) for day in days]
    return [str(_("%(begins)s to %(ends)s", begins=day_name(days[0]), ends=day_name(days[-1])))]


def day_name(day: int) -> str:
    """A day of the week by its number, 1 is Monday (ISO 8601)."""
    return str(format_date(_MONDAY + timedelta(days=day - 1), "EEEE", locale=get_locale()))


def distance(metres: int) -> str:
    """A way as the crow flies, in kilometres, to a tenth where it is short."""
    text = f"{metres / 1000:.1f}" if metres < 9_950 else f"{round(metres / 1000):,}"
    return str(_("%(kilometres)s km", kilometres=text))


def telephone(number: str) -> str:
    """A number as a telephone dials it; +44 (0)1872 is +441872 (RFC 3966)."""
    plain = number.replace("(0)", "") if number.startswith("+") else number
    return "".join(each for each in plain if each in "+0123456789")


AT_HAND = {
    "in_language": in_language, "text_in_language": text_in_language, "opening": opening, "limits": limits,
    "distance": distance,
}  # fmt: skip
"""What the templates of the directory use."""
