"""What the simulation knows of the truth while it runs: who may have which family, what was served.

It reads the server's tables by a session of its own and the answers as they leave the server, and
writes down what the checkers need.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import psycopg

from tests.faults.clocks import WorldClock
from tests.faults.history import History
from tests.faults.network import Answered, Asked, Packet
from tests.faults.tasks import Task

_TEAM: Final = """
    SELECT DISTINCT t.family_id, t.nurse_id FROM team t JOIN family f ON f.id = t.family_id
    WHERE t.starts_at <= %(now)s AND (t.ends_at IS NULL OR t.ends_at > %(now)s)
        AND f.protection = 'ugradert'
"""
_SERVED: Final = frozenset({"active", "unknown"})
"""The states of a phone in use, and of one that is only now enrolled."""
_REFUSED: Final = 300
_DEVICE: Final = "SELECT account_id, state, last_seq FROM device WHERE id = %s"


@dataclass
class Served:
    """A request under way, and what it may tell: all that was in scope at any time of it."""

    phone: str
    nurse: UUID | None
    state: str
    last_seq: int
    device: str | None = None
    allowed: set[UUID] = field(default_factory=set)


@dataclass
class Watcher:
    """Watches one world's server."""

    history: History
    clock: WorldClock
    admin: Callable[[], psycopg.Connection[Any]]
    under_way: dict[Task, Served] = field(default_factory=dict)
    requests: int = 0

    def scope(self) -> set[tuple[UUID, UUID]]:
        """Each family with each nurse whose phones may have it now."""
        return set(self.admin().execute(_TEAM, {"now": self.clock.now}).fetchall())

    def committed(self, _task: Task | None) -> None:
        """Something was committed: scope may have grown for whoever is being served."""
        if self.under_way:
            now = self.scope()
            for served in self.under_way.values():
                self._see_unlocked(served)
                served.allowed |= {family for family, nurse in now if nurse == served.nurse}

    def _see_unlocked(self, served: Served) -> None:
        """A phone may be unlocked while its request is under way."""
        if served.device is not None and served.state != "active":
            row = self.admin().execute(_DEVICE, (served.device,)).fetchone()
            served.state = row[1] if row else served.state

    def watch(self, task: Task, packet: Packet, answered: Answered | None) -> None:
        """A request begins (without an answer), or has one."""
        assert isinstance(packet.content, Asked)
        if answered is None:
            self._begin(task, packet)
            return
        served = self.under_way.pop(task)
        told = _json(answered)
        self._answered(packet, answered, told)
        if served.state not in _SERVED and answered.status < _REFUSED:
            self._told_stopped(packet.content, served, told)
        path = packet.content.path.rpartition("/")[2]
        if path == "pull" and answered.status == 200:
            self._pulled(task, packet.content, served, told, len(answered.body))
        elif path == "push":
            self._pushed(served, told)

    def forget(self, task: Task) -> None:
        """The request has died."""
        self.under_way.pop(task, None)

    def _answered(self, packet: Packet, answered: Answered, told: Any) -> None:
        assert isinstance(packet.content, Asked)
        self.history.tell(
            "answered",
            phone=packet.exchange.sender,
            path=packet.content.path.partition("?")[0],
            status=answered.status,
            code=told.get("code") if isinstance(told, dict) else None,
        )

    def _begin(self, task: Task, packet: Packet) -> None:
        assert isinstance(packet.content, Asked)
        self.requests += 1
        told = _json(packet.content)
        device = told.get("device_id") if isinstance(told, dict) else None
        row = self.admin().execute(_DEVICE, (device,)).fetchone() if _is_id(device) else None
        nurse, state, last_seq = row or (None, "unknown", 0)
        served = Served(packet.exchange.sender, nurse, state, last_seq, device if row else None)
        self.under_way[task] = served
        served.allowed |= {family for family, whose in self.scope() if whose == nurse}

    def _pulled(
        self, task: Task, asked: Asked, served: Served, told: dict[str, Any], size: int
    ) -> None:
        changes, snapshots = told.get("changes", []), told.get("snapshots", [])
        families = sorted({one["family"] for one in (*changes, *snapshots)})
        self.history.tell(
            "served",
            phone=served.phone,
            state=served.state,
            families=families,
            allowed=sorted(str(one) for one in served.allowed),
        )
        for one in changes:
            what = {key: one[key] for key in ("family", "from", "to")}
            self.history.tell("change", links=len(one["links"]), **what)
        for one in told.get("reset", []):
            self.history.tell("reset", phone=served.phone, families=[one["family"]])
            self.history.tell("alarm", phone=served.phone, kind=one["why"])
        idle = not (families or told.get("drop") or told.get("reset") or told.get("scope"))
        self.history.tell(
            "pull-cost",
            families=len(families) + len(told.get("drop", [])) + len(told.get("reset", [])),
            idle=idle and "have_hash" in _json(asked) and told.get("ask") is None,
            statements=task.notes.get("statements", 0),
            bytes=max(size, len(asked.body)),
        )

    def _told_stopped(self, asked: Asked, served: Served, told: Any) -> None:
        """What a phone that was stopped hears, by the names in it: the check knows which it may."""
        if not isinstance(told, dict):
            return
        within = (f"results.{name}" for one in told.get("results", []) for name in _said(one))
        own = {one["id"] for one in _json(asked).get("mutations", [])}
        self.history.tell(
            "told-stopped",
            phone=served.phone,
            path=asked.path.partition("?")[0],
            state=served.state,
            names=sorted({*_said(told), *within}),
            foreign=len(set(told.get("received", [])) - own),
        )

    def _pushed(self, served: Served, told: Any) -> None:
        if not isinstance(told, dict):
            return
        for one in told.get("results", []):
            self.history.tell(
                "judged",
                phone=served.phone,
                state=served.state,
                fresh=one["seq"] > served.last_seq,
                status=one["status"],
                reason=one.get("reason"),
                id=one["id"],
            )


def _said(told: dict[str, Any]) -> list[str]:
    """The names of what is there and says something."""
    return [name for name, value in told.items() if value]


def _json(content: Asked | Answered) -> Any:
    headers = {name.lower(): value for name, value in content.headers}
    try:
        packed = headers.get("content-encoding") == "gzip"
        body = gzip.decompress(content.body) if packed else content.body
        return json.loads(body) if body else {}
    except (OSError, EOFError, ValueError, zlib.error):
        return {}


def _is_id(told: object) -> bool:
    try:
        return isinstance(told, str) and bool(UUID(told))
    except ValueError:
        return False
