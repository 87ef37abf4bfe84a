"""The watcher tells of every answer to a phone that was stopped, whatever it had asked for."""

from __future__ import annotations

import json
from types import SimpleNamespace
from uuid import uuid4

import pytest

from tests.faults.history import History
from tests.faults.network import Answered, Asked
from tests.faults.watching import Watcher

DEVICE, NURSE, MINE, FOREIGN = (uuid4() for _ in range(4))
LEASE, ESCROW = "/sync/v1/lease", "/sync/v1/escrow"


class Doing:
    """A task, of which nothing but its notes is asked for."""

    def __init__(self) -> None:
        self.notes: dict[str, int] = {}


def heard(state: str, path: str, asked: dict, told: dict, status: int = 200) -> list[dict]:
    """What the history has of one answer to a phone in *state*."""

    def execute(_query, of):
        row = None if isinstance(of, dict) else (NURSE, state, 0)
        return SimpleNamespace(fetchone=lambda: row, fetchall=list)

    clock = SimpleNamespace(now=None)
    watcher = Watcher(History(), clock, lambda: SimpleNamespace(execute=execute))
    request = Asked("POST", path, (), json.dumps({"device_id": str(DEVICE)} | asked).encode())
    packet = SimpleNamespace(content=request, exchange=SimpleNamespace(sender="a"))
    task = Doing()
    watcher.watch(task, packet, None)
    watcher.watch(task, packet, Answered(status, (), json.dumps(told).encode()))
    return list(watcher.history.of("told-stopped"))


def test_an_answer_to_a_locked_phone_is_told_by_the_names_in_it():
    (one,) = heard("locked", LEASE, {}, {"commands": ["lock"], "key_share": "x", "fresh": False})

    assert (one["phone"], one["path"], one["state"]) == ("a", LEASE, "locked")
    assert one["names"] == ["commands", "key_share"]


def test_the_names_within_each_verdict_are_told():
    told = {"seq": 1, "id": "i", "status": "held", "pointer": None}
    (one,) = heard("wipe", "/sync/v1/push", {}, {"results": [told]})

    assert one["names"] == ["results", "results.id", "results.seq", "results.status"]


def test_what_a_phone_did_not_leave_itself_is_counted():
    asked = {"mutations": [{"id": str(MINE)}]}
    (one,) = heard("wipe", ESCROW, asked, {"received": [str(MINE), str(FOREIGN)]})

    assert one["foreign"] == 1


@pytest.mark.parametrize(("state", "status"), [("active", 200), ("locked", 403)])
def test_nothing_is_told_of_a_phone_in_use_or_of_a_refusal(state, status):
    assert heard(state, LEASE, {}, {"commands": ["lock"]}, status) == []
