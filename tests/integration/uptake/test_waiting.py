from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from nyefamilier.storage.sessions import WriteBehind
from nyefamilier.storage.work import Work
from nyefamilier.uptake import service
from tests.integration.uptake.conftest import work_on
from tests.integration.uptake.test_hearing import tell, visit

FIRST, SECOND = UUID(int=1), UUID(int=2)


@contextmanager
def impatient_work(engine: Engine) -> Generator[Work, None, None]:
    with WriteBehind(engine) as session, session.begin():
        session.execute(text("SET LOCAL lock_timeout = '200ms'"))
        yield work_on(session)


def test_two_families_of_one_bydel_never_wait_for_each_other(own_engine: Engine) -> None:
    with impatient_work(own_engine) as one, impatient_work(own_engine) as other:
        for _ in range(3):
            tell(one, visit(key=FIRST))
            tell(other, visit(key=SECOND))


def test_the_same_participation_does_wait_so_no_step_is_lost(own_engine: Engine) -> None:
    with ExitStack() as stack:
        one = stack.enter_context(impatient_work(own_engine))
        tell(one, visit(key=FIRST))
        with pytest.raises(OperationalError, match="lock timeout"):
            tell(stack.enter_context(impatient_work(own_engine)), visit(key=FIRST))
        stack.pop_all().close()


@pytest.mark.parametrize("lay_again", [service.mix, service.rebuild_projections])
def test_a_fact_told_during_maintenance_waits_and_is_not_lost(
    own_engine: Engine, lay_again: Callable[[Work], None]
) -> None:
    with impatient_work(own_engine) as work:
        tell(work, visit(key=FIRST))
    with impatient_work(own_engine) as work:
        lay_again(work)
        with (
            pytest.raises(OperationalError, match="lock timeout"),
            impatient_work(own_engine) as other,
        ):
            tell(other, visit(key=FIRST))
    with impatient_work(own_engine) as work:
        tell(work, visit(key=FIRST))
        assert service.drift(work) == 0
