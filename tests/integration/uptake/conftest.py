"""The statistics' own tables, and a piece of work that has nothing but a session and a clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import pytest
from sqlalchemy import Engine

from nyefamilier.bydeler.service import load_reference_data
from nyefamilier.kernel.actors import SYSTEM, Actor, Occasion, Role
from nyefamilier.kernel.ids import UserId
from nyefamilier.storage.base import Base
from nyefamilier.storage.sessions import WriteBehind
from nyefamilier.storage.work import Work
from nyefamilier.uptake.tables import NeedCount, Participation, ToldFact, VisitCount

KINDS = (ToldFact, Participation, VisitCount, NeedCount)
TABLES = [cast(Any, table).__table__ for table in KINDS]


def work_on(session: WriteBehind, role: Role = Role.SYSTEM) -> Work:
    """Work without a vault: statistics never open anything."""
    actor = SYSTEM if role is Role.SYSTEM else Actor(UserId(UUID(int=7)), role)
    return Work(
        session=session,
        actor=actor,
        now=datetime(2026, 11, 21, 12, tzinfo=UTC),
        vault=cast(Any, None),
        occasion=Occasion(UUID(int=1), "job"),
    )


@pytest.fixture
def work(session: WriteBehind) -> Work:
    Base.metadata.create_all(session.connection(), tables=TABLES)
    return work_on(session)


@pytest.fixture
def whole_city(work: Work) -> Work:
    """The same, in a city that has its bydeler."""
    Base.metadata.create_all(work.session.connection())
    load_reference_data(work.session)
    return work


@pytest.fixture
def own_engine(committing: Engine) -> Engine:
    """A database of the test's own with the statistics' tables, for real commits."""
    Base.metadata.create_all(committing, tables=TABLES)
    return committing
