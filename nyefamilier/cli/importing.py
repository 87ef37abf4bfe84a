"""``nyefamilier import``: take in a list of referrals or of births."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from config.settings import read_settings
from nyefamilier.bootstrap import Programme, bootstrap
from nyefamilier.intake.columns import Kind
from nyefamilier.intake.desk import Became, Handled
from nyefamilier.intake.rejects import Rejects, names_beside
from nyefamilier.intake.service import take_in
from nyefamilier.intake.source import Source
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Malformed, Unavailable
from nyefamilier.kernel.ids import new_id

PARTLY = 3
"""The exit code when some rows were rejected."""


@dataclass(slots=True)
class Report:
    """How many rows became what, and which reasons were given how often."""

    rows: Counter[Became] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, handled: Handled) -> None:
        """Count a row."""
        self.rows[handled.became] += 1
        self.reasons.update(one.code for one in handled.flaws)

    @property
    def read(self) -> int:
        """All rows; each became exactly one thing."""
        return self.rows.total()


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", required=True, type=click.Choice([one.value for one in Kind]))
@click.option("--dry-run", is_flag=True, help="Check every row and change nothing.")
@click.option(
    "--rejects",
    "rejects_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where rejected rows go; without it, beside FILE, and in a dry run nowhere.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def import_(
    file: Path, kind: str, *, dry_run: bool, rejects_path: Path | None, as_json: bool
) -> None:
    """Take in FILE, a list of referrals or of births in CSV (docs/import.md has its columns).

    Good rows are imported. Bad ones are told with line, column and reason, and written to a file
    that can be corrected and imported in its turn. Importing the same rows again changes nothing.

    Exit codes: 0 all rows are in; 3 some were rejected; 1 nothing could be done; 2 wrong usage.
    """
    names = _names_for_rejects(file, rejects_path, dry_run=dry_run)
    report = Report()
    with _opened(file, Kind(kind)) as source, _programme() as programme:
        rejects = None if names is None else Rejects(names, source)
        _run(programme, source, report, rejects, dry_run=dry_run)
        refused = None if rejects is None else rejects.path
        _tell(source, report, refused, dry_run=dry_run, as_json=as_json)
    sys.exit(PARTLY if report.rows[Became.REJECTED] else 0)


def _names_for_rejects(file: Path, asked: Path | None, *, dry_run: bool) -> Iterable[Path] | None:
    """Where rejected rows may go; nowhere in a dry run that was not told where."""
    if asked is None and dry_run:
        return None
    folder = (asked or file).parent
    if asked is not None and os.path.lexists(asked):
        raise click.BadParameter(f"{asked} is there already and is never written over.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise click.BadParameter(
            f"No file can be made in {folder}. Say with --rejects where rejected rows go."
        )
    return names_beside(file) if asked is None else (asked,)


@contextmanager
def _opened(file: Path, kind: Kind) -> Generator[Source, None, None]:
    if not file.is_file():
        raise Malformed("import-file", "This is not an ordinary file; an import reads it twice.")
    try:
        opened = file.open("rb")
    except OSError as error:
        raise Malformed("import-file", f"The file cannot be read: {error.strerror}.") from error
    with opened:
        yield Source(opened, kind)


@contextmanager
def _programme() -> Generator[Programme, None, None]:
    programme = bootstrap(read_settings())
    try:
        if not programme.readiness()["migrations"]:
            raise Unavailable(
                "database-not-migrated",
                "The database is not at the newest version. Run `nyefamilier migrate` first.",
            )
        yield programme
    finally:
        programme.close()


def _run(
    programme: Programme, source: Source, report: Report, rejects: Rejects | None, *, dry_run: bool
) -> None:
    """Import, tell and count every row, and write down the rejected ones."""
    open_work = partial(programme.work, SYSTEM, "import", new_id(programme.clock()))
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    rows = take_in(open_work, source, dry_run=dry_run)
    with _stops_told(console, report), _closing(rejects):
        for handled in _watched(rows, source, console):
            report.add(handled)
            _tell_bad(console, handled)
            if rejects is not None and handled.became is Became.REJECTED:
                with _writing():
                    rejects.add(handled.record, handled.flaws)


@contextmanager
def _stops_told(console: Console, report: Report) -> Generator[None, None, None]:
    try:
        yield
    except BaseException:
        console.print(f"Stopped after {report.read} rows; run the same again to go on.")
        raise


@contextmanager
def _closing(rejects: Rejects | None) -> Generator[None, None, None]:
    try:
        yield
    finally:
        if rejects is not None:
            with _writing():
                rejects.close()


@contextmanager
def _writing() -> Generator[None, None, None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(
            "rejects-unwritable",
            f"The rejected rows cannot be written: {error.strerror}. Make room, or name another "
            "place with --rejects, and run the same again.",
        ) from error


def _watched(rows: Iterator[Handled], source: Source, console: Console) -> Iterator[Handled]:
    """The same rows, with a bar on a terminal that shows how far into the file they are."""
    columns = (TextColumn("importing"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    still = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=still) as progress:
        bar = progress.add_task("", total=source.size)
        for handled in rows:
            progress.update(bar, completed=source.position)
            yield handled


def _tell_bad(console: Console, handled: Handled) -> None:
    for one in handled.flaws:
        place = f"line {handled.record.line}"
        place += f", {one.column}" if one.column else ""
        console.print(f"{place}: {one.english} \\[{one.code}]")


def _tell(
    source: Source, report: Report, refused: Path | None, *, dry_run: bool, as_json: bool
) -> None:
    counts = {one.value: report.rows[one] for one in Became}
    if as_json:
        told = {
            "kind": source.kind,
            "encoding": source.encoding,
            "delimiter": source.delimiter,
            "dry_run": dry_run,
            "read": report.read,
            **counts,
            "reasons": dict(sorted(report.reasons.items())),
            "rejects": None if refused is None else str(refused),
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    would = "would be imported" if dry_run else "imported"
    click.echo(
        f"{report.read} rows read: {counts['imported']} {would}, {counts['already_there']} already "
        f"there, {counts['rejected']} rejected."
    )
    if refused is not None:
        click.echo(
            f"The rejected rows are in {refused}, readable by you only. Correct them there and "
            "import that file."
        )
