"""A nurse's appointments in her own calendar program: the address, and what it gives."""

from __future__ import annotations

import re
from typing import Final

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.calendars.ics import CONTENT_TYPE, calendar, version
from api.doorway import ANYONE, allow, programmes_own_work, work, work_as
from api.web.blueprint import pages
from api.web.places import bydel_names
from nyefamilier.calendars.feeds import close_feed, feed_since, nurse_of_feed, open_feed
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotFound
from nyefamilier.visits.feed import own_appointments

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


@pages.get("/calendar/<secret>.ics")
@allow(*ANYONE)
def read_feed(secret: str) -> ResponseReturnValue:
    """A nurse's appointments, for whoever has the address that she made."""
    if not _SECRET.fullmatch(secret):
        raise NotFound("calendar feed")
    with programmes_own_work() as current:
        nurse = nurse_of_feed(current, secret)
    with work_as(nurse.actor) as current:
        found = own_appointments(current)
        names = {str(number): name for number, name in bydel_names(current, current.today).items()}
        now = current.now
    headers = {"ETag": version(found)}
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        return Response(status=304, headers=headers)
    return Response(calendar(found, names, now), headers=headers, content_type=CONTENT_TYPE)


@pages.get("/calendar/feed")
@allow(Role.NURSE)
def show_feed() -> ResponseReturnValue:
    """Whether the nurse's appointments can be read by a calendar program, and since when."""
    with work() as current:
        since = feed_since(current)
    return render_template("feed.html", since=since, address=None)


@pages.post("/calendar/feed")
@allow(Role.NURSE)
def make_feed() -> ResponseReturnValue:
    """Make the address anew, and show it this once."""
    with work() as current:
        secret = open_feed(current)
        since = feed_since(current)
    address = url_for("web.read_feed", secret=secret, _external=True)
    return render_template("feed.html", since=since, address=address)


@pages.post("/calendar/feed/close")
@allow(Role.NURSE)
def end_feed() -> ResponseReturnValue:
    """Close the address."""
    with work() as current:
        close_feed(current)
    return redirect(url_for("web.show_feed", done="feed-closed"), 303)
