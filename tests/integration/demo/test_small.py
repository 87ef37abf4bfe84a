"""What the first start loads, seen through the statistics that a page shows."""

from __future__ import annotations

from nyefamilier.bootstrap import SUBSCRIBERS
from nyefamilier.demo.casting import cast_crew
from nyefamilier.demo.loading import load
from nyefamilier.demo.sizes import Size, lives_of
from nyefamilier.demo.staging import Stage
from nyefamilier.demo.telling import tell
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake.indicators import Period
from nyefamilier.uptake.service import uptake_of
from tests.integration.demo.conftest import NOW, SEED
from tests.releasing import release_now

STOVNER = BydelNumber("11")


def test_stovners_uptake_in_2016_is_shown_and_reads_83_percent(city):
    city.clock.now = NOW
    with city.programme.work(SYSTEM, "demo") as work:
        crew = cast_crew(work, most_nurses=4)
    lives = lives_of(Size.SMALL, SEED, NOW.date())
    early = [life for life in lives if life.identified.year == 2016]
    stage = Stage(city.programme.sessions, city.programme.vault, SUBSCRIBERS)
    load(stage, [tell(life, crew, SEED, NOW) for life in early])
    release_now(city.programme)

    with city.programme.work(SYSTEM) as work:
        report = uptake_of(work, Period.year(2016))
    stovner = next(line for line in report.bydeler if line.bydel == STOVNER)
    assert (stovner.offered, stovner.accepted, stovner.declined) == (30, 25, 5)
    assert stovner.uptake is not None
    assert f"{stovner.uptake.value:.0%}" == "83%"
