"""Dates, times and numbers as the reader writes them."""

from __future__ import annotations

from datetime import date, datetime, time

from api.web.language import language
from api.web.texts import (
    _,
    format_date,
    format_datetime,
    format_decimal,
    format_number,
    format_period,
    ngettext,
)
from nyefamilier.kernel.clock import day_of

# A day and its month stay on one line, a clock and its "kl." too: hence the no-break spaces.
_DAY = {"nb": "d.\u00a0MMMM y", "en": "d\u00a0MMMM y"}
_SHORT_DAY = {"nb": "d.\u00a0MMM", "en": "d\u00a0MMM"}
_WEEKDAY = {"nb": "EEEE d.\u00a0MMMM", "en": "EEEE d\u00a0MMMM"}
_MOMENT = {"nb": "EEEE d.\u00a0MMMM 'kl.'\u00a0HH.mm", "en": "EEEE d\u00a0MMMM 'at'\u00a0HH:mm"}
_STAMP = {"nb": "d.\u00a0MMM y 'kl.'\u00a0HH.mm", "en": "d\u00a0MMM y 'at'\u00a0HH:mm"}
_CLOCK = {"nb": "HH.mm", "en": "HH:mm"}


def day(value: date) -> str:
    """``21. november 2026``."""
    return str(format_date(_oslo(value), _DAY[language()]))


def short_day(value: date) -> str:
    """``21. nov.``, for lists."""
    return str(format_date(_oslo(value), _SHORT_DAY[language()]))


def weekday(value: date) -> str:
    """``lørdag 21. november``, for what is near."""
    return str(format_date(_oslo(value), _WEEKDAY[language()]))


def period(first: date, last: date) -> str:
    """``23.–26. nov. 2026``; both years where the days lie in two of them."""
    return format_period(_oslo(first), _oslo(last))


def moment(value: datetime) -> str:
    """``lørdag 21. november kl. 09.30``, for what has been agreed."""
    return str(format_datetime(value, _MOMENT[language()]))


def stamp(value: datetime) -> str:
    """``21. nov. 2026 kl. 09.30``, for signatures."""
    return str(format_datetime(value, _STAMP[language()]))


def clock(value: datetime) -> str:
    """``09.30``."""
    return str(format_datetime(value, _CLOCK[language()]))


def wall(value: time) -> str:
    """``09.30``, of a time of day that is told by the clock on the wall."""
    return f"{value:%H.%M}" if language() == "nb" else f"{value:%H:%M}"


def number(value: int | None) -> str:
    """``12 345``; hidden numbers are said to be hidden."""
    return _("hidden") if value is None else format_number(value)


def decimal(value: float) -> str:
    """``1,3``; one decimal."""
    return str(format_decimal(value, "0.0"))


def percent(value: float) -> str:
    """``83 %``; whole, because no bydel has families enough for a decimal to mean something."""
    whole = round(value * 100)
    return f"{whole}\N{NO-BREAK SPACE}%" if language() == "nb" else f"{whole}%"


def interval(low: float, high: float) -> str:
    """``56–79 %``."""
    return f"{round(low * 100)}–{percent(high)}"


def near(value: date, today: date) -> str:
    """How far away a day is: ``i dag``, ``om 3 dager``, ``for 2 dager siden``."""
    days = (_oslo(value) - today).days
    if days == 0:
        return _("today")
    if days in {1, -1}:
        return _("tomorrow") if days == 1 else _("yesterday")
    if days > 0:
        return str(ngettext("in %(num)s day", "in %(num)s days", days))
    return str(ngettext("%(num)s day ago", "%(num)s days ago", -days))


def age(born_on: date, today: date) -> str:
    """A child's age as nurses say it: days, then weeks, then months, then years."""
    days = (today - born_on).days
    if days < 15:
        return str(ngettext("%(num)s day old", "%(num)s days old", days))
    if days < 92:
        return str(ngettext("%(num)s week old", "%(num)s weeks old", days // 7))
    months = (today.year - born_on.year) * 12 + today.month - born_on.month
    months -= today.day < born_on.day
    if months < 24:
        return str(ngettext("%(num)s month old", "%(num)s months old", months))
    return str(ngettext("%(num)s year old", "%(num)s years old", months // 12))


def _oslo(value: date) -> date:
    return day_of(value) if isinstance(value, datetime) else value


def inner(words: str) -> str:
    """*words* as they stand within a sentence: no first capital, names and codes untouched."""
    text = str(words)
    first_word = text.partition(" ")[0]
    is_name = any(letter.isupper() for letter in first_word[1:])
    return text if is_name else text[:1].lower() + text[1:]


def sentence(words: str) -> str:
    """*words* as a sentence begins: ``Lørdag 21. november``."""
    return words[:1].upper() + words[1:]


FILTERS = {
    "day": day,
    "short_day": short_day,
    "weekday": weekday,
    "period": period,
    "inner": inner,
    "sentence": sentence,
    "moment": moment,
    "stamp": stamp,
    "clock": clock,
    "wall": wall,
    "number": number,
    "decimal": decimal,
    "percent": percent,
    "interval": lambda share: interval(share.low, share.high),
}
