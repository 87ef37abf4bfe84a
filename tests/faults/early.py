"""Lets a mutant of the server answer a request before it is done with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

Answer = Callable[[bytes], None]

_answer: list[Answer] = []


def listen(answer: Answer) -> None:
    """Be the one who carries early answers."""
    _answer[:] = [answer]


def answer_push(epoch: UUID, results: list[dict[str, Any]], last_seq: int) -> None:
    """Say that a push was taken in."""
    told = {
        "epoch": str(epoch),
        "server_time": "2026-03-02T11:00:00Z",
        "last_seq": last_seq,
        "durable_seq": 0,
        "results": results,
    }
    _answer[0](json.dumps(told).encode())
