"""Whatever the document allows, and much that it does not, is answered as the document says."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.accounts.sessions import issue_token
from nyefamilier.bootstrap import Programme
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.uptake import service
from tests.api.callers import PASSWORD
from tests.api.documents import (
    Operation,
    is_at_home_in_any_world,
    must_say_which,
    operations,
)
from tests.api.worlds import World, build_world
from tests.builders import DAY

CASES = {GenerationMode.POSITIVE: 20, GenerationMode.NEGATIVE: 10}
LEAST_SHARE = 0.3
"""Of an operation's cases, those that must succeed: else it was turned away, not tested."""
QUERY = {
    "from": str(DAY.year - 1), "to": str(DAY.year), "year": str(DAY.year), "bydel": "11",
    "area": "11", "indicator": "uptake", "on": str(DAY), "as_of": str(DAY),
}  # fmt: skip
"""Where almost no value would fit. A cursor cannot be made up."""
VERSIONS = {"from": "1", "to": "1"}
"""The two versions of a plan that are compared."""
NOWHERE = str(UUID(int=0))
TRIED = [one for one in operations() if is_at_home_in_any_world(one)]


@dataclass
class Trial:
    """One operation, asked by somebody who may, about a new family each time."""

    operation: Operation
    programme: Programme
    who: AccountIdentity
    nurse: AccountIdentity
    colleague: UUID
    answered: Counter[int] = field(default_factory=Counter)

    def run(self, case: Any) -> None:
        template = self.operation.path
        world = build_world(self.programme, self.nurse.actor, self.colleague, template)
        self._place(case, world)
        headers = self._headers()
        answer = case.call(headers=headers)
        self.answered[answer.status_code] += 1
        # What the schema allows need not fit the family: a refusal is right then.
        case.validate_response(answer, headers=headers, excluded_checks=[positive_data_acceptance])

    def _place(self, case: Any, world: World) -> None:
        case.path_parameters = {name: world.parameters[name] for name in case.path_parameters}
        if case.meta.generation.mode is not GenerationMode.POSITIVE:
            return
        fits = QUERY | VERSIONS if "/rollout/" in self.operation.path else QUERY
        asked = {n: fits.get(n, v) for n, v in (case.query or {}).items() if n != "cursor"}
        case.query = world.asking(asked)
        if self.operation.takes_body:
            case.body = world.about(case.body)
        if self.operation.path.endswith("/tokens"):
            case.body = {"username": self.who.username, "password": PASSWORD}

    def _headers(self) -> dict[str, str]:
        with self.programme.work(SYSTEM, "test") as work:
            token = issue_token(work, self.who.id, Lifetimes()).secret
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
        # A plan that was decided on is at its second revision; all else is new.
        rev = 2 if self.operation.path.endswith("{version_number}/replan") else 1
        return headers | {"If-Match": f'"{rev}"' if must_say_which(self.operation) else "*"}

    @property
    def share_of_successes(self) -> float:
        good = sum(number for status, number in self.answered.items() if status < 300)
        return good / self.answered.total()


@pytest.fixture
def schema(app):
    config = SchemathesisConfig()
    config.projects.default.generation.update(with_security_parameters=False)
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)


@pytest.fixture
def trial(programme, person):
    def prepare(operation):
        nurse, colleague = person(), person()
        nurse_may = {"nurse", "anyone"} & set(operation.roles)
        who = nurse if nurse_may else person(Role(operation.roles[0]))
        if "/reports/" in operation.path or "/statistics" in operation.path:
            _release(programme)
        return Trial(operation, programme, who, nurse, colleague.id)

    return prepare


def _release(programme):
    """Figures that a report can be read off."""
    with programme.work(SYSTEM, "test") as work:
        service.begin_release(work)
        service.release(work, work.session, [])


def cases(schema, operation, mode):
    """A strategy whose addresses and versions are right; `Trial` knows which they are."""
    named = schema[operation.path][operation.method]
    return named.as_strategy(
        generation_mode=mode,
        path_parameters={one.name: NOWHERE for one in named.path_parameters},
        headers={"Idempotency-Key": NOWHERE, "If-Match": '"1"', "If-None-Match": '"0"'},
    )


@pytest.mark.parametrize("operation", TRIED, ids=str)
def test_an_operation_answers_as_the_document_says(operation, schema, trial):
    one = trial(operation)
    for mode, number in CASES.items():
        limits = settings(
            max_examples=number,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        try:
            limits(given(cases(schema, operation, mode))(one.run))()
        except Unsatisfiable:
            # Without a body and a query there is nothing to be wrong.
            assert mode is GenerationMode.NEGATIVE
            assert not operation.takes_body
    assert one.share_of_successes >= LEAST_SHARE, dict(one.answered)
