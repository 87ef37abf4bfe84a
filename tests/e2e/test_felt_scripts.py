"""Random lives of two phones of one nurse: whatever happens, nothing that was saved is lost.

On one family both write notes, corrections, needs, reviews, visits and telephone numbers, with a
network and without, in two tabs, with a clock that is a year wrong. Questions and answers are lost.
Pages end in the middle of a save or of a round; the last ten lives are of a phone whose whole
browser is killed. Afterwards all is with the server once, or in the inbox, and both phones hold
what the server has. A life that goes wrong is named by its seed: the same seed draws it again.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from functools import partial

import pytest

from tests.conftest import FLAGS
from tests.e2e.chromium import ensure_chromium
from tests.e2e.lives import MISHAPS, ROUTES, WRITES, Draws, Lives, Office, Pocket

LIVES, AT_A_TIME = 190, 10
KILLED = range(LIVES, LIVES + 10)
# How often each thing is drawn in two hundred lives, at least.
LEAST = 20


@pytest.fixture(scope="module")
def lives(browser, served):
    starts = partial(browser.new_context, locale="nb-NO", bypass_csp=True)
    with ExitStack() as stack:
        yield begun(stack, served, [Pocket(served, starts) for _ in range(2)])


@pytest.mark.parametrize("first", range(0, LIVES, AT_A_TIME))
def test_whatever_happens_to_two_phones_what_was_saved_is_with_the_server_once(first, lives):
    assert lived(lives, range(first, first + AT_A_TIME)) == []
    assert lives.tally.keys() >= {"applied", "conflict", "held"}


def test_two_hundred_lives_meet_all_that_can_happen():
    every = range(KILLED.stop)
    steps = [step for seed in every for turn in Draws(seed).life() for step in turn.steps]
    met = Counter(step["what"] for step in steps)
    drawn = {*WRITES, *MISHAPS, "round", "dies", "reload"}
    assert {what: met[what] for what in drawn if met[what] < LEAST} == {}
    lost = Counter(step["of"] for step in steps if step["what"] == "lost-answer")
    assert set(lost) == set(ROUTES)


def test_a_phone_whose_browser_is_killed_loses_nothing_that_was_saved(
    playwright, browser, served, tmp_path
):
    profile = tmp_path / "profile"
    start = partial(
        playwright.chromium.launch_persistent_context,
        profile,
        executable_path=ensure_chromium(),
        args=FLAGS,
        bypass_csp=True,
    )
    other = partial(browser.new_context, locale="nb-NO", bypass_csp=True)
    with ExitStack() as stack:
        pockets = [Pocket(served, start, profile), Pocket(served, other)]
        assert lived(begun(stack, served, pockets), KILLED) == []
        assert pockets[0].kills > 0


def begun(stack: ExitStack, served, pockets: list[Pocket]) -> Lives:
    """Phones that are enrolled; all is put away in the end."""
    office = Office(served)
    stack.callback(office.close)
    for pocket in pockets:
        stack.callback(pocket.close)
        pocket.begin()
    return Lives(pockets, office)


def lived(lives: Lives, seeds: range) -> list[str]:
    """What went wrong in these lives, and in which."""
    wrong = []
    for seed in seeds:
        try:
            wrong += [f"life {seed}: {one}" for one in lives.live(seed)]
        except Exception as error:
            error.add_note(f"in life {seed}")
            raise
    return wrong
