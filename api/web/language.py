"""Which language a page is in: bokmål unless the reader chose English."""

from __future__ import annotations

from contextlib import AbstractContextManager

from flask import Flask, Response, make_response, redirect, request

from api.programme import programme
from api.web.texts import add_translations, in_locale, locale_now

COOKIE = "nf_language"
LOCALES = {"nb": "nb", "en": "en_GB"}
"""The languages of the pages, and the locale whose dates and numbers each uses."""

DEFAULT = "nb"
_YEAR = 365 * 24 * 3600


def add_languages(app: Flask) -> None:
    """Let every page of the app be in the reader's language."""
    add_translations(app, _chosen_locale)


def language() -> str:
    """The language of the page at hand, as HTML's ``lang`` names it."""
    return "en" if locale_now().language == "en" else "nb"


def speaking(wanted: str) -> AbstractContextManager[None]:
    """A block that is in the wanted language, if we have it, and in bokmål if not."""
    return in_locale(LOCALES.get(wanted, LOCALES[DEFAULT]))


def choose(wanted: str, back: str) -> Response:
    """Remember the choice in a cookie and go back to where the reader was."""
    answer = make_response(redirect(local_path(back), 303))
    if wanted in LOCALES:
        answer.set_cookie(
            COOKIE,
            wanted,
            max_age=_YEAR,
            secure=programme().settings.secure_cookies,
            httponly=True,
            samesite="Lax",
        )
    return answer


def local_path(wanted: str) -> str:
    """*wanted* if it is a path of this site, else the start page."""
    plain = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if plain and wanted.isprintable() else "/"


def _chosen_locale() -> str:
    # The browser's own wish is not asked: an office machine that says English would hide from
    # those who use it that the pages are written in bokmål first.
    return LOCALES.get(request.cookies.get(COOKIE, ""), LOCALES[DEFAULT])
