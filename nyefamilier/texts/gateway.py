"""What carries texts out: a port, and how it says that it could not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class GatewayAway(Exception):  # noqa: N818 - an answer, not a defect
    """No receipt came: nobody knows whether the text went out. Trying again is safe by its key."""


class GatewayRefused(Exception):  # noqa: N818 - an answer, not a defect
    """The gateway will not send this text, however often it is asked."""


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """A text, ready to travel.

    Args:
        key: The same however often it is tried; under it a gateway sends it once.
        number: The recipient's, as E.164 has it.
        words: What it says.
    """

    key: UUID
    number: str
    words: str


class Gateway(Protocol):
    """Sends one text."""

    def send(self, message: Message) -> None:
        """Send it; to return is a receipt.

        Raises:
            GatewayAway: there is no receipt; it may have gone out.
            GatewayRefused: it did not go out and never will.
        """
