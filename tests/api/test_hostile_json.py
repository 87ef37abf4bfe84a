"""Whatever body is sent to whichever write: an answer, never a failure of ours."""

import json
from uuid import uuid4

import pytest

from nyefamilier.kernel.actors import Role
from tests.api.callers import PASSWORD
from tests.api.documents import fields, is_at_home_in_any_world, must_say_which, operations
from tests.api.hostile import hostile
from tests.api.worlds import build_world

WRITES = [one for one in operations() if one.takes_body]
BODIES = 40
"""The fewest that each write is sent."""


@pytest.fixture
def nurse(caller):
    return caller()


@pytest.fixture
def world_for(programme, nurse, person):
    colleague = person().id
    return lambda template: build_world(programme, nurse.identity.actor, colleague, template)


@pytest.fixture
def may(caller, nurse):
    """Whoever an operation is for: the nurse, if she is among them."""

    def who(operation):
        if {"nurse", "anyone"} & set(operation.roles):
            return nurse
        return caller(Role(operation.roles[0]))

    return who


def sent(nurse, operation, world, body):
    headers = {
        "Authorization": f"Bearer {nurse.token}",
        "Content-Type": "application/json",
        "Idempotency-Key": str(uuid4()),
        "If-Match": f'"{world.revision}"' if must_say_which(operation) else "*",
    }
    return nurse.client.open(world.path, method=operation.method, data=body, headers=headers)


def example(operation, world, nurse):
    if operation.path.endswith("/tokens"):
        return {"username": nurse.identity.username, "password": PASSWORD}
    return world.about(operation.body["example"])


def is_an_answer(response):
    if 400 <= response.status_code < 500:
        return response.content_type == "application/problem+json"
    return 200 <= response.status_code < 300


def test_the_document_has_writes():
    assert len(WRITES) > 20


@pytest.mark.parametrize("operation", WRITES, ids=str)
def test_no_body_makes_a_write_fail(operation, may, world_for):
    who, world = may(operation), world_for(operation.path)
    bodies = dict(hostile(example(operation, world, who), fields(operation)))
    answers = {name: sent(who, operation, world, body) for name, body in bodies.items()}

    assert len(bodies) >= BODIES
    assert {n: one.status_code for n, one in answers.items() if not is_an_answer(one)} == {}


@pytest.mark.parametrize(
    "operation", [one for one in WRITES if is_at_home_in_any_world(one)], ids=str
)
def test_the_example_of_a_write_is_one_that_it_takes(operation, may, world_for):
    who, world = may(operation), world_for(operation.path)
    body = json.dumps(example(operation, world, who))

    assert sent(who, operation, world, body).status_code in {200, 201}
