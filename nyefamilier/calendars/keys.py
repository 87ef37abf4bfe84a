"""The key of a nurse's calendar, under which lies why she is away."""

from __future__ import annotations

from nyefamilier.calendars import store
from nyefamilier.calendars.rules import AbsenceKind
from nyefamilier.calendars.tables import AbsenceRow, CalendarRow
from nyefamilier.kernel.errors import Unavailable
from nyefamilier.kernel.ids import UserId
from nyefamilier.storage.work import Work
from nyefamilier.vault.calendars import CalendarCipher, CannotOpen
from nyefamilier.vault.provider import Wrapped
from nyefamilier.vault.vault import WrappedKey


def locked_calendar(work: Work, nurse_id: UserId) -> CalendarRow:
    """A nurse's calendar, made when it is first written into, held till the work ends.

    Raises:
        Unavailable: the key provider is away.
    """
    found = store.calendar(work.session, nurse_id, lock=True)
    if found is not None:
        return found
    key = work.vault.new_calendar_key(nurse_id)
    values = {
        "nurse_id": nurse_id,
        "key_id": key.id,
        "key_version": key.version,
        "key_provider": key.wrapped.provider,
        "kek": key.wrapped.kek,
        "kek_version": key.wrapped.version,
        "wrapped": key.wrapped.blob,
    }
    store.add_calendar(work.session, values)
    return locked_calendar(work, nurse_id)


def cipher_of(work: Work, calendar: CalendarRow) -> CalendarCipher:
    """Seals and opens why the nurse is away.

    Raises:
        Unavailable: the key provider is away, or will not open this key.
    """
    wrapped = Wrapped(calendar.key_provider, calendar.kek, calendar.kek_version, calendar.wrapped)
    key = WrappedKey(calendar.key_id, calendar.key_version, wrapped)
    return work.vault.open_calendar_key(calendar.nurse_id, key)


def kind_of(cipher: CalendarCipher, row: AbsenceRow) -> AbsenceKind:
    """Why the nurse is away.

    Raises:
        Unavailable: ``record-damaged``: the row was damaged or swapped.
    """
    try:
        return AbsenceKind(cipher.open(row.id, row.kind))
    except CannotOpen as error:
        raise Unavailable(
            "record-damaged",
            f"The absence {row.id} does not open: it was damaged or is not where it was written. "
            "Nothing was changed; tell the operator.",
        ) from error
