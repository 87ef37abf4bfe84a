"""Bringing data keys to the newest version of their kek, while the system is at work."""

import inspect
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import uuid4

import pytest
from _pytest.outcomes import Failed
from sqlalchemy import select, text, update

from nyefamilier.calendars.keys import cipher_of, locked_calendar
from nyefamilier.door.mutations import Mutation
from nyefamilier.door.service import apply
from nyefamilier.families.intents import SetAddress
from nyefamilier.families.tables import FamilyKeyRow, FamilyRow
from nyefamilier.families.views import family
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Conflict, RuleBroken, Unavailable
from nyefamilier.keys import service
from nyefamilier.keys.service import disable, inventory, rewrap, rotate
from nyefamilier.keys.store import PLACES
from nyefamilier.schema import METADATA
from nyefamilier.sync.devices import device_cipher
from nyefamilier.sync.escrow_keys import present, private_key
from nyefamilier.sync.tables import DeviceRow
from nyefamilier.transparency.growing import signer
from nyefamilier.vault.keyring import LocalKeyring
from nyefamilier.vault.vault import KeyUse, Vault
from tests.builders import DAY, protected, send
from tests.cities import settle
from tests.pushes import Outbox, note

BYDEL = "kek-bydel-11"


@pytest.fixture
def homes(real_city):
    return sorted((settle(real_city) for _ in range(7)), key=lambda home: home.id)


@pytest.fixture
def vault(real_city):
    return real_city.programme.vault


@pytest.fixture
def bring(real_city):
    """Runs a rewrap, three keys a batch."""

    def run(tell=lambda *_: None):
        return rewrap(lambda: real_city.programme.work(SYSTEM, "test"), tell, batch=3)

    return run


@pytest.fixture
def reads(real_city):
    """Reads a family as its nurse does, with nothing remembered."""

    def read(home):
        real_city.programme.vault.forget()
        with real_city.programme.work(real_city.ours, "test") as work:
            return [member.name for member in family(work, home.id).members]

    return read


def under(city):
    """How many families' keys lie under which kek and version."""
    with city.programme.sessions() as session:
        rows = session.execute(select(FamilyKeyRow.kek, FamilyKeyRow.kek_version))
        return Counter(map(tuple, rows))


def set_aside(city, home, **values):
    """Write over a family's wrapped key past the programme."""
    with city.programme.engine.begin() as connection:
        connection.execute(
            update(FamilyKeyRow).where(FamilyKeyRow.family_id == home.id).values(**values)
        )


def test_all_are_brought_to_the_newest_and_open_when_the_old_is_gone(
    real_city, homes, vault, bring, reads
):
    before = [reads(home) for home in homes]
    assert rotate(vault, BYDEL) == 2
    assert under(real_city) == {(BYDEL, 1): 7}
    told = []
    brought = bring(lambda *what: told.append(what))
    assert (brought.keys, brought.whole) == (7, True)
    assert told == [(KeyUse.FAMILY, BYDEL, n) for n in (3, 6, 7)]
    assert under(real_city) == {(BYDEL, 2): 7}
    with real_city.programme.work(SYSTEM, "test") as work:
        service.destroy(work, BYDEL, 1)
    assert [reads(home) for home in homes] == before
    assert bring().keys == 0


def test_a_new_family_lies_under_the_newest_at_once_in_every_process(real_city, homes, vault):
    elsewhere = LocalKeyring.open(vault.provider._path)
    elsewhere.rotate(BYDEL)
    settle(real_city)
    assert under(real_city) == {(BYDEL, 1): len(homes), (BYDEL, 2): 1}


def test_keys_of_phones_calendars_escrow_and_log_are_brought_too(real_city, homes, vault, bring):
    box = Outbox(real_city.programme, real_city.ours).enrol()
    nurse = real_city.ours.id
    with real_city.programme.work(SYSTEM, "test") as work:
        locked_calendar(work, nurse)
        pair = present(work).id
        secret = private_key(work, pair)
        signed = signer(work).sign(b"head")
        keks = {one.kek for one in inventory(work)}
    for kek in keks:
        rotate(vault, kek)
    assert bring().whole
    vault.forget()
    with real_city.programme.work(SYSTEM, "test") as work:
        assert {(one.use, one.version, one.keys) for one in inventory(work)} == {
            (KeyUse.FAMILY, 2, len(homes)),
            (KeyUse.DEVICE, 2, 1),
            (KeyUse.CALENDAR, 2, 1),
            (KeyUse.ESCROW, 2, 1),
            (KeyUse.LOG, 2, 1),
        }
        for kek in keks:
            disable(work, kek, 1)
        assert private_key(work, pair) == secret
        assert signer(work).sign(b"head") == signed
        cipher_of(work, locked_calendar(work, nurse))
        device_cipher(work, work.session.get(DeviceRow, box.phone.id))


def test_every_table_in_which_wrapped_keys_lie_is_known():
    tables = {name for name, table in METADATA.tables.items() if "wrapped" in table.columns}
    assert tables == {place.table.name for place in PLACES}


def test_killed_between_two_batches_it_goes_on_where_it_was(real_city, homes, vault, bring):
    rotate(vault, BYDEL)

    class Killed(BaseException):
        """As the process would be."""

    def die(*_):
        raise Killed

    with pytest.raises(Killed):
        bring(die)
    assert under(real_city) == {(BYDEL, 1): 4, (BYDEL, 2): 3}
    assert bring().keys == 4
    assert under(real_city) == {(BYDEL, 2): 7}


def test_with_the_provider_away_half_way_what_was_brought_stays(
    real_city, homes, vault, bring, monkeypatch
):
    rotate(vault, BYDEL)
    ring = vault.provider._path
    with pytest.raises(Unavailable, match="key-provider-away"):
        bring(lambda *_: ring.chmod(0o644))
    ring.chmod(0o600)
    assert under(real_city) == {(BYDEL, 1): 4, (BYDEL, 2): 3}
    assert bring().keys == 4


def test_a_key_that_moved_meanwhile_stays_where_it_moved(
    real_city, homes, bring, reads, monkeypatch
):
    moves, names = homes[1], reads(homes[1])
    rotate(real_city.programme.vault, BYDEL)
    rewrap_many = LocalKeyring.rewrap_many

    def meanwhile(self, items):
        monkeypatch.undo()
        send(real_city.programme, real_city.ours, moves.id, SetAddress(protected(DAY)))
        return rewrap_many(self, items)

    monkeypatch.setattr(LocalKeyring, "rewrap_many", meanwhile)
    assert bring().whole
    assert under(real_city) == {(BYDEL, 2): 6, ("kek-protected", 1): 1}
    assert reads(moves) == names


def test_a_family_that_read_its_key_before_and_moves_after_lies_whole(
    real_city, homes, bring, reads, monkeypatch
):
    moves, names = homes[1], reads(homes[1])
    rotate(real_city.programme.vault, BYDEL)
    move = Vault.move_family_key

    def meanwhile(self, family_id, key, kek):
        monkeypatch.undo()
        assert key.wrapped.version == 1
        assert bring().keys == 7
        return move(self, family_id, key, kek)

    monkeypatch.setattr(Vault, "move_family_key", meanwhile)
    send(real_city.programme, real_city.ours, moves.id, SetAddress(protected(DAY)))
    assert under(real_city) == {(BYDEL, 2): 6, ("kek-protected", 1): 1}
    assert reads(moves) == names


def test_a_key_that_somebody_writes_is_waited_for_by_nobody(real_city, homes, vault, bring):
    rotate(vault, BYDEL)
    writing = SetAddress(protected(DAY))
    with real_city.programme.work(real_city.ours, "test") as work:
        apply(work, Mutation(uuid4(), homes[0].id, (writing,)))
        work.session.flush()
        brought = bring()
        assert (brought.keys, brought.busy, brought.whole) == (6, 1, False)
    assert bring().whole
    assert under(real_city) == {(BYDEL, 2): 6, ("kek-protected", 1): 1}


HARM = {
    "damage": {"wrapped": bytes(60)},
    "an unknown version": {"kek_version": 9},
    "an unknown kek": {"kek": "kek-nowhere"},
    "another provider's": {"provider": "elsewhere"},
    "a strange name": {"kek": "../mac-x"},
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_one_that_does_not_open_is_named_and_stops_nobody(real_city, homes, vault, bring, harm):
    set_aside(real_city, homes[2], **harm)
    rotate(vault, BYDEL)
    brought = bring()
    assert brought.closed == [(KeyUse.FAMILY, homes[2].id)]
    assert (brought.keys, brought.busy, brought.whole) == (6, 0, False)
    assert under(real_city)[BYDEL, 2] == 6


def test_a_withdrawn_version_is_refused_as_any_that_does_not_open(real_city, homes, vault, bring):
    rotate(vault, BYDEL)
    vault.provider.disable(BYDEL, 1)
    brought = bring()
    assert (brought.keys, len(brought.closed)) == (0, 7)
    vault.provider.enable(BYDEL, 1)
    assert bring().keys == 7


def test_a_version_under_which_keys_lie_is_not_withdrawn(real_city, homes, vault, bring):
    rotate(vault, BYDEL)
    with real_city.programme.work(SYSTEM, "test") as work:
        for withdraw in (disable, service.destroy):
            with pytest.raises(Conflict, match="key-in-use"):
                withdraw(work, BYDEL, 1)
    bring()
    with real_city.programme.work(SYSTEM, "test") as work:
        disable(work, BYDEL, 1)
        with pytest.raises(Conflict, match="key-in-use"):
            disable(work, BYDEL, 2)
        service.enable(vault, BYDEL, 1)


@pytest.mark.parametrize("kek", ["kek-nowhere", "../mac-x", ""])
def test_a_key_that_there_is_not_is_not_rotated(vault, kek):
    with pytest.raises(RuleBroken, match="key-version"):
        rotate(vault, kek)
    assert service.versions(vault, kek) is None


def test_a_programme_does_not_begin_where_another_provider_wrapped_the_keys(real_city, homes):
    real_city.programme.require_own_keys()
    set_aside(real_city, homes[2], provider="elsewhere")
    with pytest.raises(Unavailable, match="keys-elsewhere"):
        real_city.programme.require_own_keys()


def test_reading_and_writing_go_on_while_keys_are_brought(real_city, homes, vault, bring, reads):
    names, stop, failed, done = reads(homes[0]), Event(), [], Counter()

    def work(what, call):
        while not stop.is_set():
            try:
                call(homes[done[what] % 7])
                done[what] += 1
            except Exception as failure:  # noqa: BLE001 - whatever it is, it is a failure
                failed.append(failure)

    def read(home):
        assert reads(home) == names

    def write(home):
        send(real_city.programme, real_city.ours, home.id, note(home))

    with ThreadPoolExecutor(3) as pool:
        for job in (("read", read), ("read2", read), ("write", write)):
            pool.submit(work, *job)
        for version in range(2, 12):
            assert rotate(vault, BYDEL) == version
            while not bring().whole:
                pass
        stop.set()
    assert not failed
    assert min(done.values()) > 0
    assert under(real_city) == {(BYDEL, 11): 7}


def test_locks_are_taken_on_what_is_written_alone(real_city, homes, vault, bring):
    rotate(vault, BYDEL)
    with real_city.programme.sessions.begin() as session:
        session.execute(select(FamilyRow).with_for_update())
        session.execute(text("SET LOCAL lock_timeout = '1s'"))
        assert bring().whole


# ---- each guard is what stops its attack: with it taken away, the test of it goes red ----

GUARDS = {
    "put where what was read still lies": (
        ("nyefamilier.keys.store.hold_unchanged", lambda _, __, owned: {one[0] for one in owned}),
        test_a_key_that_moved_meanwhile_stays_where_it_moved,
    ),
    "a family that moves writes all of its key": (
        ("nyefamilier.families.holding.flag_modified", lambda *_: None),
        test_a_family_that_read_its_key_before_and_moves_after_lies_whole,
    ),
    "no version goes under which keys lie": (
        ("nyefamilier.keys.service._require_unused", lambda *_: None),
        test_a_version_under_which_keys_lie_is_not_withdrawn,
    ),
}


@pytest.mark.parametrize(("guard", "test"), GUARDS.values(), ids=GUARDS)
def test_without_the_guard_its_test_goes_red(request, guard, test):
    wanted = inspect.signature(test).parameters
    fixtures = {name: request.getfixturevalue(name) for name in wanted}
    with pytest.MonkeyPatch.context() as without:
        without.setattr(*guard)
        with pytest.raises((AssertionError, Failed)):
            test(**fixtures)
