"""What every server under measurement has in common: caseloads, and phones that push and pull."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from bench.sync.records import Home, Written
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


class System(Protocol):
    """A server under measurement."""

    @property
    def name(self) -> str:
        """What the tables call it."""

    @property
    def version(self) -> str:
        """Its version, and what it is served by."""

    @property
    def port(self) -> int:
        """Where it listens."""

    @property
    def process(self) -> int:
        """The process that its processes are under."""

    @property
    def largest(self) -> int:
        """The most records that one request may push."""

    def phones(self, number: int, families: int) -> list[tuple[Phone, list[Home]]]:
        """New phones, each with so many families of its own."""

    def sharing(self, number: int, families: int) -> tuple[list[Phone], list[Home]]:
        """New phones that share one caseload."""
