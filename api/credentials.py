"""What a request proves its sender with: a bearer token at the API, a cookie at the pages.

Never both. A browser sends cookies by itself, so an API that took them could be called by any
page on the web in a signed-in nurse's name.
"""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Response, request

from api.programme import programme
from api.request_log import request_id
from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.accounts.sessions import (
    Bearer,
    account_of_session,
    account_of_token,
    not_signed_in,
)
from nyefamilier.kernel.actors import SYSTEM

_BEARER = re.compile(r"Bearer ([A-Za-z0-9_-]{20,100})", re.ASCII)
_SECRET = re.compile(r"[A-Za-z0-9_-]{20,100}", re.ASCII)


def bearer_identity() -> AccountIdentity:
    """Whose token the request carries.

    Raises:
        NotSignedIn: it carries none that is good.
    """
    secret = bearer_secret()
    with programme().glance(SYSTEM) as glance:
        return account_of_token(glance, secret)


def bearer_secret() -> str:
    """The token itself.

    Raises:
        NotSignedIn: the header is missing or is not a bearer token.
    """
    found = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    if found is None:
        raise not_signed_in()
    return found[1]


def session_identity() -> AccountIdentity:
    """Who has the page session whose cookie the request carries.

    Raises:
        NotSignedIn: it carries none that is good.
    """
    secret = session_secret()
    with programme().work(SYSTEM, doorway="web", request_id=request_id()) as work:
        return account_of_session(work, secret, lifetimes())


def session_secret() -> str:
    """The cookie's value.

    Raises:
        NotSignedIn: there is no cookie, or not one of ours.
    """
    secret = request.cookies.get(cookie_name(), "")
    if not _SECRET.fullmatch(secret):
        raise not_signed_in()
    return secret


def set_session_cookie(response: Response, bearer: Bearer) -> None:
    """Give the browser its session, for this browser session only."""
    response.set_cookie(
        cookie_name(),
        bearer.secret,
        secure=programme().settings.secure_cookies,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def clear_session_cookie(response: Response) -> None:
    """Take the session from the browser, and what it has kept of our pages.

    Not "storage": at the same address lies the field app's, with what a nurse has not sent yet. It
    is sealed, and its own key, lease and wipe see to it.
    """
    response.delete_cookie(
        cookie_name(),
        secure=programme().settings.secure_cookies,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    response.headers["Clear-Site-Data"] = '"cache", "cookies"'


def cookie_name() -> str:
    """The cookie's name; the prefix makes the browser refuse it from elsewhere (RFC 6265bis)."""
    return "__Host-nyefamilier" if programme().settings.secure_cookies else "nyefamilier"


def lifetimes() -> Lifetimes:
    """How long this deployment lets people stay signed in."""
    settings = programme().settings
    return Lifetimes(
        idle=timedelta(minutes=settings.session_idle_minutes),
        absolute=timedelta(hours=settings.session_hours),
        token=timedelta(minutes=settings.token_minutes),
        shift=timedelta(hours=settings.shift_hours),
    )
