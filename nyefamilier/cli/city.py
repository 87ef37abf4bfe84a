"""Loads the demonstration city, in this process or in several, and shows how far it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)

from config.settings import read_settings
from nyefamilier.bootstrap import SUBSCRIBERS, Programme, bootstrap
from nyefamilier.demo.canaries import canaries
from nyefamilier.demo.casting import cast_crew
from nyefamilier.demo.crew import Crew
from nyefamilier.demo.lives import Life
from nyefamilier.demo.loading import Played, Tell, load, play, settle
from nyefamilier.demo.planning import keep_history
from nyefamilier.demo.sizes import Size, lives_of
from nyefamilier.demo.staging import Stage
from nyefamilier.demo.standing import stand
from nyefamilier.demo.stories import Story
from nyefamilier.demo.telling import tell
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.clock import day_of, stopwatch
from nyefamilier.sync.publishing import release_figures

SEED = 2016
"""The seed of the demonstration that is loaded at the first start."""
SHARE = 400
"""Families that a worker takes at a time."""
NURSES_OF_SMALL = 9
"""As many as Stovner has in the whole city: each of those who sign in then has a handful."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be loaded: a size of a seed's city, told until an instant."""

    size: Size
    seed: int
    until: datetime

    @property
    def most_nurses(self) -> int | None:
        """How many nurses a bydel has at most."""
        return NURSES_OF_SMALL if self.size is Size.SMALL else None

    def lives(self) -> list[Life]:
        """The lives of its families."""
        return lives_of(self.size, self.seed, day_of(self.until))

    def stories(self, lives: Iterable[Life], crew: Crew) -> Iterator[Story]:
        """Some lives as stories."""
        return (tell(life, crew, self.seed, self.until) for life in lives)


def load_small(programme: Programme, console: Console) -> Played:
    """Load the small size, in this process; for the first start."""
    return load_city(programme, console, Size.SMALL, SEED, workers=1)


def load_city(
    programme: Programme, console: Console, size: Size, seed: int, workers: int
) -> Played:
    """Load a size of the city.

    Raises:
        Conflict: ``another-city``: the database holds a demonstration with another seed.
    """
    began = stopwatch()
    with programme.work(SYSTEM, "demo") as work:
        job = Job(size, seed, stand(work.session, seed, work.now))
        crew = cast_crew(work, most_nurses=job.most_nurses)
    lives = job.lives()
    with _progress(console, len(lives)) as told:
        if workers == 1:
            played = load(_stage(programme), job.stories(lives, crew), told)
        else:
            played = _load_shares(job, len(lives), workers, told)
    settle(_stage(programme), programme.clock())
    release_figures(partial(programme.work, SYSTEM, "demo"), partial(programme.snapshot, SYSTEM))
    with programme.work(SYSTEM, "demo") as work:
        keep_history(work)
    console.print(
        f"{played.families:,} families with {played.mutations:,} changes are new, "
        f"{played.there_already:,} families were there; {stopwatch() - began:.0f} s."
    )
    return played


def plant_canaries(programme: Programme, file: Path, seed: int) -> None:
    """Put families with words that can be searched for through the door; write the words down."""
    now = programme.clock()
    with programme.work(SYSTEM, "demo") as work:
        crew = cast_crew(work, most_nurses=NURSES_OF_SMALL)
    planted = canaries(crew, seed, now)
    play(_stage(programme), planted.stories)
    file.write_text(json.dumps(planted.words, ensure_ascii=False, indent=1), "utf-8")


def _load_shares(job: Job, count: int, workers: int, told: Tell) -> Played:
    """Load the job's lives in several processes, a share at a time."""
    played = Played()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for done in pool.map(partial(_work, job), range(0, count, SHARE)):
            played += done
            told(done.families + done.there_already)
    return played


def _work(job: Job, at: int) -> Played:
    """One share, in a worker process."""
    stage, crew, lives = _worker(job)
    return load(stage, job.stories(lives[at : at + SHARE], crew))


@cache
def _worker(job: Job) -> tuple[Stage, Crew, list[Life]]:
    """What a worker process makes once: its own connections, and the same lives as its siblings.

    The database outlives it; its hold on the embedded one goes with the process.
    """
    programme = bootstrap(read_settings())
    with programme.work(SYSTEM, "demo") as work:
        crew = cast_crew(work, most_nurses=job.most_nurses)
    return _stage(programme), crew, job.lives()


def _stage(programme: Programme) -> Stage:
    return Stage(programme.sessions, programme.vault, SUBSCRIBERS)


@contextmanager
def _progress(console: Console, count: int) -> Iterator[Tell]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        task = progress.add_task("Synthetic families", total=count)
        yield lambda more: progress.advance(task, more)
