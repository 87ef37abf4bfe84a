"""What tests of texts need: a gateway that keeps what it got, and a look at the outbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import select

from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.texts.gateway import GatewayAway, GatewayRefused, Message
from nyefamilier.texts.sending import send_due
from nyefamilier.texts.tables import TextRow


@dataclass
class Pocket:
    """A gateway that keeps what it is given; *says* makes it fail."""

    got: list[Message] = field(default_factory=list)
    says: type[Exception] | None = None

    def send(self, message: Message) -> None:
        self.got.append(message)
        if self.says is not None:
            raise self.says


AWAY, REFUSES = GatewayAway, GatewayRefused


def send_texts(programme, gateway, **more):
    """One run of the job."""
    return send_due(partial(programme.work, doorway="job"), gateway, **more)


def outbox(programme, family_id=None):
    """The rows, the oldest first."""
    query = select(TextRow).order_by(TextRow.written_at, TextRow.due, TextRow.id)
    if family_id is not None:
        query = query.where(TextRow.family_id == family_id)
    with programme.work(SYSTEM, "test") as work:
        return list(work.session.scalars(query))


def told(programme, family_id=None):
    """Each text's kind, state and reason."""
    return [(row.kind, row.state, row.reason) for row in outbox(programme, family_id)]
