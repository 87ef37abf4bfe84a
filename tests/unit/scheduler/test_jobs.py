"""Operators are told of every job, and of its time."""

import re
from pathlib import Path

from scheduler.jobs import JOBS

PAGE = Path(__file__).parents[3] / "docs" / "jobs.md"


def test_the_page_for_operators_names_every_job_with_its_time_and_no_other():
    rows = re.findall(
        r"^\| `([a-z-]+)` \| (every minute|every \d+ minutes|(?:Monday )?\d\d:\d\d) \|",
        PAGE.read_text(),
        re.MULTILINE,
    )
    assert sorted(rows) == sorted((job.name, str(job.trigger)) for job in JOBS)
