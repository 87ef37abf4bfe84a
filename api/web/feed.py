"""A nurse's appointments in her own calendar program: the address, and what it gives."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final, cast

from flask import Flask, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.calendars.ics import CONTENT_TYPE, Told, Words, calendar, version
from api.doorway import ANYONE, allow, programmes_own_work, work, work_as
from api.sync.pacing import Pace
from api.web.blueprint import pages
from api.web.language import DEFAULT, language, speaking
from api.web.places import bydel_names
from api.web.texts import _
from nyefamilier.accounts.bearers import digest_of
from nyefamilier.calendars.feeds import Feed, close_feed, feed_with, open_feed, own_feed
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.clock import day_of
from nyefamilier.kernel.errors import NotFound, TooMany
from nyefamilier.storage.work import Work
from nyefamilier.visits.feed import own_appointments

A_MINUTE: Final = 6
"""How often an address is read in a minute, by all programs together that have it."""

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_PACE: Final = "calendar-feed-pace"


def slow_feeds_down(app: Flask) -> None:
    """Let each address be read `A_MINUTE` times a minute: each time opens families."""
    app.extensions[_PACE] = Pace(A_MINUTE, _too_often)


@pages.get("/calendar/<secret>.ics")
@allow(*ANYONE)
def read_feed(secret: str) -> ResponseReturnValue:
    """A nurse's appointments, for whoever has the address that she made."""
    if not _SECRET.fullmatch(secret):
        raise NotFound("calendar feed")
    cast("Pace", current_app.extensions[_PACE]).step(digest_of(secret))
    with programmes_own_work() as current:
        known = feed_with(current, secret)
    with work_as(known.nurse.actor) as current:
        told = Told(own_appointments(current), _renew_by(current, known.feed))
        words, now = _words(current), current.now
    headers = {"ETag": version(told, words)}
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        return Response(status=304, headers=headers)
    return Response(calendar(told, words, now), headers=headers, content_type=CONTENT_TYPE)


@pages.get("/calendar/feed")
@allow(Role.NURSE)
def show_feed() -> ResponseReturnValue:
    """Whether the nurse's appointments can be read by a calendar program, and since when."""
    with work() as current:
        return _page(current, own_feed(current))


@pages.post("/calendar/feed")
@allow(Role.NURSE)
def make_feed() -> ResponseReturnValue:
    """Make the address anew, and show it this once."""
    with work() as current:
        secret = open_feed(current)
        # The program that reads it has no cookie: the address itself says in which language.
        chosen = None if language() == DEFAULT else language()
        address = url_for("web.read_feed", secret=secret, language=chosen, _external=True)
        return _page(current, own_feed(current), address)


@pages.post("/calendar/feed/close")
@allow(Role.NURSE)
def end_feed() -> ResponseReturnValue:
    """Close the address."""
    with work() as current:
        close_feed(current)
    return redirect(url_for("web.show_feed", done="feed-closed"), 303)


def _too_often(wait: timedelta) -> TooMany:
    return TooMany(
        "feed-too-often", "This calendar is asked for too often. Once an hour is enough.", wait=wait
    )


def _page(work: Work, feed: Feed | None, address: str | None = None) -> str:
    return render_template("feed.html", feed=feed, address=address, now=work.now)


def _renew_by(work: Work, feed: Feed) -> date | None:
    last = feed.until - timedelta(microseconds=1)
    return day_of(last) if feed.ends_soon(work.now) else None


def _words(work: Work) -> Words:
    names = bydel_names(work, work.today)
    with speaking(request.args.get("language", "")):
        return Words(
            {str(number): name for number, name in names.items()},
            appointment=_("Appointment"),
            renew=_("Nye familier: make a new calendar address"),
        )
