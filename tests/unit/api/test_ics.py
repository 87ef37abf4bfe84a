"""A nurse's appointments as an iCalendar document, read back by another program."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.calendars.ics import Told, Words, calendar, version
from nyefamilier.kernel.clock import OSLO
from nyefamilier.visits.feed import OwnAppointment

NOW = datetime(2026, 3, 2, 11, tzinfo=UTC)
WORDS = Words({"11": "Stovner"}, appointment="Avtale", renew="Lag en ny adresse, nå")


def appointment(begins: datetime, initials: str = "MS + SF", rev: int = 3) -> OwnAppointment:
    ends = begins + timedelta(hours=1)
    return OwnAppointment(UUID(int=5), rev, begins, ends, initials, "11" if initials else None)


def read(*appointments: OwnAppointment) -> list[icalendar.Event]:
    parsed = icalendar.Calendar.from_ical(document(*appointments))
    return parsed.walk("VEVENT")


def document(*appointments: OwnAppointment) -> str:
    return calendar(Told(appointments, None), WORDS, NOW)


def test_a_whole_day_asks_for_a_new_address_and_takes_no_time():
    parsed = icalendar.Calendar.from_ical(calendar(Told((), date(2026, 3, 20)), WORDS, NOW))
    [event] = parsed.walk("VEVENT")
    assert (event.start, event.end) == (date(2026, 3, 20), date(2026, 3, 21))
    assert (str(event["SUMMARY"]), event["TRANSP"]) == ("Lag en ny adresse, nå", "TRANSPARENT")


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
    parsed = icalendar.Calendar.from_ical(document())
    assert parsed["VERSION"] == "2.0"
    assert parsed.walk("VEVENT") == []


SUMMERS = [(day, hour) for day in ("2026-03-29", "2026-10-25") for hour in (0, 1, 2, 3)]


@pytest.mark.parametrize(("day", "hour"), SUMMERS)
def test_on_a_night_on_which_the_clock_changes_the_instant_is_the_same_one(day, hour):
    at = datetime.fromisoformat(f"{day}T0{hour}:30:00+00:00")
    [event] = read(appointment(at))
    assert event.start.astimezone(UTC) == at


def test_the_time_zone_that_we_tell_is_oslos():
    [zone] = icalendar.Calendar.from_ical(document(appointment(NOW))).walk("VTIMEZONE")
    told = zone.to_tz(lookup_tzid=False)
    day = datetime(2024, 1, 1, 12)  # noqa: DTZ001 - by the clock on the wall
    for number in range(3 * 366):
        at = day + timedelta(days=number)
        assert at.replace(tzinfo=told).utcoffset() == at.replace(tzinfo=OSLO).utcoffset(), at


def test_lines_are_at_most_75_octets_and_end_as_they_should():
    text = document(appointment(NOW, "ÆØ + " * 40))
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
    def of(*told: OwnAppointment, by: date | None = None, words: Words = WORDS) -> str:
        return version(Told(told, by), words)

    assert of(appointment(NOW)) == of(appointment(NOW))
    told = {
        of(),
        of(appointment(NOW)),
        of(appointment(NOW, rev=4)),
        of(appointment(NOW + timedelta(minutes=5))),
        of(appointment(NOW, "AB")),
        of(by=date(2026, 3, 20)),
        of(words=Words({}, "Appointment", "")),
    }
    assert len(told) == 7
