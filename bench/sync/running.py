"""Phones at work: each sends its requests over a line of its own, all of them from one instant."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter

from bench._machine import Usage, usage
from bench.sync.talking import Answer, Line


@dataclass(frozen=True, slots=True)
class Heard:
    """One phone's answers, with the seconds that each of them took, and when it began and ended."""

    answers: list[Answer]
    waits: list[float]
    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class Run:
    """What some phones did together."""

    phones: list[Heard]
    used: Usage

    @property
    def seconds(self) -> float:
        """From the first request to the last answer."""
        return max(one.ended for one in self.phones) - min(one.began for one in self.phones)

    @property
    def waits(self) -> list[float]:
        """The seconds that each answer took."""
        return [wait for one in self.phones for wait in one.waits]

    @property
    def answers(self) -> list[Answer]:
        """All that came back."""
        return [answer for one in self.phones for answer in one.answers]


def together(port: int, roots: Sequence[int], requests: Sequence[Sequence[bytes]]) -> Run:
    """Let as many phones as there are lists of requests send them, each in its order.

    Args:
        port: The server's.
        roots: The processes whose work, with that of all under them, is the server's.
        requests: For each phone, made before.
    """
    start = threading.Barrier(len(requests))
    before = usage(roots)
    with ThreadPoolExecutor(len(requests)) as threads:
        heard = list(threads.map(lambda one: _phone(port, start, one), requests))
    return Run(heard, usage(roots) - before)


def _phone(port: int, start: threading.Barrier, requests: Sequence[bytes]) -> Heard:
    answers, waits = [], []
    with Line(port) as line:
        start.wait()
        began = earlier = perf_counter()
        for one in requests:
            answers.append(line.ask(one))
            now = perf_counter()
            waits.append(now - earlier)
            earlier = now
    return Heard(answers, waits, began, earlier)


def persistently(
    port: int, requests: Sequence[bytes], sleep: Callable[[float], None], most: int
) -> list[Heard]:
    """Let each phone send one request from the same instant, and again as often as it is told to.

    A phone that is turned away *most* times gives up; its last answer says so.
    """
    start = threading.Barrier(len(requests))
    threading.stack_size(256 * 1024)
    try:
        with ThreadPoolExecutor(len(requests)) as threads:
            return list(
                threads.map(lambda one: _persistent(port, start, one, sleep, most), requests)
            )
    finally:
        threading.stack_size(0)


def _persistent(
    port: int, start: threading.Barrier, one: bytes, sleep: Callable[[float], None], most: int
) -> Heard:
    answers: list[Answer] = []
    start.wait()
    began = perf_counter()
    while len(answers) < most:
        with Line(port) as line:
            answers.append(line.ask(one))
        if answers[-1].status not in (429, 503):
            break
        sleep(answers[-1].wait)
    ended = perf_counter()
    return Heard(answers, [ended - began], began, ended)
