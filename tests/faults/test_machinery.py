"""The simulation's own parts: tasks take turns, packets meet their fates, scripts shrink."""

from __future__ import annotations

import random

import httpx
import pytest

from tests.faults.network import Answered, Asked, Network, Packet, Transport
from tests.faults.script import BASE, FAULTS, Kind, read_step, script_of, weights_of
from tests.faults.shrinking import shrink
from tests.faults.tasks import Scheduler


def test_tasks_run_in_the_order_in_which_the_hub_resumes_them():
    scheduler, said = Scheduler(), []

    def talk(name):
        def run():
            for n in range(3):
                said.append(f"{name}{n}")
                scheduler.pause("talking")

        return run

    a, b = (scheduler.spawn("task", name, talk(name)) for name in "ab")
    for task in (a, b, b, a, a, b):
        scheduler.resume(task)

    assert said == ["a0", "b0", "b1", "a1", "a2", "b2"]


def test_a_task_that_waits_is_not_resumed_before_it_can_go_on():
    scheduler, door = Scheduler(), []
    task = scheduler.spawn("task", "a", lambda: scheduler.wait("door", lambda: bool(door)))
    scheduler.finish(task)

    assert scheduler.runnable() == []
    door.append("open")
    scheduler.finish(task)
    assert task.done


def test_a_killed_task_runs_its_own_way_out_without_pausing_and_is_gone():
    scheduler, said = Scheduler(), []

    def run():
        try:
            scheduler.pause("work")
        finally:
            scheduler.pause("way out")
            said.append("out")

    task = scheduler.spawn("task", "a", run)
    scheduler.resume(task)
    scheduler.kill(task)

    assert (said, task.done, scheduler.tasks, task.defect) == (["out"], True, [], None)


def test_what_a_task_raises_is_kept_as_its_defect():
    scheduler = Scheduler()
    task = scheduler.spawn("task", "a", lambda: 1 / 0)
    scheduler.finish(task)

    assert isinstance(task.defect, ZeroDivisionError)


class Line:
    """A network with one client that asks once, and a server that says what it heard."""

    def __init__(self) -> None:
        self.scheduler = Scheduler()
        self.network = Network(self.scheduler, self.serve)
        self.heard: list[bytes] = []
        self.got: httpx.Response | httpx.HTTPError | None = None
        client = httpx.Client(transport=Transport(self.network, "a"), base_url="http://city")

        def ask():
            try:
                self.got = client.post("/sync", content=b"hello")
            except httpx.HTTPError as error:
                self.got = error

        self.task = self.scheduler.spawn("phone", "a", ask)
        self.scheduler.finish(self.task)

    def serve(self, packet: Packet) -> None:
        assert isinstance(packet.content, Asked)
        self.heard.append(packet.content.body)
        self.network.answer(packet, Answered(200, (), b"heard " + packet.content.body))

    def deliver(self) -> None:
        self.network.deliver(self.network.flying[0])
        self.scheduler.finish(self.task)


def test_a_request_and_its_answer_arrive_when_they_are_delivered():
    line = Line()
    assert (line.heard, line.got) == ([], None)
    line.deliver()
    assert (line.heard, line.got) == ([b"hello"], None)
    line.deliver()
    assert line.got.content == b"heard hello"


def test_a_doubled_request_is_heard_twice_and_its_second_answer_is_lost():
    line = Line()
    line.network.double(line.network.flying[0])
    for _ in range(4):
        line.deliver()

    assert line.heard == [b"hello", b"hello"]
    assert line.got.content == b"heard hello"
    assert line.network.flying == []


@pytest.mark.parametrize("loss", ["request", "answer"])
def test_a_sender_who_hears_nothing_gives_up_by_its_timeout(loss):
    line = Line()
    if loss == "answer":
        line.deliver()
    line.network.drop(line.network.flying[0])
    line.network.give_up(line.network.waiting[0])
    line.scheduler.finish(line.task)

    assert isinstance(line.got, httpx.ReadTimeout)


def test_a_server_that_dies_lets_nothing_arrive_and_nobody_wait():
    line = Line()
    line.network.cut_off()
    line.scheduler.finish(line.task)

    assert isinstance(line.got, httpx.ReadTimeout)
    assert line.heard == []


def test_bodies_can_be_spoiled_cut_and_replaced():
    line = Line()
    line.network.spoil(line.network.flying[0], 7)
    line.deliver()
    assert line.heard == [b"hehlo"]
    line.network.cut(line.network.flying[0], 3)
    assert line.network.flying[0].content.body == b"hea"
    line.network.gateway(line.network.flying[0])
    line.deliver()
    assert line.got.status_code == 502


def test_a_portal_answers_in_the_servers_place():
    line = Line()
    line.network.portal(line.network.flying[0])
    line.deliver()

    assert line.heard == []
    assert line.got.status_code == 200
    assert "html" in line.got.headers["content-type"]


def test_a_seed_always_gives_the_same_script_and_its_lines_can_be_read_back():
    script = script_of(7, 500)

    assert script == script_of(7, 500)
    assert [read_step(str(step)) for step in script] == script


def test_every_kind_of_step_has_a_weight_and_comes_in_some_world():
    assert BASE.keys() | FAULTS.keys() == set(Kind)
    drawn = [weights_of(random.Random(seed)) for seed in range(40)]
    for kind in FAULTS:
        assert any(kind in one for one in drawn)
        assert not all(kind in one for one in drawn)


def test_a_failing_script_shrinks_to_the_events_that_it_needs():
    assert shrink(range(200), lambda events: {17, 93} <= set(events)) == [17, 93]


def test_shrinking_stops_after_so_many_tries():
    tries = []

    def try_it(events):
        tries.append(events)
        return False

    shrink(range(1000), try_it, most=10)
    assert len(tries) == 10
