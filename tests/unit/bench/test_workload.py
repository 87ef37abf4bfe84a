"""What the benchmarks' phones write, and how it is counted."""

from datetime import UTC, datetime

import msgspec
import pytest

from bench.sync.beds import Hand
from bench.sync.cells import Sample
from bench.sync.limit import LimitPhone
from bench.sync.options import GROUPS, read_options
from bench.sync.records import FAMILIES, Writer, homes
from nyefamilier.door.operations import operation_of
from nyefamilier.kernel import strict_json

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_writer_writes_what_the_door_can_read() -> None:
    writer = Writer(homes(FAMILIES, 1), NOW)
    written = writer.write(200)
    for one in written:
        operation_of(strict_json.decode(msgspec.json.encode(one.operation)))
    assert {one.type for one in written} == {"note.write", "visit.record", "need.state"}


def test_a_record_is_about_a_kilobyte() -> None:
    writer = Writer(homes(FAMILIES, 1), NOW)
    sizes = [len(msgspec.json.encode(one.told)) for one in writer.write(500)]
    assert 700 < sum(sizes) / len(sizes) < 1_300


def test_two_writers_of_one_seed_write_the_same_and_of_two_seeds_do_not() -> None:
    first, again, other = (Writer(homes(5, 1), NOW, seed).write(10) for seed in (1, 1, 2))
    assert first == again
    assert not {one.id for one in first} & {one.id for one in other}


def test_a_push_that_is_too_large_for_a_server_goes_in_parts() -> None:
    hand = Hand(LimitPhone(1), Writer(homes(5, 1), NOW))
    batches, requests = hand.pushes(2, 250, 100)
    assert [len(batch) for batch in batches] == [100, 100, 50, 100, 100, 50]
    assert len(requests) == 6


def test_a_rate_counts_what_was_acknowledged() -> None:
    sample = Sample(2.0, 500, 0.25, 0.0, [], 0.0, 1.0, 1.0, 1.0)
    assert (sample.rate, sample.cpu_per_thousand) == (250, 0.5)


def test_the_quick_run_leaves_out_what_takes_long_unless_it_is_asked_for() -> None:
    assert read_options(["--quick"]).groups == GROUPS[:-2]
    assert read_options(["--quick", "--only", "morning"]).groups == ("morning",)


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_options(["--only", "tea"])
    assert "tea" in capsys.readouterr().err
