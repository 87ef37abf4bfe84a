"""Released figures beside a bare read, in a city and in larger ones; what facts cost; rebuilding.

Run ``python -m bench uptake``. A bare read takes one sheet by its primary key and answers with its
revision: the same sign-in, the same unit of work, and nothing of statistics. The questions take
turns, so that what else the machine does meets all of them alike. Visits are recorded with and
without those who hear facts, by turns as well.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any, cast
from uuid import uuid4

from flask.testing import FlaskClient
from marshmallow import fields as ma
from sqlalchemy import text

from api.app import create_app
from api.doorway import guarded_blueprint, work
from api.fields import Shown
from bench import _facts
from bench._asking import BARE, Kind, ask_of, in_turns, percentile, print_ratios
from bench._machine import usage
from bench._pages import BARE_READ, LEAD, PASSWORD
from bench._pages import questions as pages
from bench.pull import family, nurse, private, write
from nyefamilier import bootstrap
from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.accounts.service import NewAccount, create_account
from nyefamilier.accounts.sessions import issue_token
from nyefamilier.bootstrap import Programme
from nyefamilier.kernel.actors import SYSTEM, Actor, Role
from nyefamilier.kernel.ids import BydelNumber, FamilyId
from nyefamilier.storage.work import Subscriber
from nyefamilier.sync.publishing import release_figures
from nyefamilier.uptake.patience import take_time
from nyefamilier.uptake.service import HEARERS, rebuild_projections, sheet
from nyefamilier.uptake.tabulations import BY_ID, TABULATIONS, By
from nyefamilier.visits.intents import Outcome, RecordVisit

bare = guarded_blueprint("bare_sheet", __name__, "/bare-sheet", roles=[Role.LEAD])


class _Revision(Shown):
    revision = ma.Integer()


@bare.get("")  # type: ignore[untyped-decorator]
@bare.response(200, _Revision)  # type: ignore[untyped-decorator]
def read_bare() -> dict[str, Any]:
    """The revision of one sheet."""
    with work() as current:
        found = current.session.execute(text(BARE_READ), {"year": _facts.NEWEST_YEAR})
        return {"revision": found.scalar_one()}


class _Lines(Shown):
    lines = ma.Dict()


@bare.get("/<tabulation>")  # type: ignore[untyped-decorator]
@bare.response(200, _Lines)  # type: ignore[untyped-decorator]
def read_sheet(tabulation: str) -> dict[str, Any]:
    """One tabulation's counts of a year, read as the pages read them."""
    area = BydelNumber("11") if BY_ID[tabulation].by is By.TERTIAL else None
    with work() as current:
        found = sheet(current, tabulation, _facts.NEWEST_YEAR, area)
    return {
        "lines": {
            line: {column: shown.value for column, shown in counts.items()}
            for line, counts in found.lines.items()
        }
    }


def main(words: Sequence[str] = ()) -> None:
    """Measure, and print the ratios."""
    options = _parser().parse_args(words)
    found = [(times, _city(times, options.turns)) for times in sorted(options.times)]
    for what in ("figures", "pages"):
        _print_flat(what, {times: p95[what] for times, p95 in found})
    _facts_cost(options.visits)


def _city(times: int, turns: int) -> Mapping[str, Mapping[str, float]]:
    """What figures, and pages of them, cost in a city so many times as large: p95 in seconds."""
    with private() as programme:
        nurse(programme)  # the bydeler and a first account
        told = _facts.tell(programme, times)
        _rebuild(programme, told)
        _release(programme)
        print(f"\nThe city times {times}: {told:,} facts, each question {turns} times in turn:")
        figures = _questions(*_client(programme))
        return {"figures": _timed(figures, turns, "figures"),
                "pages": _timed(pages(programme), turns, "pages")}  # fmt: skip


def _timed(asked: Mapping[str, Kind], turns: int, title: str) -> Mapping[str, float]:
    before = usage()
    took = in_turns(turns, asked)
    print()
    print_ratios(took, title)
    print(f"\nOthers took {(usage() - before).foreign:.0%} of the CPU meanwhile.")
    return percentile(took, 95)


def _rebuild(programme: Programme, told: int) -> None:
    begun = perf_counter()
    with programme.work(SYSTEM, "bench") as current:
        take_time(current.session)
        rebuild_projections(current)
    took = perf_counter() - begun
    print(f"Rebuilt from {told:,} facts: {told / took:,.0f} events a second, on one core.")


def _release(programme: Programme) -> None:
    begun = perf_counter()
    written = release_figures(
        partial(programme.work, SYSTEM, "bench"), partial(programme.snapshot, SYSTEM, "bench")
    )
    print(f"Released {written} sheets in {perf_counter() - begun:.1f} s.")


def _client(programme: Programme) -> tuple[FlaskClient, dict[str, str]]:
    app = create_app(programme)
    app.register_blueprint(bare)
    return app.test_client(), {"Authorization": f"Bearer {_lead(programme)}"}


def _lead(programme: Programme) -> str:
    account = NewAccount(LEAD, "Stille Fjell", Role.LEAD, BydelNumber("11"), PASSWORD)
    with programme.work(SYSTEM, "bench") as current:
        lead = create_account(current, account)
        return issue_token(current, lead.id, Lifetimes()).secret


def _questions(client: FlaskClient, headers: dict[str, str]) -> dict[str, Kind]:
    """The bare read, each tabulation of the newest year that is there, and the API's uptake."""
    year = _facts.NEWEST_YEAR
    paths = {BARE: "/bare-sheet", "GET uptake": f"/api/v1/uptake?from={year}&to={year}"}
    paths |= {table.id: f"/bare-sheet/{table.id}" for table in TABULATIONS}
    return {kind: partial(ask_of, client, headers, path) for kind, path in paths.items()}


def _print_flat(what: str, p95: Mapping[int, Mapping[str, float]]) -> None:
    """How p95 grows with the city, as a multiple of the bare one's in the same city."""
    least = min(p95)
    for times, found in p95.items():
        grown = [
            (found[kind] / found[BARE]) / (p95[least][kind] / p95[least][BARE])
            for kind in found
            if kind != BARE
        ]
        grew = f"{min(grown):.2f} to {max(grown):.2f}"
        print(f"\nTimes {times}: p95 of {what} against times {least}: {grew}.")


def _facts_cost(visits: int) -> None:
    """What it adds to recording a visit that statistics hear of it."""
    with private() as programme:
        actor, _ = nurse(programme)
        home, _ = family(programme, actor, 1)
        ways = {BARE: _without_facts, "with facts": _as_it_is}
        took = in_turns(visits, {way: partial(_record, *(programme, actor, home), of)
                                  for way, of in ways.items()})  # fmt: skip
    middle = {way: median(one) for way, one in took.items()}
    added = middle["with facts"] / middle[BARE] - 1
    print(f"\nA visit recorded, {visits} times each way: facts add {added:.1%} (median).")


def _record(programme: Programme, actor: Actor, home: FamilyId, way: Callable[[], Any]) -> None:
    at = programme.clock() - timedelta(days=2)
    with way():
        write(programme, actor, home, RecordVisit(uuid4(), Outcome.DONE, at, 60))


@contextmanager
def _as_it_is() -> Generator[None]:
    yield


@contextmanager
def _without_facts() -> Generator[None]:
    """Nobody hears facts meanwhile."""
    subscribers = cast("dict[type, tuple[Subscriber, ...]]", bootstrap.SUBSCRIBERS)
    everybody = dict(subscribers)
    for event, hearers in everybody.items():
        subscribers[event] = tuple(one for one in hearers if one not in HEARERS)
    try:
        yield
    finally:
        subscribers.update(everybody)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench uptake", description=__doc__)
    parser.add_argument("--turns", type=int, default=200, help="how often each is asked")
    parser.add_argument("--visits", type=int, default=400, help="how many are recorded each way")
    parser.add_argument(
        "--times", type=int, nargs="+", default=[1, 10, 100], help="the city so many times"
    )
    return parser
