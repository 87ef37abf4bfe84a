"""Appointments as an iCalendar document, for calendar programs.

Sources: RFC 5545 sections 3.1 (folding), 3.3.5 and 3.3.11 (times, text), 3.6.1 and 3.6.5 (events,
time zones); RFC 7986 section 5.7 (how often to ask).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
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


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a feed, in the nurse's language.

    Args:
        bydeler: The names of bydeler, by number.
        appointment: What an appointment is called of which no more may be told.
        renew: What asks her to make the address anew.
    """

    bydeler: dict[str, str]
    appointment: str
    renew: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a feed tells.

    Args:
        appointments: The nurse's, in order.
        renew_by: The last day on which the address is good, where that is soon.
    """

    appointments: tuple[OwnAppointment, ...]
    renew_by: date | None


def calendar(told: Told, words: Words, now: datetime) -> str:
    """The document.

    Args:
        told: What it tells.
        words: In which words.
        now: When it was asked for.
    """
    events = [line for one in told.appointments for line in _event(one, words, now)]
    if told.renew_by is not None:
        events += _reminder(told.renew_by, words.renew, now)
    lines = (*_BEGIN, *events, "END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def version(told: Told, words: Words) -> str:
    """A weak ``ETag``: equal for as long as the feed tells the same."""
    parts = [words.appointment, str(told.renew_by)]
    parts += [
        f"{one.visit_id} {one.rev} {one.begins} {one.ends} {_summary(one, words)}"
        for one in told.appointments
    ]
    return f'W/"{sha256(chr(10).join(parts).encode()).hexdigest()[:32]}"'


def _event(one: OwnAppointment, words: Words, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{one.visit_id}@nyefamilier"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"SEQUENCE:{one.rev}"
    yield f"DTSTART{_time(one.begins)}"
    yield f"DTEND{_time(one.ends)}"
    yield f"SUMMARY:{_text(_summary(one, words))}"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def _reminder(day: date, words: str, now: datetime) -> Iterator[str]:
    """An event of a whole day that takes no time."""
    yield "BEGIN:VEVENT"
    yield f"UID:renew-{day:%Y%m%d}@nyefamilier"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(words)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _summary(one: OwnAppointment, words: Words) -> str:
    told = (one.initials, words.bydeler.get(one.bydel or "", ""))
    # One line each: a name that holds a line break must not write a line of its own.
    shown = ("".join(filter(str.isprintable, part)) for part in told)
    return ", ".join(part for part in shown if part) or words.appointment


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
