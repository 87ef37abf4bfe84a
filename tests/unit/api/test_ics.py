"""A nurse's appointments as an iCalendar document, read back by another program."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.calendars.ics import calendar, version
from nyefamilier.kernel.clock import OSLO
from nyefamilier.visits.feed import OwnAppointment

NOW = datetime(2026, 3, 2, 11, tzinfo=UTC)
BYDELER = {"11": "Stovner"}


def appointment(begins: datetime, initials: str = "MS + SF", rev: int = 3) -> OwnAppointment:
    ends = begins + timedelta(hours=1)
    return OwnAppointment(UUID(int=5), rev, begins, ends, initials, "11" if initials else None)


def read(*appointments: OwnAppointment) -> list[icalendar.Event]:
    parsed = icalendar.Calendar.from_ical(calendar(appointments, BYDELER, NOW))
    return parsed.walk("VEVENT")


def test_another_program_reads_when_and_with_whom():
    [event] = read(appointment(NOW))
    assert str(event["SUMMARY"]) == "MS + SF, Stovner"
    assert event.start == NOW
    assert event.end == NOW + timedelta(hours=1)
    assert event["DTSTART"].params["TZID"] == "Europe/Oslo"
    assert (event["UID"], event["SEQUENCE"]) == (f"{UUID(int=5)}@nyefamilier", 3)
    assert event["DTSTAMP"].dt == NOW


def test_nothing_else_is_told():
    [event] = read(appointment(NOW))
    assert set(event) == {
        "UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "CLASS",
    }  # fmt: skip


def test_a_family_that_the_nurse_does_not_follow_is_an_appointment_and_no_more():
    [event] = read(appointment(NOW, initials=""))
    assert str(event["SUMMARY"]) == "Avtale"


def test_a_feed_without_appointments_is_a_calendar_all_the_same():
    parsed = icalendar.Calendar.from_ical(calendar((), BYDELER, NOW))
    assert parsed["VERSION"] == "2.0"
    assert parsed.walk("VEVENT") == []


SUMMERS = [(date, hour) for date in ("2026-03-29", "2026-10-25") for hour in (0, 1, 2, 3)]


@pytest.mark.parametrize(("date", "hour"), SUMMERS)
def test_on_a_night_on_which_the_clock_changes_the_instant_is_the_same_one(date, hour):
    at = datetime.fromisoformat(f"{date}T0{hour}:30:00+00:00")
    [event] = read(appointment(at))
    assert event.start.astimezone(UTC) == at


def test_the_time_zone_that_we_tell_is_oslos():
    text = calendar([appointment(NOW)], BYDELER, NOW)
    [zone] = icalendar.Calendar.from_ical(text).walk("VTIMEZONE")
    told = zone.to_tz(lookup_tzid=False)
    day = datetime(2024, 1, 1, 12)  # noqa: DTZ001 - by the clock on the wall
    for number in range(3 * 366):
        at = day + timedelta(days=number)
        assert at.replace(tzinfo=told).utcoffset() == at.replace(tzinfo=OSLO).utcoffset(), at


def test_lines_are_at_most_75_octets_and_end_as_they_should():
    text = calendar([appointment(NOW, "ÆØ + " * 40)], BYDELER, NOW)
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_whatever_a_name_begins_with_is_read_back_and_writes_no_line_of_its_own(initials):
    [event] = read(appointment(NOW, initials))
    shown = "".join(one for one in initials if one.isprintable())
    assert str(event["SUMMARY"]) == ", ".join(part for part in (shown, "Stovner") if part)
    assert len(event) == 7


def test_the_version_is_the_same_for_as_long_as_the_feed_tells_the_same():
    assert version([appointment(NOW)]) == version([appointment(NOW)])
    told = {
        version(one)
        for one in (
            [],
            [appointment(NOW)],
            [appointment(NOW, rev=4)],
            [appointment(NOW + timedelta(minutes=5))],
            [appointment(NOW, "AB")],
        )
    }
    assert len(told) == 5
