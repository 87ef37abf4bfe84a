"""Two at once, killed half-way, provider away: on real commits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from nyefamilier.changes.tables import MutationRow
from nyefamilier.door.mutations import Mutation
from nyefamilier.door.service import apply
from nyefamilier.families.intents import AssignNurse, MoveFamily, UpdateMember
from nyefamilier.families.tables import FamilyRow, MemberRow, TeamRow
from nyefamilier.families.views import family
from nyefamilier.journal.intents import WriteNote
from nyefamilier.journal.tables import NoteRow
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Conflict, Refusal, Unavailable
from nyefamilier.needs.intents import StateNeed
from nyefamilier.offers.tables import EnrolmentRow
from nyefamilier.vault.provider import ProviderAway
from tests.builders import TEISEN, Household, address, send
from tests.cities import TERM, settle


@pytest.fixture
def home(real_city):
    return settle(real_city)


def count(city, table, **where) -> int:
    with city.programme.sessions() as session:
        return session.scalar(select(func.count()).select_from(table).filter_by(**where))


def all_at_once(workers: int, call):
    """Let *workers* threads call at the same moment; give back answers and refusals."""
    gate = Barrier(workers, timeout=60)

    def run(number):
        gate.wait()
        try:
            return call(number)
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, range(workers)))


def test_writers_of_one_family_take_turns_and_leave_no_hole(real_city, home):
    answers = all_at_once(
        8,
        lambda n: send(
            real_city.programme, real_city.ours, home.id, StateNeed(uuid4(), home.mother, f"{n}")
        ),
    )

    assert sorted(answer.rev for answer in answers) == list(range(2, 10))
    with real_city.programme.sessions() as session:
        kept = session.scalars(select(MutationRow.rev).order_by(MutationRow.rev)).all()
    assert kept == list(range(1, 10))


def test_one_mutation_sent_eight_times_at_once_is_applied_once(real_city, home):
    key, note = uuid4(), WriteNote(uuid4(), home.mother, "En gang")
    answers = all_at_once(
        8,
        lambda _: send(real_city.programme, real_city.ours, home.id, note, mutation_id=key),
    )

    assert {answer.rev for answer in answers} == {2}
    assert sorted(answer.replayed for answer in answers) == [False] + [True] * 7
    assert count(real_city, NoteRow) == 1


def test_one_registration_sent_eight_times_at_once_is_one_family(real_city):
    key, home = uuid4(), Household()
    registration = home.registration()
    answers = all_at_once(
        8,
        lambda _: send(real_city.programme, real_city.ours, home.id, registration, mutation_id=key),
    )

    assert {answer.rev for answer in answers} == {1}
    assert count(real_city, FamilyRow) == 1
    assert count(real_city, TeamRow) == 1


def test_two_answers_at_once_enrol_the_family_once(real_city):
    home = Household()
    offered = (home.registration(), home.expects(TERM), home.is_offered())
    send(real_city.programme, real_city.ours, home.id, *offered)

    answers = all_at_once(
        6, lambda _: send(real_city.programme, real_city.ours, home.id, home.says())
    )

    assert answers.count("offer-accepted") == 5
    assert count(real_city, EnrolmentRow) == 1


@pytest.mark.parametrize("moves", [False, True], ids=["assigned", "moved"])
def test_whoever_gives_a_nurse_just_after_another_did_is_told_so(real_city, home, moves):
    city, today = real_city, real_city.clock.now.date()
    again = AssignNurse(uuid4(), city.ours.id)
    if moves:
        again = MoveFamily(uuid4(), address(TEISEN, today), city.theirs.id, uuid4(), "Tar over.")
    with city.programme.work(SYSTEM, "test") as late:
        city.clock.forward(seconds=1)
        send(city.programme, SYSTEM, home.id, AssignNurse(uuid4(), city.colleague.id))

        with pytest.raises(Conflict) as refused:
            apply(late, Mutation(uuid4(), home.id, (again,)))

    assert refused.value.code == "nurse-changed"
    assert count(city, TeamRow, family_id=home.id, ends_at=None) == 1


def test_two_families_never_wait_for_each_other(real_city, home):
    other = settle(real_city)
    held, done = Event(), Event()

    def hold():
        need = StateNeed(uuid4(), home.mother, "Holder låsen")
        with real_city.programme.work(real_city.ours, "test") as work:
            apply(work, Mutation(uuid4(), home.id, (need,)))
            held.set()
            assert done.wait(20)

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert held.wait(20)
        send(real_city.programme, real_city.ours, other.id, StateNeed(uuid4(), other.mother, "Fri"))
        done.set()
        holding.result(20)


def test_a_work_that_dies_half_way_leaves_nothing(real_city, home):
    note = WriteNote(uuid4(), home.mother, "Halvveis")

    def die():
        with real_city.programme.work(real_city.ours, "test") as work:
            apply(work, Mutation(uuid4(), home.id, (note,)))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        die()

    assert count(real_city, NoteRow) == 0
    assert count(real_city, MutationRow) == 1
    with real_city.programme.sessions() as session:
        assert session.get(FamilyRow, home.id).rev == 1


def test_with_the_key_provider_away_it_says_so_and_nothing_is_lost(real_city, home, monkeypatch):
    def away(*_: object) -> None:
        raise ProviderAway("gone")

    vault = real_city.programme.vault
    vault.forget()
    key, note = uuid4(), WriteNote(uuid4(), home.mother, "Senere")
    with monkeypatch.context() as patch:
        patch.setattr("nyefamilier.vault.keyring.LocalKeyring.unwrap", away)
        patch.setattr("nyefamilier.vault.keyring.LocalKeyring.unwrap_many", away)
        with pytest.raises(Unavailable, match="key-provider-away"):
            send(real_city.programme, real_city.ours, home.id, note, mutation_id=key)
    assert count(real_city, NoteRow) == 0

    send(real_city.programme, real_city.ours, home.id, note, mutation_id=key)
    assert count(real_city, NoteRow) == 1


def test_a_row_put_back_to_an_older_body_does_not_open(real_city, home):
    """The sealed body is bound to the revision: an old body in the row of today is refused."""
    with real_city.programme.sessions.begin() as session:
        old = session.get(MemberRow, home.mother).sealed
    send(real_city.programme, real_city.ours, home.id, UpdateMember(home.mother, 1, "Ny Elv"))
    with real_city.programme.sessions.begin() as session:
        session.get(MemberRow, home.mother).sealed = old

    with (
        pytest.raises(Unavailable, match="record-damaged"),
        real_city.programme.work(real_city.ours, "test") as work,
    ):
        family(work, home.id)
