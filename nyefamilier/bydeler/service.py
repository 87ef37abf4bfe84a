"""Which bydel a delbydel belongs to on a day, and how a reform changes that.

The boundaries are some hundred rows that change once in twenty years, and are asked about at every
step. So each process keeps them as one immutable value, and each session makes sure, by one small
query, that the value is still the database's.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from uuid import UUID

from sqlalchemy.orm import Session

from nyefamilier.bydeler import reforms, store
from nyefamilier.bydeler.reading import (
    BydelEstimate,
    Rollout,
    packaged_boundaries,
    packaged_estimates,
    packaged_rollout,
)
from nyefamilier.bydeler.reforms import Reform, ReformDiff
from nyefamilier.bydeler.rules import Boundaries, Bydel, Delbydel
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotAllowed, RuleBroken
from nyefamilier.kernel.ids import BydelNumber, DelbydelCode
from nyefamilier.storage.work import Work

_MEMO = "bydeler.boundaries"
_latest: dict[UUID, Boundaries] = {}


def load_reference_data(session: Session) -> int:
    """Put the packaged bydeler and delbydeler into the database; what is there already stays.

    Returns:
        How many rows were missing and have been inserted.
    """
    added = store.add_missing(session, packaged_boundaries())
    session.info.pop(_MEMO, None)
    return added


def boundaries(session: Session) -> Boundaries:
    """All boundaries at all times, as the database has them at the session's first question."""
    known: Boundaries | None = session.info.get(_MEMO)
    if known is None:
        known = session.info[_MEMO] = _known(session)
    return known


def refresh(session: Session) -> Boundaries:
    """The boundaries as the database has them now; for a session that outlives a reform."""
    session.info.pop(_MEMO, None)
    return boundaries(session)


def bydel_of(session: Session, delbydel: DelbydelCode, on: date) -> BydelNumber | None:
    """The bydel of a delbydel on a day; None when nobody knows the delbydel."""
    return boundaries(session).bydel_of(delbydel, on)


def require_delbydel(
    session: Session, delbydel: DelbydelCode, on: date, *, pointer: str | None = None
) -> BydelNumber:
    """The bydel of a delbydel on a day.

    Raises:
        RuleBroken: ``unknown-delbydel``.
    """
    bydel = bydel_of(session, delbydel, on)
    if bydel is None:
        raise RuleBroken(
            "unknown-delbydel",
            f"No delbydel has this code on {on}. Use one of the ten-digit codes of the list of "
            "delbydeler; 0301999901 stands for no registered address.",
            pointer=pointer,
        )
    return bydel


def bydeler(session: Session, on: date) -> tuple[Bydel, ...]:
    """Every bydel on a day, by number; Sentrum, Marka and 99 among them."""
    return boundaries(session).bydeler_on(on)


def delbydeler(session: Session, on: date) -> tuple[tuple[Delbydel, BydelNumber], ...]:
    """Every delbydel whose code is in use on a day, with its bydel, by bydel and code."""
    known = boundaries(session)
    return tuple(
        (delbydel, bydel.number)
        for bydel in known.bydeler_on(on)
        for delbydel in known.delbydeler_in(bydel.number, on)
    )


def preview_reform(session: Session, reform: Reform) -> ReformDiff:
    """What a reform would change; a dry run.

    Raises:
        RuleBroken: the reform does not fit the boundaries; see `reforms.diff` for the codes.
    """
    return reforms.diff(refresh(session), reform)


def apply_reform(work: Work, reform: Reform) -> ReformDiff:
    """Change the boundaries from the reform's day on, and say what changed. Repeating is harmless.

    Raises:
        NotAllowed: the actor is a person; reforms are applied from the command line.
        RuleBroken: the reform does not fit the boundaries; see `reforms.diff` for the codes.
    """
    if work.actor.role is not Role.SYSTEM:
        raise NotAllowed("A reform of the boundaries is applied from the command line.")
    store.lock(work.session)
    change = preview_reform(work.session, reform)
    if not change.is_empty:
        store.write(work.session, change)
        work.session.info.pop(_MEMO, None)
    return change


@cache
def estimates() -> tuple[BydelEstimate, ...]:
    """Population and planning weights of each bydel; estimates, labelled so."""
    return packaged_estimates()


@cache
def rollout() -> tuple[Rollout, ...]:
    """Which bydel has had which programme from when; what is assumed is labelled so."""
    return packaged_rollout()


def has_programme(bydel: BydelNumber, programme: str, on: date) -> bool:
    """Whether a bydel had a programme on a day, by the rollout's history and its assumptions."""
    return any(
        (row.bydel, row.programme) == (bydel, programme) and row.valid_from <= on
        for row in rollout()
    )


def _known(session: Session) -> Boundaries:
    mark = store.stamp(session)
    known = None if mark is None else _latest.get(mark)
    if known is not None:
        return known
    known = store.load(session)
    if (now := store.stamp(session)) != mark:
        return _known(session)  # a reform was committed between two of the reads
    if now is not None:
        _latest.clear()  # one city, one state: what another mark stood for is gone
        _latest[now] = known
    return known
