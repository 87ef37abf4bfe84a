"""Take a guard out of a copy of the project: its tests go red. A guard nobody misses is a wish."""

from __future__ import annotations

import pytest

from tests.architecture.breaking import Break, copy_of_the_project, run

ACCESS = "tests/integration/access/test_who_may.py"
JOB = "tests/integration/door/test_the_main_job.py"
TWO = "tests/integration/door/test_two_at_once.py"
RULES = "nyefamilier/access/rules.py"
DOSSIER = "nyefamilier/families/dossier.py"
DOOR = "nyefamilier/door/service.py"
PLACING = "nyefamilier/families/placing.py"

STORE = "nyefamilier/families/store.py"

GUARDS = {
    "the access check": (
        Break(RULES, new="ground = Ground.PRIMARY", old="ground = _relation(actor, circle)"),
        ACCESS,
    ),
    "what a relation allows": (
        Break(RULES, new="if False:", old="if action not in _MAY[ground]:"),
        ACCESS,
    ),
    "leads only in their own bydel": (
        Break(RULES, new="circle.bydel", old="actor.bydel == circle.bydel"),
        ACCESS,
    ),
    "leads read no words": (
        Break(DOSSIER, new="return True", old="return self.ground in READS_TEXT"),
        ACCESS,
    ),
    "the access log": (
        Break(
            DOSSIER, new="", old="    note_access(work, family_id, action, what, opened.ground)\n"
        ),
        ACCESS,
    ),
    "the end of a cover": (
        Break(STORE, new="", old=" & (TeamRow.ends_at > at)"),
        ACCESS,
    ),
    "the family's lock": (Break(STORE, new="if False:", old="if lock:"), TWO),
    "one turn for a mutation id": (
        Break(
            DOOR, new="", old="    store.take_turns(work.session, [*ids, *_newcomers(mutations)])\n"
        ),
        TWO,
    ),
    "the mutation log's memory": (
        Break(DOOR, new="if known is None is True:", old="if known is not None:"),
        JOB,
    ),
    "content compared on replay": (
        Break(DOOR, new="if False:", old="if request != canonical(mutation):"),
        JOB,
    ),
    "the body bound to its revision": (
        Break("nyefamilier/vault/sealing.py", new="0", old="cell.row_version"),
        TWO,
    ),
    "the key domain of a protected address": (
        Break(PLACING, new="", old="    rewrap(dossier)\n"),
        JOB,
    ),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_a_missing_guard_turns_its_tests_red(guard, tmp_path):
    broken, tests = GUARDS[guard]
    tree = copy_of_the_project(tmp_path)
    broken.do(tree)

    said = run(tree, "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider", tests)

    assert said.returncode == 1, f"nobody missed {guard}:\n{said.stdout[-2000:]}"
    assert " failed" in said.stdout
