"""Runs add up over sessions, of the same code only; what was cut off counts for nothing."""

from __future__ import annotations

from tests.faults.ledger import UNCOMMITTED, Code, Entry, Ledger, added_up, kills
from tests.faults.reporting import Report, Tally

CODE = Code("c0ffee", "tree1")


def world(seed: int, *, code: str = "tree1", mutant: str = "", found: str = "") -> Entry:
    failing = {seed: [found]} if found else {}
    return Entry(code, f"of {code}", seed, 300, Tally(1, 10, failing=failing), mutant)


def kept_in(folder, *entries: Entry) -> Ledger:
    ledger = Ledger(folder)
    for one in entries:
        ledger.add(one)
    return ledger


def test_what_one_session_finished_the_next_one_does_not_do_again(tmp_path):
    kept_in(tmp_path, world(1), world(2), world(3, code="tree2"), world(4, mutant="lww"))

    assert Ledger(tmp_path).seeds(CODE, 300) == {1, 2}
    assert Ledger(tmp_path).seeds(CODE, 300, "lww") == {4}
    assert Ledger(tmp_path).seeds(CODE, 999) == set()


def test_a_line_that_was_cut_off_counts_for_nothing_and_hides_no_other(tmp_path):
    ledger = kept_in(tmp_path, world(1))
    with ledger.path.open("ab") as file:
        file.write(b'{"code":"tree1","see\n')
    ledger.add(world(2))

    assert ledger.seeds(CODE, 300) == {1, 2}


def test_only_worlds_of_the_same_code_add_up_and_uncommitted_ones_never_do():
    runs = added_up([world(1), world(1, code="tree2"), world(2), world(3, code=UNCOMMITTED)])

    assert {code: (commit, tally.worlds) for code, (commit, tally) in runs.items()} == {
        "tree2": ("of tree2", 1),
        "tree1": ("of tree1", 2),
    }


def test_a_mutant_is_told_by_its_worlds_of_the_newest_code():
    entries = [
        world(1, mutant="lww", found="P1"),
        world(1, mutant="lww", code="tree2", found="P7"),
        world(2, mutant="lww", code="tree2"),
        world(1, mutant="forgotten"),
    ]

    (kill,) = kills(entries, {"lww": "lets the last writer win"})

    assert (kill.worlds, kill.killed, kill.properties, kill.first) == (2, 1, {"P7": 1}, 1)
    assert kill.commit == "of tree2"


def test_runs_of_other_code_are_told_apart_from_the_claim():
    page = Report(Tally(1, 30_000), commit="new", earlier=[("old", Tally(2, 70_000))]).text()

    assert "No violation in 30,000 mutations" in page
    assert "| `old` | 2 | 70,000 | 0 |" in page
    assert "1,000,000 mutations that the project asks for are not reached" in page
