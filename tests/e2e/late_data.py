"""Families that the figures hear of late, and a release: `python -m tests.e2e.late_data`.

Run beside a programme that has released figures, it makes a second revision of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from uuid import uuid4

from config.settings import read_settings
from nyefamilier.bootstrap import bootstrap
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.offers.events import ChildBorn, FamilyIdentified, OfferAnswered, OfferMade
from nyefamilier.offers.states import Answer, Basis, Channel
from nyefamilier.uptake.ledger import Heard
from nyefamilier.uptake.service import load
from nyefamilier.visits.events import VisitDone
from tests.e2e.served import ROOT, Served
from tests.releasing import release_now

YEAR, STOVNER = 2019, BydelNumber("11")
FAMILIES = 24
"""So many that no released count stands from before."""


def tell_late(served: Served) -> None:
    """Let the programme hear of them, and release."""
    environment = {**os.environ, "NYEFAMILIER_VAR": str(served.var)}
    environment.pop("NYEFAMILIER_DATABASE_URL", None)
    subprocess.run(
        [sys.executable, "-m", "tests.e2e.late_data"], cwd=ROOT, env=environment, check=True
    )


def main() -> None:
    """Tell the facts and release."""
    programme = bootstrap(read_settings())
    try:
        with programme.work(SYSTEM, "test") as work:
            load(work, [fact for number in range(FAMILIES) for fact in _course(number)])
        release_now(programme)
    finally:
        programme.close()


def _course(number: int) -> Iterator[Heard]:
    key, basis, programme = uuid4(), Basis.FIRST_CHILD, "nye_familier"
    answer = Answer.NO if number % 4 == 0 else Answer.YES
    yield FamilyIdentified(key, STOVNER, date(YEAR, 3, 1), basis)
    yield OfferMade(key, STOVNER, date(YEAR, 3, 1), programme, basis, Channel.MIDWIFE)
    yield OfferAnswered(key, STOVNER, date(YEAR, 3, 1), programme, answer)
    yield ChildBorn(key, STOVNER, date(YEAR, 6, 1), None)
    if answer is Answer.YES:
        counts_as = ("programvisit", "konsultasjon_1", "nyfodt_7_10", "kostra_14_dager")
        month = date(YEAR, 6, 1)
        yield VisitDone(
            key, STOVNER, month, programme, "nyfodt", 75, True, counts_as, True, number % 2 == 0
        )


if __name__ == "__main__":
    main()
