"""`docs/first-hour.md` does what it says, word by word, against a programme just started."""

import os
import re
import subprocess
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.xdist_group("first hour")  # the script runs once

PAGE = Path(__file__).parents[2] / "docs" / "first-hour.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def script():
    return "\n".join(BLOCK.findall(PAGE.read_text(encoding="utf-8")))


def uptake(served):
    """Everything that is published of this year, line by line, as a planner reads it."""
    sign_in = {"username": "planlegger", "password": served.passwords["planlegger"]}
    with httpx.Client(base_url=f"{served.address}/api/v1", timeout=60) as client:
        token = client.post("/tokens", json=sign_in).raise_for_status().json()["token"]
        year = client.get("/bydeler", headers={"Authorization": f"Bearer {token}"}).json()["on"][:4]
        path, headers = f"/uptake?from={year}&to={year}", {"Authorization": f"Bearer {token}"}
        found = client.get(path, headers=headers).raise_for_status().json()
    return {line["bydel"]: line for line in [*found["bydeler"], found["city"]]}


@pytest.fixture(scope="module")
def hour(served):
    """What the figures were, what the script said, and what the figures are."""
    before = uptake(served)
    known = {"SERVER": served.address, "SIGN_IN": "stovner1"}
    said = subprocess.run(
        ["bash", "-c", script()],
        env=os.environ | known | {"PASSWORD": served.passwords["stovner1"], "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert said.returncode == 0, f"{said.stdout}\n{said.stderr}"
    return before, said.stdout, uptake(served)


def test_the_page_says_what_its_comments_promise(hour):
    _, said, _ = hour
    promised = re.findall(r"pick \S+ +# (.+)$", script(), re.MULTILINE)
    assert len(promised) == 8
    lines = said.splitlines()
    for one in promised:
        lines = lines[lines.index(one) + 1 :]


def test_the_newborn_visit_counts_in_every_statistic_that_it_is(hour):
    _, said, _ = hour
    counted = next(line for line in said.splitlines() if "programvisit" in line)
    assert "konsultasjon_1" in counted
    assert "kostra" in counted


def test_no_figure_tells_of_the_family_before_the_next_release(hour):
    before, _, after = hour
    assert after == before
    assert "11" in after
