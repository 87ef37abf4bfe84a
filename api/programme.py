"""How a route reaches the programme that this app serves."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol, cast
from uuid import UUID

from flask import current_app

from nyefamilier.kernel.actors import Actor
from nyefamilier.storage.work import Work

EXTENSION = "nyefamilier"


class HttpSettings(Protocol):
    """The settings that matter to a doorway of HTTP; `config.settings` explains each."""

    @property
    def secure_cookies(self) -> bool: ...  # noqa: D102
    @property
    def trusted_hosts(self) -> str: ...  # noqa: D102
    @property
    def trusted_proxies(self) -> int: ...  # noqa: D102
    @property
    def session_idle_minutes(self) -> int: ...  # noqa: D102
    @property
    def session_hours(self) -> int: ...  # noqa: D102
    @property
    def token_minutes(self) -> int: ...  # noqa: D102


class Programme(Protocol):
    """What a doorway needs of `nyefamilier.bootstrap.Programme`."""

    @property
    def settings(self) -> HttpSettings:
        """This deployment's settings."""

    def readiness(self) -> dict[str, bool]:
        """Whether each thing that the programme needs can be used."""

    def work(
        self, actor: Actor, doorway: str = "rest", request_id: UUID | None = None
    ) -> AbstractContextManager[Work]:
        """Open a piece of work; leaving it commits, raising rolls back."""


def programme() -> Programme:
    """The programme this app serves."""
    return cast("Programme", current_app.extensions[EXTENSION])
