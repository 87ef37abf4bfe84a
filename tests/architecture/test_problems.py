"""The codes in the source and the codes in `docs/problems.md` are the same, word for word."""

import pytest

from api.problem_pages import explained
from api.problems import HTTP_PROBLEMS, STATUS
from nyefamilier.kernel import errors
from tests.architecture.refusals import found, trees

BY_HTTP = {code: status for status, (code, _) in HTTP_PROBLEMS.items()}


@pytest.fixture(scope="module")
def source():
    return found(trees())


def test_every_refusal_says_its_code_where_it_is_raised(source):
    assert source.unread == []


def test_every_code_in_the_source_is_explained(source):
    assert sorted(set(source.classes) | set(BY_HTTP)) == sorted(explained())


def test_every_explained_status_is_the_one_that_is_answered(source):
    by_class = {kind.__name__: status.value for kind, status in STATUS.items()}
    by_class |= {"InvalidFields": 422, "FlawedFields": 422, "OutsideHours": 422, "TimeTaken": 422}
    by_class["PlanRefused"] = 422
    answered = {c: {by_class[kind] for kind in kinds} for c, kinds in source.classes.items()}
    for code, status in BY_HTTP.items():
        answered.setdefault(code, set()).add(status)
    wrong = {c: s for c, s in answered.items() if c in explained() and s != {explained()[c].status}}
    assert wrong == {}


def test_every_kind_of_refusal_has_a_status():
    assert set(errors.Refusal.__subclasses__()) <= set(STATUS)
