"""Two who agree on a chain agree on a history; two who agree on a checksum hold the same rows."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.wire import chain

links = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=8)
rows = st.lists(
    st.tuples(st.sampled_from(["visit", "note"]), st.uuids(), st.integers(1, 2**40)),
    unique_by=lambda row: row[1],
)


def told(some: list[bytes]) -> bytes:
    at = chain.ORIGIN
    for rev, link in enumerate(some, 1):
        at = chain.after(at, rev, link)
    return at


@given(links, st.data())
def test_a_link_that_differs_anywhere_changes_the_chain(some, data):
    place = data.draw(st.integers(0, len(some) - 1))
    others = [*some]
    others[place] = bytes(byte ^ 1 for byte in others[place])

    assert told(others) != told(some)


def test_a_link_commits_to_the_mutation_and_to_its_sealed_content():
    one = UUID(int=1)

    assert chain.link(one, b"sealed") != chain.link(one, b"sealed otherwise")
    assert chain.link(one, b"sealed") != chain.link(UUID(int=2), b"sealed")


@given(rows, st.randoms())
def test_a_checksum_is_the_same_in_any_order(some, random):
    shuffled = [*some]
    random.shuffle(shuffled)

    assert chain.checksum(shuffled) == chain.checksum(some)


@given(rows.filter(bool))
def test_a_row_that_is_missing_or_of_another_revision_changes_the_checksum(some):
    kind, record_id, rev = some[0]

    assert chain.checksum(some[1:]) != chain.checksum(some)
    assert chain.checksum([(kind, record_id, rev + 1), *some[1:]]) != chain.checksum(some)


def test_a_checksum_is_kept_up_to_date_without_reading_the_other_rows():
    one, other = ("visit", UUID(int=1), 4), ("note", UUID(int=2), 5)
    before = chain.checksum([one, other])

    after = before ^ chain.row_mark(*one) ^ chain.row_mark("visit", UUID(int=1), 6)

    assert after == chain.checksum([("visit", UUID(int=1), 6), other])


def test_what_is_held_is_told_alike_in_any_order():
    some = [(UUID(int=n), n, chain.ORIGIN) for n in (1, 2, 3)]

    assert chain.have_hash(some) == chain.have_hash(reversed(some))
    assert chain.have_hash(some) != chain.have_hash(some[1:])
