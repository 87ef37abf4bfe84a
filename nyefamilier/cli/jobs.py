"""``nyefamilier jobs``: hands over to the scheduler, which is a doorway of its own."""

from __future__ import annotations

import os
import sys

import click


@click.command("jobs", add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def jobs(words: tuple[str, ...]) -> None:
    """Run the jobs (run), or show and start them (list, run-now, history)."""
    # In this process' place, so that a signal to stop reaches whoever runs the jobs.
    os.execv(sys.executable, [sys.executable, "-m", "scheduler", *(words or ["--help"])])  # noqa: S606
