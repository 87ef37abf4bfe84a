"""Whoever sends is killed, and every text has gone out, under one key each."""

import os
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import uuid4

from sqlalchemy import text

from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.texts.service import LOST_AFTER, Handed, look_at_next, note_sent
from nyefamilier.texts.states import TextState
from nyefamilier.visits.intents import BookVisit
from tests.builders import send
from tests.cities import settle
from tests.databases import HERE
from tests.outbox import Pocket, outbox, send_texts

AT = datetime(2026, 3, 12, 9, tzinfo=UTC)
DUE = datetime(2026, 3, 11, 11, tzinfo=UTC)
DEATHS = (("before", 0), ("after", 0), ("after", 1), ("before", 1), ("after", 0), ("before", 0))
"""Where a process dies, and after how many texts that it had sent."""


def booked(city, visits):
    home = settle(city)
    for number in range(visits):
        at = AT + timedelta(hours=number)
        send(
            city.programme, city.ours, home.id, BookVisit(uuid4(), at, outside_hours="Etter ønske.")
        )
    return home


def run(city, folder, now, where="never", after=0):
    url = city.programme.engine.url.render_as_string(hide_password=False)
    told = [url, str(folder), now.isoformat(), where, str(after)]
    command = [sys.executable, "-m", "tests.integration.texts.dying", *told]
    return subprocess.run(command, cwd=HERE, env=dict(os.environ), timeout=120, check=False)


def sent_log(folder):
    return [line.split()[0] for line in (folder / "sent.log").read_text().splitlines()]


def test_whoever_sends_is_killed_at_any_step_and_every_text_goes_out_under_one_key(
    real_city, tmp_path
):
    booked(real_city, 8)
    now = DUE
    for where, after in DEATHS:
        assert run(real_city, tmp_path, now, where, after).returncode == -signal.SIGKILL
        now += LOST_AFTER
    assert run(real_city, tmp_path, now).returncode == 0

    real_city.clock.now = now
    rows = outbox(real_city.programme)
    assert {row.state for row in rows} == {TextState.SENT}
    tried = Counter(sent_log(tmp_path))
    assert set(tried) == {str(row.id) for row in rows}
    assert sum(tried.values()) > len(rows), "no death lay between the gateway and the note"
    assert sum(row.attempts for row in rows) == len(rows) + len(DEATHS)


def test_a_text_in_a_dead_hand_is_not_taken_before_it_is_lost(real_city, tmp_path):
    booked(real_city, 1)
    run(real_city, tmp_path, DUE, "before")
    gateway = Pocket()
    real_city.clock.now = DUE + LOST_AFTER - timedelta(seconds=1)
    assert send_texts(real_city.programme, gateway) == 0
    real_city.clock.now = DUE + LOST_AFTER
    assert send_texts(real_city.programme, gateway) == 1


def test_several_senders_at_once_send_each_text_once(real_city):
    booked(real_city, 12)
    real_city.clock.now = DUE
    gateway, ready = Pocket(), Barrier(4)

    def one(_):
        ready.wait(30)
        return send_texts(real_city.programme, gateway)

    with ThreadPoolExecutor(4) as senders:
        assert sum(senders.map(one, range(4))) == 12
    assert len({message.key for message in gateway.got}) == len(gateway.got) == 12


def test_while_the_gateway_is_asked_nothing_is_locked(real_city):
    home = booked(real_city, 1)
    real_city.clock.now = DUE
    looked: list[int] = []

    class Looking:
        def send(self, message):
            with real_city.programme.engine.connect() as other:
                other.execute(text("SET lock_timeout = '1s'"))
                for table, one in (("parent_text", message.key), ("family", home.id)):
                    query = f"SELECT 1 FROM {table} WHERE id = :id FOR UPDATE"  # noqa: S608
                    looked.append(other.scalar(text(query), {"id": one}))

    assert send_texts(real_city.programme, Looking()) == 1
    assert looked == [1, 1]


def test_a_receipt_that_comes_after_another_process_took_over_is_still_a_receipt(real_city):
    booked(real_city, 1)
    real_city.clock.now = DUE
    with real_city.programme.work(SYSTEM) as work:
        slow = look_at_next(work, None)
    real_city.clock.now += LOST_AFTER
    assert send_texts(real_city.programme, Pocket()) == 1
    assert isinstance(slow, Handed)
    with real_city.programme.work(SYSTEM) as work:
        note_sent(work, slow)
    assert [row.state for row in outbox(real_city.programme)] == [TextState.SENT]
