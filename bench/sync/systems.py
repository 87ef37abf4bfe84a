"""What every server under measurement has in common: caseloads, and phones that push and pull."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import ClassVar, Protocol
from uuid import UUID

from bench.sync.records import Home, Written
from bench.sync.serving import Server
from bench.sync.talking import Answer, Line


class Phone(Protocol):
    """A phone with one caseload. It makes requests before the clock runs, and reads after."""

    def push(self, written: Sequence[Written]) -> bytes:
        """A request that pushes these."""

    def acknowledged(self, written: Sequence[Written], answer: Answer) -> bool:
        """Whether the server says that it has all of these."""

    def everything(self, line: Line) -> list[bytes]:
        """The requests of a full pull, found out by doing one."""

    def stored(self, line: Line) -> set[UUID]:
        """The ids of all that the caseload has, by a full pull."""

    def news(self) -> bytes:
        """A request for what is new since `learn`."""

    def learn(self, answer: Answer) -> int:
        """Take note of what came, and say how many records it was."""


@dataclass(frozen=True, slots=True)
class Caseload:
    """Families, and what makes a phone that has them."""

    phone: Callable[[], Phone]
    homes: list[Home]


class System(ABC):
    """A server under measurement.

    Args:
        server: What listens.
        version: Its version, and what it is served by.
    """

    name: ClassVar[str]
    """What the tables call it."""
    largest: ClassVar[int]
    """The most records that one request may push."""

    def __init__(self, server: Server, version: str) -> None:
        self.server = server
        self.version = version
        self._numbers = count(1)

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server.port

    @property
    def process(self) -> int:
        """The process that its processes are under."""
        return self.server.process

    def phones(self, number: int, families: int) -> list[tuple[Phone, list[Home]]]:
        """New phones, each with so many families of its own."""
        caseloads = [self._caseload(families) for _ in range(number)]
        return [(one.phone(), one.homes) for one in caseloads]

    def sharing(self, number: int, families: int) -> tuple[list[Phone], list[Home]]:
        """New phones that share one caseload."""
        one = self._caseload(families)
        return [one.phone() for _ in range(number)], one.homes

    @abstractmethod
    def _caseload(self, families: int) -> Caseload:
        """A new caseload with so many families."""
