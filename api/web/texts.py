"""The reader's language, with types: flask-babel ships none, and only this module imports it.

Texts stand in the code in English; `api/translations` has them in bokmål.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from functools import lru_cache
from typing import TypeAlias

import flask_babel
from babel import Locale
from babel.dates import format_interval
from babel.numbers import format_decimal as decimal_of
from flask import Flask

LazyText: TypeAlias = str
"""A text that is translated when it is shown. It behaves as the text that it becomes."""


def add_translations(app: Flask, locale: Callable[[], str]) -> None:
    """Let the app speak, each request in the locale that *locale* names."""
    app.config.update(BABEL_DEFAULT_LOCALE="nb", BABEL_DEFAULT_TIMEZONE="Europe/Oslo")
    flask_babel.Babel(app, locale_selector=locale)


def _(text: str, **values: object) -> str:
    """The text in the reader's language."""
    return str(flask_babel.gettext(text, **values))


def _l(text: str) -> LazyText:
    """The text in the language of whoever will read it."""
    lazy: LazyText = flask_babel.lazy_gettext(text)
    return lazy


def ngettext(one: str, many: str, count: int) -> str:
    """The text for one or for many; ``%(num)s`` in it is the count."""
    return str(flask_babel.ngettext(one, many, count))


def in_locale(locale: str) -> AbstractContextManager[None]:
    """A block that speaks otherwise than the request."""
    held: AbstractContextManager[None] = flask_babel.force_locale(locale)
    return held


def locale_now() -> Locale:
    """The locale of the page at hand."""
    return flask_babel.get_locale() or Locale("nb")


def weekday_name(number: int) -> str:
    """The name of a weekday; Monday is 1."""
    return str(locale_now().days["stand-alone"]["wide"][number - 1])


def format_date(value: date, pattern: str) -> str:
    """A day, by one of CLDR's patterns."""
    return str(flask_babel.format_date(value, pattern))


def format_period(first: date, last: date) -> str:
    """Two days and what lies between them, with nothing said twice."""
    return str(format_interval(first, last, "yMMMd", locale=locale_now()))


def format_datetime(value: datetime, pattern: str) -> str:
    """An instant, in Oslo, by one of CLDR's patterns."""
    return str(flask_babel.format_datetime(value, pattern))


def format_decimal(value: float, pattern: str) -> str:
    """A number, by one of CLDR's patterns."""
    return str(flask_babel.format_decimal(value, pattern))


def format_number(value: int) -> str:
    """A whole number with its thousands apart."""
    return _whole(value, str(locale_now()))


@lru_cache(maxsize=4096)  # a page of tables writes two thousand, most of them small
def _whole(value: int, locale: str) -> str:
    return decimal_of(value, locale=locale)
