"""Every problem that a phone can meet says whether it may be sent again."""

from http import HTTPStatus

import pytest

from api.problem_pages import explained
from api.retrying import retry_of
from nyefamilier.wire.verdicts import Retry


@pytest.mark.parametrize(
    ("code", "retry"),
    [
        ("overloaded", Retry.AFTER),
        ("slow-down", Retry.AFTER),
        ("database-busy", Retry.AFTER),
        ("internal-error", Retry.AFTER),
        ("not-signed-in", Retry.AFTER_FIX),
        ("device-locked", Retry.AFTER_FIX),
        ("wrong-device", Retry.AFTER_FIX),
        ("device-taken", Retry.AFTER_FIX),
        ("too-large", Retry.AFTER_FIX),
        ("malformed-json", Retry.NEVER),
        ("invalid-fields", Retry.NEVER),
        ("no-such-address", Retry.NEVER),
    ],
)
def test_a_problem_says_when_it_may_be_sent_again(code, retry):
    assert retry_of(HTTPStatus(explained()[code].status), code) is retry


def test_nothing_of_ours_is_ever_said_to_be_for_good():
    ours = [one for one in explained().values() if one.status >= 500]
    assert {retry_of(HTTPStatus(one.status), one.code) for one in ours} == {Retry.AFTER}
