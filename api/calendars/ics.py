"""Appointments as an iCalendar document, for calendar programs.

Sources: RFC 5545 sections 3.1 (folding), 3.3.5 and 3.3.11 (times, text), 3.6.1 and 3.6.5 (events,
time zones); RFC 7986 section 5.7 (how often to ask).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from nyefamilier.kernel.clock import OSLO
from nyefamilier.visits.feed import OwnAppointment

CONTENT_TYPE: Final = "text/calendar; charset=utf-8"

_LONGEST: Final = 75
"""Octets in a line; what is longer goes on in the next one, after a space."""
_BEGIN: Final = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Nye familier//Kalender//NO",
    "CALSCALE:GREGORIAN",
    "X-WR-CALNAME:Nye familier",
    "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Oslo",
    "BEGIN:DAYLIGHT",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "TZNAME:CEST",
    "DTSTART:19960331T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "TZNAME:CET",
    "DTSTART:19961027T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
)
"""What every feed begins with; summer time as it has been since 1996."""


def calendar(
    appointments: Iterable[OwnAppointment], bydeler: Mapping[str, str], now: datetime
) -> str:
    """The document.

    Args:
        appointments: What it tells.
        bydeler: The names of bydeler, by number.
        now: When it was asked for.
    """
    events = [line for one in appointments for line in _event(one, bydeler, now)]
    lines = (*_BEGIN, *events, "END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def version(appointments: Sequence[OwnAppointment]) -> str:
    """A weak ``ETag``: equal for as long as the feed tells the same."""
    told = [
        f"{one.visit_id} {one.rev} {one.begins} {one.ends} {one.initials} {one.bydel}"
        for one in appointments
    ]
    return f'W/"{sha256(chr(10).join(told).encode()).hexdigest()[:32]}"'


def _event(one: OwnAppointment, bydeler: Mapping[str, str], now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{one.visit_id}@nyefamilier"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"SEQUENCE:{one.rev}"
    yield f"DTSTART{_time(one.begins)}"
    yield f"DTEND{_time(one.ends)}"
    yield f"SUMMARY:{_text(_summary(one, bydeler))}"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def _summary(one: OwnAppointment, bydeler: Mapping[str, str]) -> str:
    told = (one.initials, bydeler.get(one.bydel or "", ""))
    # One line each: a name that holds a line break must not write a line of its own.
    shown = ("".join(filter(str.isprintable, part)) for part in told)
    return ", ".join(part for part in shown if part) or "Avtale"


def _time(value: datetime) -> str:
    """By the clock in Oslo; in the hour that comes twice, the second time, in UTC."""
    local = value.astimezone(OSLO)
    if local.fold:
        return f":{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f";TZID=Europe/Oslo:{local:%Y%m%dT%H%M%S}"


def _text(words: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", words)


def _folded(line: str) -> Iterator[str]:
    begin, room = "", _LONGEST
    part = ""
    for character in line:
        if len((part + character).encode()) > room:
            yield begin + part
            begin, room, part = " ", _LONGEST - 1, ""
        part += character
    yield begin + part
