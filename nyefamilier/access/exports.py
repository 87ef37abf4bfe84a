"""Write down every file of figures that somebody takes home, in the transaction that serves it.

What is written is which table it was, of which period and area and in which format; never what it
said. The database lets nobody change or remove a line.
"""

from __future__ import annotations

from dataclasses import dataclass

from nyefamilier.access.tables import ExportRow
from nyefamilier.storage.work import Work


@dataclass(frozen=True, slots=True)
class Export:
    """A file that is taken home.

    Args:
        what: The table or report, by the name that it has in addresses.
        period: ``2019``, ``2016-2019``, ``2019-t1``.
        area: The bydel's number; None for all of them and the city.
        form: ``csv``, ``xlsx``, ``parquet``, ``pdf``, ``json``.
    """

    what: str
    period: str
    area: str | None
    form: str


def note_export(work: Work, export: Export) -> None:
    """Write down that the actor takes a file home."""
    entry = {
        "at": work.now,
        "actor_id": work.actor.id,
        "role": work.actor.role,
        "unit": work.actor.bydel,
        "what": export.what,
        "period": export.period,
        "area": export.area,
        "form": export.form,
        "doorway": work.occasion.doorway,
        "request_id": work.occasion.request_id,
    }
    work.session.insert(ExportRow, entry)
