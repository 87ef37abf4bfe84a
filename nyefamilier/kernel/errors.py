"""Everything a use case may refuse to do, and why.

One closed family. ``code`` is stable and public (`docs/problems.md` lists every one): clients
branch on it, so it is never reused or reworded. ``detail`` may reach a log or a screen, so it holds
identifiers and rule names only; never a name, a national identity number or a word of a note.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

STAYS_AWAY: Final = frozenset({"record-damaged", "family-key-closed"})
"""What is unavailable and will be the next time: whoever waited for it would wait for ever."""


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a defect
    """A request that the programme understood and declined.

    Args:
        code: The stable public name of the reason.
        detail: What is wrong and how to mend it, in one or two sentences of English.
        pointer: Where in the request it is, as a JSON pointer (RFC 6901).
        members: What a client needs to know besides: numbers, ids and verdicts by their names.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        pointer: str | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.pointer = pointer
        self.members = dict(members or {})
        self.operation: int | None = None
        """Which of a mutation's operations was refused, counted from 0; set by the door."""

    def __reduce__(self) -> tuple[object, ...]:
        """A worker process hands a refusal to its parent whole, whatever its kind is made from."""
        return _as_it_was, (type(self), self.args), vars(self)


def _as_it_was(kind: type[Refusal], args: tuple[object, ...]) -> Refusal:
    return kind.__new__(kind, *args)


class Malformed(Refusal):
    """The request cannot be read at all."""


class NotSignedIn(Refusal):
    """Nobody is signed in, or no longer."""


class NotFound(Refusal):
    """No such record, or none that the actor may know of: the two look alike on purpose."""

    def __init__(
        self, what: str = "record", *, pointer: str | None = None, mending: str = ""
    ) -> None:
        told = f"There is no such {what}, or it is not yours to see. {mending}".rstrip()
        super().__init__("not-found", told, pointer=pointer)


class NotAllowed(Refusal):
    """The actor may know of the record and may not do this."""

    def __init__(self, detail: str = "Your role does not allow this.") -> None:
        super().__init__("not-allowed", detail)


class UnknownDevice(Refusal):
    """The phone is not one that the actor has enrolled; it may be somebody else's."""


class DeviceStopped(Refusal):
    """The phone was locked, is to be wiped, or is out of use."""


class ClientTooOld(Refusal):
    """The app speaks a version of the protocol that is not served any more."""


class RuleBroken(Refusal):
    """The change would break a rule of the programme."""


class Conflict(Refusal):
    """The change does not fit what is already there: a mutation id used twice, say."""


class StaleVersion(Refusal):
    """The record has a newer version than the one that the change was made against."""

    def __init__(self, current: int) -> None:
        super().__init__(
            "stale-version",
            f"The record has changed since you read it; it is now at version {current}. "
            "Read it again and repeat the change.",
        )
        self.current = current


class TooLarge(Refusal):
    """Over a limit that is enforced before any work is done."""


class TooMany(Refusal):
    """Too often in too short a time.

    Args:
        wait: How long to wait before the next try.
    """

    def __init__(self, code: str, detail: str, *, wait: timedelta) -> None:
        super().__init__(code, detail)
        self.wait = wait


class Unavailable(Refusal):
    """Something of ours is away (database, key provider). Nothing was lost; try again.

    Args:
        wait: How long to wait before the next try, if we know.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        pointer: str | None = None,
        wait: timedelta | None = None,
    ) -> None:
        super().__init__(code, detail, pointer=pointer)
        self.wait = wait
