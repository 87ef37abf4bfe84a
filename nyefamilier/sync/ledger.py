"""The ledger of copies: what each phone has of which family, and what it was asked to give up.

It is written in the transaction that serves, so that no copy is ever on a phone without being in
it. What a phone says that it has is written down as well, if there is such a family: after a
backup was restored, that is the only trace of what was sent in the lost minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from nyefamilier.storage import plain
from nyefamilier.wire.verdicts import DropReason

_COPIES: Final = """
    SELECT family_id, sent_rev, acked_rev, first_sent_at, sent_at, purge_id, drop_reason,
        drop_asked_at, gone_at
    FROM holding
    WHERE device_id = %(device)s AND (gone_at IS NULL OR family_id = ANY(%(families)s::uuid[]))
"""

_WRITE: Final = """
    INSERT INTO holding (device_id, family_id, sent_rev, acked_rev, first_sent_at, sent_at,
        purge_id, drop_reason, drop_asked_at)
    SELECT %(device)s, one.*
    FROM unnest(%(families)s::uuid[], %(sent_revs)s::bigint[], %(acked_revs)s::bigint[],
            %(first_sent)s::timestamptz[], %(sent)s::timestamptz[], %(purges)s::uuid[],
            %(reasons)s::text[], %(asked)s::timestamptz[])
        AS one(family_id, sent_rev, acked_rev, first_sent_at, sent_at, purge_id, drop_reason,
            drop_asked_at)
    WHERE EXISTS (SELECT FROM family f WHERE f.id = one.family_id)
    ON CONFLICT (device_id, family_id) DO UPDATE SET
        sent_rev = excluded.sent_rev, acked_rev = excluded.acked_rev,
        first_sent_at = excluded.first_sent_at, sent_at = excluded.sent_at,
        purge_id = excluded.purge_id, drop_reason = excluded.drop_reason,
        drop_asked_at = excluded.drop_asked_at, gone_at = NULL, gone_how = NULL
"""

_CLOSE: Final = """
    UPDATE holding SET gone_at = %(now)s, gone_how = 'receipt'
    FROM unnest(%(families)s::uuid[], %(purges)s::uuid[]) AS one(family_id, purge_id)
    WHERE holding.device_id = %(device)s AND holding.family_id = one.family_id
        AND holding.purge_id = one.purge_id AND holding.gone_at IS NULL
    RETURNING holding.family_id
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """What a phone has of one family.

    Args:
        sent_rev: The revision that it has if nothing was lost on the way: that which it was last
            sent whole, or said that it has; 0 if that is a part of it at most.
        acked_rev: The revision that it last said that it has.
        purge_id: Names the request to give it up, until the receipt.
    """

    family: UUID
    sent_rev: int
    acked_rev: int | None
    first_sent_at: datetime
    sent_at: datetime
    purge_id: UUID | None = None
    reason: str | None = None
    asked_at: datetime | None = None
    gone_at: datetime | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the phone can have the family, as far as we know."""
        return self.gone_at is None and self.purge_id is None and self.sent_rev > 0


def copies(connection: Connection, device: UUID, families: Iterable[UUID]) -> dict[UUID, Copy]:
    """What the device has, and what is known of *families* besides."""
    rows = plain.rows(connection, _COPIES, {"device": device, "families": list(families)})
    return {row[0]: Copy(*row) for row in rows}


def sent(known: Copy | None, family: UUID, rev: int, acked: int | None, now: datetime) -> Copy:
    """The copy after a revision was sent; 0 stands for a part of the family.

    A request to give it up is over: the family is the phone's again.
    """
    began = now if known is None or known.gone_at is not None else known.first_sent_at
    return Copy(family, rev, acked, began, now)


def acknowledged(known: Copy | None, family: UUID, rev: int, now: datetime) -> Copy:
    """The copy after the phone has said how far it has it."""
    if known is None or known.gone_at is not None:
        return Copy(family, rev, rev, now, now)
    if known.sent_rev == known.acked_rev == rev and known.purge_id is None:
        return known
    return replace(known, sent_rev=rev, acked_rev=rev, purge_id=None, reason=None, asked_at=None)


def to_drop(
    known: Copy | None, device: UUID, family: UUID, reason: DropReason, now: datetime
) -> Copy:
    """The copy after the phone was asked to give it up; asked once, however often it is told."""
    if known is not None and known.gone_at is None and known.purge_id is not None:
        return known
    if known is None or known.gone_at is not None:
        known = Copy(family, 0, None, now, now)
        purge = _purge_id(device, family, None)
    else:
        purge = _purge_id(device, family, known.first_sent_at)
    return replace(known, purge_id=purge, reason=reason, asked_at=now, gone_at=None)


def write(connection: Connection, device: UUID, changed: Sequence[Copy]) -> None:
    """Write down what has changed. A family that does not exist is left out."""
    if not changed:
        return
    plain.rows(
        connection,
        _WRITE,
        {
            "device": device,
            "families": [one.family for one in changed],
            "sent_revs": [one.sent_rev for one in changed],
            "acked_revs": [one.acked_rev for one in changed],
            "first_sent": [one.first_sent_at for one in changed],
            "sent": [one.sent_at for one in changed],
            "purges": [one.purge_id for one in changed],
            "reasons": [one.reason for one in changed],
            "asked": [one.asked_at for one in changed],
        },
    )


def close(
    connection: Connection, device: UUID, receipts: Mapping[UUID, UUID], now: datetime
) -> list[UUID]:
    """Close the copies whose deletion the phone confirms, and say which they were.

    Args:
        connection: In the transaction.
        device: The phone.
        receipts: The family that each request to give up, by its purge id, was about.
        now: When the receipts came.
    """
    named = {
        "device": device,
        "now": now,
        "families": list(receipts.values()),
        "purges": list(receipts),
    }
    return [family for (family,) in plain.rows(connection, _CLOSE, named)]


def _purge_id(device: UUID, family: UUID, since: datetime | None) -> UUID:
    """The name of a request: another one each time that the family comes to the phone anew.

    It follows from what the phone may know, so that the answer for a family that was never sent is
    the same whether there is such a family or not.
    """
    began = "" if since is None else since.isoformat()
    digest = sha256(b"nyefamilier-purge/1" + device.bytes + family.bytes + began.encode()).digest()
    # A UUIDv8 (RFC 9562 section 5.8).
    number = int.from_bytes(digest[:16]) & ~(0xF << 76 | 0b11 << 62) | 0x8 << 76 | 0b10 << 62
    return UUID(int=number)
