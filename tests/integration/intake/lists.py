"""Lists on the disk, and their import into a test's city."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from nyefamilier.families.tables import FamilyRow
from nyefamilier.intake.columns import Kind
from nyefamilier.intake.desk import Became, Handled
from nyefamilier.intake.rejects import Rejects, names_beside
from nyefamilier.intake.service import take_in
from nyefamilier.intake.source import Source
from nyefamilier.kernel.actors import SYSTEM
from tests.cities import City


@dataclass
class Result:
    """What an import came to."""

    handled: list[Handled] = field(default_factory=list)
    rejects: Path | None = None

    @property
    def counts(self) -> dict[str, int]:
        became = Counter(one.became for one in self.handled)
        return {"read": len(self.handled)} | {one.value: became[one] for one in Became}

    @property
    def flaws(self) -> list[tuple[int, str | None, str]]:
        return [
            (one.record.line, flaw.column, flaw.code) for one in self.handled for flaw in one.flaws
        ]


def run_in(
    city: City,
    folder: Path,
    text: bytes | str,
    kind: Kind = Kind.REFERRALS,
    *,
    dry_run: bool = False,
) -> Result:
    path = folder / f"list-{len(list(folder.iterdir()))}.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with path.open("rb") as file:
        source = Source(file, kind)
        rejects = Rejects(names_beside(path), source)
        result = Result()
        opened = partial(city.programme.work, SYSTEM, "import")
        for one in take_in(opened, source, dry_run=dry_run):
            result.handled.append(one)
            if one.became is Became.REJECTED:
                rejects.add(one.record, one.flaws)
        rejects.close()
    result.rejects = rejects.path
    return result


def families(city: City) -> int:
    with city.programme.sessions() as session:
        return session.scalar(select(func.count()).select_from(FamilyRow)) or 0
