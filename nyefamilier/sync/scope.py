"""Which families a phone may have now, worked out anew at every pull from who follows whom.

A family is in scope while the phone's nurse follows it, as its primary or as a covering nurse, its
address is not protected, and it is still in the programme's years. Nothing is remembered from one
pull to the next, so that no revocation can be missed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from nyefamilier.access.rules import Ground
from nyefamilier.families.rules import PROGRAMME_SPAN
from nyefamilier.families.states import Protection, TeamPart
from nyefamilier.kernel.clock import day_of
from nyefamilier.storage import plain
from nyefamilier.wire.verdicts import DropReason

_FOLLOWS: Final = f"""
    t.starts_at <= %(now)s
    AND (t.ends_at IS NULL OR t.part = '{TeamPart.COVERING}' AND t.ends_at > %(now)s)
"""
# Written so that the partial index of the team's nurses serves it.

_SCOPE: Final = f"""
    SELECT f.id, f.rev, f.chain, f.checksum, bool_or(t.part = '{TeamPart.PRIMARY}') AS is_primary
    FROM team t JOIN family f ON f.id = t.family_id LEFT JOIN pregnancy p ON p.family_id = f.id
    WHERE t.nurse_id = %(nurse)s AND {_FOLLOWS} AND f.protection = '{Protection.NONE}'
    GROUP BY f.id HAVING bool_or(p.ended_on IS NULL OR p.ended_on > %(youngest)s)
"""  # noqa: S608 - constants
# A family whose pregnancy is not told yet is current, too.

_DEVICE: Final = """
    d.account_id, d.state, d.outrun, d.share IS NOT NULL,
    d.last_seq, d.acked_seq, d.durable_seq, d.last_seen_at,
    d.have_hash, (SELECT e.id FROM sync_epoch e ORDER BY e.started_at DESC, e.id DESC LIMIT 1)
"""

_DEVICE_COLUMNS: Final = 10

_STANDING: Final = f"SELECT {_DEVICE} FROM device d WHERE d.id = %(device)s"  # noqa: S608 - constants

_SUMMARY: Final = f"""
    SELECT {_DEVICE}, s.settled, s.have_hash, h.to_drop, h.to_acknowledge
    FROM device d,
        LATERAL (
            SELECT count(*) = count(scope.chain) AS settled,
                left(encode(sha256('nyefamilier-have/1'::bytea || coalesce(string_agg(
                    uuid_send(id) || int8send(rev) || chain, ''::bytea ORDER BY id
                ), ''::bytea)), 'hex'), 32) AS have_hash
            FROM ({_SCOPE}) scope
        ) s,
        LATERAL (
            SELECT count(purge_id) > 0 AS to_drop,
                bool_or(acked_rev IS DISTINCT FROM sent_rev) IS TRUE AS to_acknowledge
            FROM holding WHERE device_id = d.id AND gone_at IS NULL
        ) h
    WHERE d.id = %(device)s
"""  # noqa: S608 - constants

_HEADS: Final = f"""
    SELECT id, rev, chain, checksum, is_primary FROM ({_SCOPE}) scope ORDER BY id
"""  # noqa: S608 - constants

_WHY_NOT: Final = f"""
    SELECT f.id, f.protection <> '{Protection.NONE}' FROM family f
    WHERE f.id = ANY(%(families)s::uuid[]) AND EXISTS (
        SELECT FROM team t
        WHERE t.family_id = f.id AND t.nurse_id = %(nurse)s AND {_FOLLOWS}
    )
"""  # noqa: S608 - constants

_SOONEST: Final = """
    SELECT v.family_id
    FROM visit v
    WHERE v.family_id = ANY(%(families)s::uuid[]) AND v.state IN ('planned', 'booked')
        AND coalesce(v.at, v.closes::timestamptz) >= %(now)s - interval '1 day'
    GROUP BY v.family_id
    ORDER BY min(v.at), min(coalesce(v.ideal, v.opens)), v.family_id
"""
# An agreed time comes before any window, since NULL sorts last.


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a device stands: whose it is, and what it was sent.

    Args:
        is_outrun: Whether it is to enrol anew.
        is_leased: Whether our share of its store's key is there still.
        expected_hash: What the phone holds if it took in all that it was sent.
    """

    account_id: UUID
    state: str
    is_outrun: bool
    is_leased: bool
    last_seq: int
    acked_seq: int
    durable_seq: int
    last_seen_at: datetime
    expected_hash: str | None
    epoch: UUID | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What its scope and its copies sum up to.

    Args:
        settled: Whether every family in scope has a chain.
        present_hash: What a phone holds that has all of its scope as it is now, and nothing else.
        to_drop: Whether a receipt is awaited.
        to_acknowledge: Whether something that was sent is not known to have arrived.
    """

    settled: bool
    present_hash: str
    to_drop: bool
    to_acknowledge: bool


@dataclass(frozen=True, slots=True)
class Head:
    """A family in scope as it is now, and on what ground it is."""

    id: UUID
    rev: int
    chain: bytes | None
    checksum: int
    ground: Ground


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, from which device, and when."""

    device: UUID
    nurse: UUID
    now: datetime

    @property
    def named(self) -> dict[str, Any]:
        """The same for a statement."""
        youngest = day_of(self.now) - PROGRAMME_SPAN
        return {
            "device": self.device,
            "nurse": self.nurse,
            "now": self.now,
            "youngest": youngest,
        }


def standing(connection: Connection, device: UUID) -> Standing | None:
    """Where the device stands; None if there is none such."""
    found = plain.rows(connection, _STANDING, {"device": device})
    return Standing(*found[0]) if found else None


def summary(connection: Connection, asked: Asked) -> tuple[Standing, Summary] | None:
    """The same, with what its scope and its copies sum up to. One statement, one row."""
    found = plain.rows(connection, _SUMMARY, asked.named)
    if not found:
        return None
    return Standing(*found[0][:_DEVICE_COLUMNS]), Summary(*found[0][_DEVICE_COLUMNS:])


def heads(connection: Connection, asked: Asked) -> dict[UUID, Head]:
    """The families in scope, by their id and in its order."""
    rows = plain.rows(connection, _HEADS, asked.named)
    return {
        id_: Head(id_, rev, chain, checksum, Ground.PRIMARY if is_primary else Ground.COVERING)
        for id_, rev, chain, checksum, is_primary in rows
    }


def soonest_first(connection: Connection, asked: Asked, families: Collection[UUID]) -> list[UUID]:
    """The families in the order of their next visits, those without one last."""
    named = {"families": list(families), "now": asked.now}
    visited = [id_ for (id_,) in plain.rows(connection, _SOONEST, named)]
    return [*visited, *sorted(set(families) - set(visited))]


def why_not(
    connection: Connection, asked: Asked, families: Collection[UUID]
) -> Mapping[UUID, DropReason]:
    """Why each of some families is not in scope.

    Of a family that the nurse does not follow nothing is told, not even that it exists.
    """
    named = asked.named | {"families": list(families)}
    followed = {
        id_: DropReason.PROTECTED if protected else DropReason.ENDED
        for id_, protected in plain.rows(connection, _WHY_NOT, named)
    }
    return {id_: followed.get(id_, DropReason.NOT_HERS) for id_ in families}
