from __future__ import annotations

import ast
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, DateTime, LargeBinary, Table

from nyefamilier.storage.base import Base
from nyefamilier.uptake.tables import (
    NeedCount,
    Participation,
    ReleaseDay,
    ReleasedSheet,
    SheetLedger,
    SheetRevision,
    ToldFact,
    VisitCount,
)

ROOT = Path(__file__).parents[2]
ALLOWED = {
    "fact": {
        "id", "participation", "step", "kind", "bydel", "month", "told", "payload", "mixed",
    },
    "participation": {
        "key", "steps", "cohort", "bydel", "basis", "covered", "offered", "answer", "answered",
        "ended", "ended_month", "first_visit", "visits", "born", "home", "language", "in_time",
        "after_birth", "first_weeks", "in_pregnancy", "newborn", "kostra_10", "kostra_14",
    },
    "need_count": {
        "participation", "month", "theme", "bydel", "stated", "reviewed", "met",
        "no_longer_wished",
    },
    "visit_count": {
        "participation", "month", "bydel", "kind", "visits", "programme_visits", "counted_visits",
        "own_nurse", "other_parent", "qualified", "unqualified", "absent", "unscheduled",
    },
    "released_sheet": {"tabulation", "year", "area", "revision", "released", "lines"},
    "sheet_revision": {"tabulation", "year", "area", "revision", "released", "lines"},
    "sheet_ledger": {"tabulation", "year", "area", "counts", "shown", "hidden"},
    "release_day": {"day", "behind", "tabulations"},
}  # fmt: skip
FORBIDDEN = ("families", "journal", "vault", "needs.service", "needs.tables", "needs.store",
             "needs.bodies", "offers.service", "offers.tables", "offers.store",
             "visits.service", "visits.tables", "visits.store")  # fmt: skip


MAPPED = (
    ToldFact, Participation, VisitCount, NeedCount, ReleasedSheet, SheetRevision, SheetLedger,
    ReleaseDay,
)  # fmt: skip


@pytest.mark.parametrize("mapped", MAPPED)
def test_no_column_of_the_statistics_can_name_a_family(mapped: type[Base]) -> None:
    table = mapped.__table__
    assert isinstance(table, Table)
    assert set(table.columns.keys()) == ALLOWED[table.name]
    for column in table.columns:
        assert not column.foreign_keys, f"{column} points out of the statistics"
        assert not isinstance(column.type, DateTime), f"{column} is finer than a month"
        assert not isinstance(column.type, BigInteger), f"{column} could be a sequence"
        assert not isinstance(column.type, LargeBinary), f"{column} could be anything"
        default = getattr(column.server_default, "arg", None)
        told = None if default is None else str(default)
        assert told in {None, "0", "false"}, f"{column} could be the database's clock or sequence"


def test_the_statistics_are_all_the_tables_that_uptake_has() -> None:
    written = ast.parse((ROOT / "nyefamilier/uptake/tables.py").read_text())
    classes = {node.name for node in written.body if isinstance(node, ast.ClassDef)}
    assert classes == {mapped.__name__ for mapped in MAPPED}


def test_exact_counts_are_read_by_the_release_alone() -> None:
    reading = {
        path.relative_to(ROOT).as_posix()
        for folder in ("nyefamilier", "api", "scheduler")
        for path in (ROOT / folder).rglob("*.py")
        if "SheetLedger" in path.read_text() or "sheet_ledger" in path.read_text()
    }
    assert reading == {"nyefamilier/uptake/tables.py", "nyefamilier/uptake/archive.py"}
    asking = {
        path.relative_to(ROOT).as_posix()
        for folder in ("nyefamilier", "api", "scheduler")
        for path in (ROOT / folder).rglob("*.py")
        if "archive.remembered(" in path.read_text()
    }
    assert asking == {"nyefamilier/uptake/releasing.py"}


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "nyefamilier/uptake").glob("*.py")), ids=str)
def test_uptake_imports_nothing_that_knows_a_family(path: Path) -> None:
    # The import contract says it too, through every detour; this says it without a tool.
    forbidden = tuple(f"nyefamilier.{name}" for name in FORBIDDEN)
    assert not [name for name in _imports(path) if name.startswith(forbidden)]


def test_only_uptake_and_the_schema_know_the_statistics_tables() -> None:
    knowing = {
        path.relative_to(ROOT).as_posix()
        for folder in ("nyefamilier", "api", "scheduler")
        for path in (ROOT / folder).rglob("*.py")
        if "nyefamilier.uptake.tables" in _imports(path)
    }
    outside = {path for path in knowing if not path.startswith("nyefamilier/uptake/")}
    assert outside <= {"nyefamilier/schema.py"}
