"""Whatever fails in the middle of a push, it happened as it was told, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError
from uuid import uuid4

import pytest
from psycopg import errors as pg
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from nyefamilier.access.tables import AccessRow
from nyefamilier.changes.tables import MutationRow
from nyefamilier.families.tables import FamilyRow
from nyefamilier.journal.tables import NoteRow
from nyefamilier.journal.views import notes
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Unavailable
from nyefamilier.storage.engine import unavailable_from
from nyefamilier.sync import desk
from nyefamilier.sync.desk import Desk
from nyefamilier.sync.pushing import push
from nyefamilier.sync.tables import DeliveryRow, DeviceRow
from nyefamilier.vault.provider import ProviderAway
from nyefamilier.wire.verdicts import Verdict
from tests.builders import Household
from tests.cities import settle
from tests.pushes import Outbox, note

TABLES = (NoteRow, MutationRow, DeliveryRow, AccessRow)


@pytest.fixture
def home(real_city):
    return settle(real_city)


@pytest.fixture
def box(real_city):
    return Outbox(real_city.programme, real_city.ours).enrol()


def texts(city, home):
    with city.programme.work(city.ours, "test") as work:
        return [one.text for one in notes(work, home.id)]


def counts(city):
    with city.programme.work(SYSTEM, "test") as work:
        return [work.session.scalar(select(func.count()).select_from(one)) for one in TABLES]


def standing(city, box):
    with city.programme.work(SYSTEM, "test") as work:
        row = work.session.get_one(DeviceRow, box.phone.id)
        last = select(func.max(DeliveryRow.seq)).where(DeliveryRow.device_id == row.id)
        return row.last_seq, work.session.scalar(last)


@contextmanager
def failing_at(engine, number):
    """Let the database go away at its statement *number*; tells how many there were."""
    seen = []

    def fail(*_):
        seen.append(1)
        if len(seen) == number:
            raise OperationalError("x", None, pg.AdminShutdown("gone"), connection_invalidated=True)

    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", fail)


def test_a_database_that_goes_away_at_any_statement_leaves_nothing_half_done(real_city, home, box):
    told = [box.mutation(home.id, note(home, text)) for text in "ab"]
    body = box.body(*told, box.mutation(uuid4(), note(home)))
    engine = real_city.programme.engine
    before, number = counts(real_city), 0
    while True:
        number += 1
        with failing_at(engine, number) as seen:
            try:
                answer = box.send(body)
            except (OperationalError, Unavailable) as error:
                away = unavailable_from(error)
            else:
                assert len(seen) < number
                break
        assert away.code == "database-away"
        assert counts(real_city) == before
        assert standing(real_city, box) == (0, None)
    assert number > 5
    assert [one.status for one in answer.results[:2]] == [Verdict.APPLIED] * 2
    assert texts(real_city, home) == ["a", "b"]


def test_a_commit_whose_outcome_nobody_learns_is_told_when_it_is_sent_again(real_city, home, box):
    body = box.body(box.mutation(home.id, note(home, "a")))
    programme = real_city.programme

    @contextmanager
    def losing_the_answer(actor):
        with programme.work(actor, "test") as work:
            yield work
        raise OperationalError(
            "commit", None, pg.OperationalError("x"), connection_invalidated=True
        )

    with pytest.raises(OperationalError):
        push(losing_the_answer, real_city.ours, body)
    (result,) = box.send(body).results
    assert result.status == Verdict.APPLIED
    assert texts(real_city, home) == ["a"]


def test_the_same_push_twice_at_once_is_done_once_and_answered_alike(real_city, home, box):
    body = box.body(*(box.mutation(home.id, note(home, text)) for text in "abc"))
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(box.send, [body] * 4))
    assert len({str(one.results) for one in answers}) == 1
    assert texts(real_city, home) == ["a", "b", "c"]


def test_two_phones_on_the_same_families_do_not_wait_for_each_other_in_a_circle(real_city, box):
    homes = [settle(real_city) for _ in range(6)]
    other = Outbox(real_city.programme, real_city.ours).enrol()

    def bodies(box, homes):
        return [box.body(*(box.mutation(one.id, note(one)) for one in homes)) for _ in range(5)]

    def send_all(pair):
        return [pair[0].send(body).results for body in pair[1]]

    sending = [(box, bodies(box, homes)), (other, bodies(other, homes[::-1]))]
    with ThreadPoolExecutor(2) as threads:
        told = [one for rounds in threads.map(send_all, sending) for one in rounds]
    assert {one.status for results in told for one in results} == {Verdict.APPLIED}
    for home in homes:
        assert len(texts(real_city, home)) == 10


def test_two_pushes_that_are_judged_in_parts_do_not_wait_for_each_other_in_a_circle(
    real_city, home, box, monkeypatch
):
    """Each has written to its first family when it comes to what is refused between the two."""
    homes, boxes = [home, settle(real_city)], [box, Outbox(real_city.programme, real_city.ours)]
    boxes[1].enrol()
    both, judge_alone = Barrier(2), Desk.judge_alone

    def meet(desk, one):
        with suppress(BrokenBarrierError):
            both.wait(0.5)
        return judge_alone(desk, one)

    def bring(number):
        sending, (first, second) = boxes[number], homes[:: 1 - 2 * number]
        said = [(first, note(first)), (first, note(Household())), (second, note(second))]
        return sending.push(*(sending.mutation(one.id, each) for one, each in said)).results

    monkeypatch.setattr(Desk, "judge_alone", meet)
    with ThreadPoolExecutor(2) as threads:
        told = list(threads.map(bring, range(2)))

    for results in told:
        assert [one.status for one in results][::2] == [Verdict.APPLIED] * 2
        assert results[1].status is not Verdict.APPLIED


def test_a_mutation_that_we_cannot_process_is_quarantined_alone(
    real_city, home, box, monkeypatch, caplog
):
    def stumbling(judge):
        def stumble(work, sent):
            verdict = judge(work, sent)
            if b"gift" in sent.raw:
                raise ZeroDivisionError("gift")
            return verdict

        return stumble

    for name in ("judge", "judge_at_once"):
        monkeypatch.setattr(desk, name, stumbling(getattr(desk, name)))
    answer = box.push(*(box.mutation(home.id, note(home, text)) for text in ("a", "gift", "b")))
    assert [(one.status, one.reason) for one in answer.results] == [
        (Verdict.APPLIED, None),
        (Verdict.QUARANTINED, "defect"),
        (Verdict.APPLIED, None),
    ]
    assert texts(real_city, home) == ["a", "b"]
    assert [one.rev for one in answer.results] == [2, None, 3]
    assert standing(real_city, box) == (3, 3)


def test_what_fails_at_commit_only_is_found_out_before_it(real_city, home, box, monkeypatch):
    def dangling(judge):
        def dangle(work, sent):
            verdict = judge(work, sent)
            if b"gift" in sent.raw:
                rows = [*work.session.new, *work.session.identity_map.values()]
                next(one for one in rows if isinstance(one, NoteRow)).visit_id = uuid4()
            return verdict

        return dangle

    for name in ("judge", "judge_at_once"):
        monkeypatch.setattr(desk, name, dangling(getattr(desk, name)))
    answer = box.push(*(box.mutation(home.id, note(home, text)) for text in ("gift", "b")))
    assert [one.status for one in answer.results] == [Verdict.QUARANTINED, Verdict.APPLIED]
    assert texts(real_city, home) == ["b"]


def test_a_family_that_somebody_holds_ends_the_push_after_what_came_before(
    real_city, home, box, monkeypatch
):
    held = settle(real_city)
    mutations = [box.mutation(one.id, note(one, "a")) for one in (home, held, home)]
    engine = real_city.programme.engine
    with engine.connect() as connection, connection.begin():
        connection.execute(select(FamilyRow).where(FamilyRow.id == held.id).with_for_update())
        with short_patience(engine), pytest.raises(Unavailable) as refused:
            box.push(*mutations)
    assert refused.value.code == "database-busy"
    assert [one["seq"] for one in refused.value.members["results"]] == [1]
    assert refused.value.members["last_seq"] == 1
    assert "Nothing was saved" not in refused.value.detail
    assert [one.status for one in box.push(*mutations).results] == [Verdict.APPLIED] * 3
    assert len(texts(real_city, home)) == 2


@contextmanager
def short_patience(engine):
    def hurry(connection):
        connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")

    event.listen(engine, "begin", hurry)
    try:
        yield
    finally:
        event.remove(engine, "begin", hurry)


def test_a_key_provider_that_is_away_loses_nothing(real_city, home, box, monkeypatch):
    mutation = box.mutation(home.id, note(home, "a"))
    provider = real_city.programme.vault.provider

    def away(*_):
        raise ProviderAway("gone")

    real_city.programme.vault.forget()
    with monkeypatch.context() as patched:
        patched.setattr(type(provider), "unwrap", away)
        with pytest.raises(Unavailable) as refused:
            box.push(mutation)
    assert refused.value.code == "key-provider-away"
    assert standing(real_city, box) == (0, None)
    assert [one.status for one in box.push(mutation).results] == [Verdict.APPLIED]
