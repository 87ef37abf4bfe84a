"""The blueprints of the phones' protocol: guarded like any of the API, and under back-pressure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final, TypeVar, cast

from flask import Flask, Response, current_app, g, request

from api.doorway import Guarded, current_view
from api.sync.pacing import Gate, Pace
from nyefamilier.bootstrap import Programme
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotSignedIn
from nyefamilier.sync.proving import SignedRequest

PREFIX = "/api/v1/sync"

SYNC_SIGNATURE: Final[dict[str, Any]] = {
    "in": "header",
    "name": "Sync-Signature",
    "required": True,
    "schema": {"type": "string", "maxLength": 86},
    "description": "ECDSA on P-256 with SHA-256, by the key that the device enrolled with, as "
    "`r || s` (64 bytes) in base64url without padding. What is signed are four lines joined by a "
    "line feed: `nyefamilier-request/1`, the method, the path, and the SHA-256 of the body as it "
    "travels in lower-case hexadecimal.",
}
"""The parameter as OpenAPI has it."""

View = TypeVar("View", bound=Callable[..., Any])

_GATE, _PACE = "sync-gate", "sync-pace"


class SyncBlueprint(Guarded):
    """See `sync_blueprint`."""

    def __init__(self, name: str, import_name: str, *, roles: Iterable[Role]) -> None:
        super().__init__(name, import_name, roles=roles, url_prefix=PREFIX)
        self.after_request(_ask_for_quiet)
        self.teardown_request(_leave)

    def _guard(self) -> None:
        # Before anything is asked of the database: turning away must cost next to nothing.
        pace(request.headers.get("Authorization", ""))
        g.entered_sync = gate().enter()
        if getattr(current_view(), "signed", False):
            _signature()
        super()._guard()


def sync_blueprint(name: str, import_name: str) -> SyncBlueprint:
    """A blueprint of the phones' protocol, for nurses unless a route says otherwise."""
    return SyncBlueprint(name, import_name, roles=[Role.NURSE])


def signed(view: View) -> View:
    """Say that the view is for whoever signs with a device's key; it checks the signature."""
    vars(view)["signed"] = True
    return view


def signed_request() -> SignedRequest:
    """The request with its signature, for the programme to check.

    Raises:
        NotSignedIn: ``signature``: it has none.
    """
    return SignedRequest(request.method, request.path, request.get_data(), _signature())


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


def _signature() -> str:
    told = request.headers.get("Sync-Signature")
    if told is None:
        raise NotSignedIn("signature", "Sign the request with the device's key: `Sync-Signature`.")
    return told


def _ask_for_quiet(answer: Response) -> Response:
    """Slow down those who are served, too, while others find no place."""
    seconds = gate().quiet() if answer.status_code < HTTPStatus.BAD_REQUEST else 0
    if seconds:
        answer.headers["Sync-Backoff"] = str(seconds)
    return answer


def _leave(_error: BaseException | None) -> None:
    entered = g.pop("entered_sync", None)
    if entered is not None:
        gate().leave(entered)
