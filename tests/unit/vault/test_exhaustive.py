"""Every single-bit change and every cut of a sealed note is refused, at three lengths."""

from uuid import UUID

import pytest

from nyefamilier.vault.sealing import CannotOpen, Cell, DataKey, open_sealed, seal
from tests.sealing.figures import Figure, tell
from tests.vectors import salamander

KEY = DataKey(UUID(int=3), 1, bytes(range(32)))
HERE = Cell("note", "sealed", UUID(int=0xA1), UUID(int=0xF1), 1)
SIZES = [200, 2_000, 8_000]


def opens(blob, key=KEY, cell=HERE):
    try:
        open_sealed(key, "oslo", cell, blob)
    except CannotOpen:
        return False
    return True


def refused(opened, tried):
    return f"{tried - opened:,} of {tried:,} refused"


@pytest.mark.parametrize("size", SIZES)
def test_every_flip_and_every_cut_is_refused(size, record_property):
    blob = seal(KEY, "oslo", HERE, b"\xe5" * size)
    changed, opened = bytearray(blob), 0
    for bit in range(len(blob) * 8):
        changed[bit // 8] ^= 1 << bit % 8
        opened += opens(bytes(changed))
        changed[bit // 8] ^= 1 << bit % 8
    cuts = [blob[:at] for at in range(len(blob))] + [blob[at:] for at in range(1, len(blob))]
    opened_cuts = sum(map(opens, cuts))

    flips, at = refused(opened, len(blob) * 8), f"{size:,} bytes sealed in {len(blob):,}"
    tell(record_property, Figure(3, f"Every bit flipped, {at}", flips, "all refused"))
    every_cut = refused(opened_cuts, len(cuts))
    tell(record_property, Figure(3, f"Every cut at either end, {at}", every_cut, "all refused"))
    assert opens(blob)
    assert bytes(changed) == blob
    assert (opened, opened_cuts) == (0, 0)


def test_the_message_of_two_keys_opens_under_the_first_alone(record_property):
    blob, second, text, other = salamander.salamander()
    place = salamander.HERE
    cell = Cell(place.table, place.column, place.record_id, place.family_id, place.row_version)
    first_key, second_key = (DataKey(KEY.id, 1, key) for key in (salamander.FIRST_KEY, second))
    opened = opens(blob, second_key, cell)
    got = refused(int(opened), 1)
    tell(record_property, Figure(5, "Message of two keys, under the second", got, "refused"))
    assert text != other
    assert open_sealed(first_key, "oslo", cell, blob) == text
    assert not opened
