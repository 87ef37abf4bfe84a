"""Real processes are killed under load and lose nothing; `make faults REAL=200` does much more."""

from __future__ import annotations

from collections import Counter

from tests.faults.mutants import mutated
from tests.faults.real.proxy import CALM, Fate
from tests.faults.real.runs import SHARES, Plan, run, victims
from tests.faults.real.site import Victim

DEAF = {Fate.THROUGH: 3.0, Fate.DROPPED: 1.0}


def test_whatever_is_killed_nothing_is_lost_or_doubled_and_all_phones_agree():
    outcome = run(Plan(seed=1, victims=list(Victim)))

    assert outcome.found == []
    assert outcome.kills == dict.fromkeys(Victim, 1)
    assert (outcome.total.lost, outcome.total.doubled) == (0, 0)
    assert outcome.total.acknowledged == outcome.total.saved > 0
    assert outcome.fates[Fate.DROPPED] > 0


def test_kills_come_in_their_shares_and_in_an_order_of_the_seed():
    assert Counter(victims(0, 200)) == {one: 10 * share for one, share in SHARES.items()}
    assert victims(0, 200) == victims(0, 200) != victims(1, 200)


def test_a_commit_that_is_not_on_the_disk_when_it_is_told_is_found():
    careless = {"synchronous_commit": "off", "wal_writer_delay": "10s"}
    outcome = run(Plan(seed=2, victims=[Victim.DATABASE], fates=CALM, settings=careless))

    assert any("server-regressed" in one for one in outcome.found)


def test_a_phone_that_takes_a_dropped_answer_for_a_no_is_found():
    with mutated("new_id_on_retry"):
        outcome = run(Plan(seed=3, fates=DEAF, least=40))

    # Written twice, or taken in under a name that nobody knows any more: it depends on which
    # answers the machine let be dropped.
    assert {one.split(":")[0] for one in outcome.found} & {"doubled", "untold"}
