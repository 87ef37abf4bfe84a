"""The blueprints of the phones' protocol: guarded like any of the API, and under back-pressure."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import cast

from flask import Flask, current_app, g, request

from api.doorway import Guarded
from api.sync.pacing import Gate, Pace
from nyefamilier.bootstrap import Programme
from nyefamilier.kernel.actors import Role

PREFIX = "/api/v1/sync"

_GATE, _PACE = "sync-gate", "sync-pace"


class SyncBlueprint(Guarded):
    """See `sync_blueprint`."""

    def __init__(self, name: str, import_name: str, *, roles: Iterable[Role]) -> None:
        super().__init__(name, import_name, roles=roles, url_prefix=PREFIX)
        self.teardown_request(_leave)

    def _guard(self) -> None:
        # Before anything is asked of the database: turning away must cost next to nothing.
        pace(request.headers.get("Authorization", ""))
        gate().enter()
        g.in_sync_gate = True
        super()._guard()


def sync_blueprint(name: str, import_name: str) -> SyncBlueprint:
    """A blueprint of the phones' protocol, for nurses unless a route says otherwise."""
    return SyncBlueprint(name, import_name, roles=[Role.NURSE])


def put_up_gate(app: Flask, of: Programme) -> None:
    """Give the app its gate, and its count of who comes how often."""
    app.extensions[_GATE] = Gate(of.settings.sync_at_once)
    app.extensions[_PACE] = Pace(of.settings.sync_a_minute)


def pace(key: str) -> None:
    """Let whoever has this key through, if not too often. Without a key nobody is counted.

    Raises:
        TooMany: ``slow-down``.
    """
    if key:
        cast("Pace", current_app.extensions[_PACE]).step(
            sha256(key.encode("utf-8", "replace")).digest()[:16]
        )


def gate() -> Gate:
    """This process's gate."""
    return cast("Gate", current_app.extensions[_GATE])


def _leave(_error: BaseException | None) -> None:
    if g.pop("in_sync_gate", False):
        gate().leave()
