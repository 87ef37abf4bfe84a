"""Places outside of the database are told the head, believe nothing, and are caught up with."""

from __future__ import annotations

from functools import partial

import pytest

from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.transparency import sealing
from nyefamilier.transparency.anchoring import (
    AnchorAway,
    AnchorRefused,
    FolderAnchor,
    News,
    WitnessAnchor,
    tell,
)
from nyefamilier.transparency.growing import signer
from tests.transparency import as_owner, flaws, reads, seal
from tests.witness import witnessing


@pytest.fixture
def opened(real_city):
    return partial(real_city.programme.work, SYSTEM, "test")


@pytest.fixture
def witness(opened):
    with opened() as work:
        key = signer(work).verifier_key
    with witnessing(key) as made:
        yield made


def grow(city, times=7):
    reads(city, times=times)
    seal(city)


def written_anew(city):
    """The owner of the database changes an entry, and has all of it sealed again."""
    as_owner(
        city,
        "UPDATE access_log SET actor_id = gen_random_uuid() WHERE id = 3",
        "DELETE FROM log_leaf",
        "DELETE FROM log_subtree",
        "DELETE FROM log_checkpoint",
    )
    as_owner(city, "DELETE FROM log_mark")
    seal(city)


def test_a_folder_gets_a_file_for_each_head_and_none_twice(real_city, opened, tmp_path):
    folder = FolderAnchor(tmp_path / "heads")
    assert tell(opened, folder) == 0  # there is none yet
    grow(real_city)
    assert tell(opened, folder) == 7
    assert tell(opened, folder) == 0
    grow(real_city)
    assert tell(opened, folder) == 14
    names = sorted(one.name for one in (tmp_path / "heads").iterdir())
    assert names == [f"{size:020}.checkpoint" for size in (7, 14)]
    assert flaws(real_city, tuple(folder.notes())) == {}


def test_a_folder_that_is_away_is_told_the_next_time(real_city, opened, tmp_path):
    (tmp_path / "mounted").write_text("not yet")
    folder = FolderAnchor(tmp_path / "mounted" / "heads")
    grow(real_city)
    failed = sealing.tell_all(opened, [folder])
    assert failed["folder"].startswith("AnchorAway")
    with pytest.raises(AnchorAway):
        folder.tell(News(0, 1, (), "note"))
    (tmp_path / "mounted").unlink()
    assert sealing.tell_all(opened, [folder]) == {}
    assert len(folder.notes()) == 1


def test_a_folder_keeps_what_it_was_told_first(real_city, opened, tmp_path):
    folder = FolderAnchor(tmp_path)
    grow(real_city)
    tell(opened, folder)
    before = folder.notes()
    written_anew(real_city)
    as_owner(real_city, "DELETE FROM log_anchor")
    with pytest.raises(AnchorRefused, match="same size"):
        tell(opened, folder)
    assert folder.notes() == before
    assert flaws(real_city, tuple(before)) == {"anchor-differs": 1}


def test_a_place_that_has_the_head_of_a_larger_log_is_not_told(real_city, opened, tmp_path):
    grow(real_city)
    as_owner(real_city, "INSERT INTO log_anchor VALUES ('folder', 900, now())")
    with pytest.raises(AnchorRefused, match="larger"):
        tell(opened, FolderAnchor(tmp_path))


def test_a_witness_sees_that_the_log_only_grows(real_city, opened, witness):
    anchor = WitnessAnchor(witness.address)
    for size in (7, 14, 300):
        grow(real_city, size - (witness.has.size if witness.has else 0))
        assert tell(opened, anchor) == size
        assert witness.has.size == size


def test_a_receipt_that_was_lost_is_caught_up_with(real_city, opened, witness):
    anchor = WitnessAnchor(witness.address)
    witness.loses_answers = 1
    grow(real_city)
    with pytest.raises(AnchorAway):
        tell(opened, anchor)
    grow(real_city)
    assert tell(opened, anchor) == 14
    # And where nothing was sealed since.
    witness.loses_answers = 1
    grow(real_city)
    with pytest.raises(AnchorAway):
        tell(opened, anchor)
    assert tell(opened, anchor) == 21
    assert witness.has.size == 21


def test_a_witness_does_not_believe_a_log_that_was_written_anew(real_city, opened, witness):
    anchor = WitnessAnchor(witness.address)
    grow(real_city)
    tell(opened, anchor)
    written_anew(real_city)
    grow(real_city)
    with pytest.raises(AnchorRefused, match="422"):
        tell(opened, anchor)
    assert witness.has.size == 7


def test_a_witness_that_nobody_reaches_is_told_the_next_time(real_city, opened, witness):
    grow(real_city)
    gone = WitnessAnchor("http://127.0.0.1:9/log")
    assert sealing.tell_all(opened, [gone])["witness"].startswith("AnchorAway")
    with pytest.raises(AnchorRefused, match="404"):
        tell(opened, WitnessAnchor(witness.address + "elsewhere"))
    assert tell(opened, WitnessAnchor(witness.address)) == 7
