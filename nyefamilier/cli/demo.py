"""``nyefamilier demo``: load the demonstration city, and compare it with what was published."""

from __future__ import annotations

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from config.settings import read_settings
from nyefamilier.bootstrap import SUBSCRIBERS, Programme, bootstrap
from nyefamilier.cli.migrate import bring_to_head
from nyefamilier.demo.casting import cast_crew
from nyefamilier.demo.loading import Played, Stage, load
from nyefamilier.demo.sizes import Size, lives_of
from nyefamilier.demo.telling import tell
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.clock import day_of

SEED = 2016
"""The seed of the demonstration that is loaded at the first start."""


@click.command()
@click.option(
    "--seed", type=int, default=SEED, show_default=True, help="Another city, same figures."
)
def demo(seed: int) -> None:
    """Load a simulated Oslo of synthetic families, 2013 until today."""
    programme = bootstrap(read_settings())
    try:
        bring_to_head(programme)
        load_small(programme, Console(highlight=False), seed)
    finally:
        programme.close()


def load_small(programme: Programme, console: Console, seed: int = SEED) -> Played:
    """Load the small size, in this process."""
    now = programme.clock()
    with programme.work(SYSTEM, "demo") as work:
        crew = cast_crew(work, most_nurses=3)
    lives = lives_of(Size.SMALL, seed, day_of(now))
    stage = Stage(programme.sessions, programme.vault, SUBSCRIBERS)
    with _progress(console) as progress:
        task = progress.add_task("Synthetic families", total=len(lives))
        stories = (tell(life, crew, seed, now) for life in lives)
        return load(stage, stories, lambda count: progress.advance(task, count))


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=console)
