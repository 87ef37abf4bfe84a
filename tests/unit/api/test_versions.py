"""Versions and ids of changes, as headers have them."""

from uuid import UUID, uuid4

import pytest
from flask import Flask

from api.versions import base_rev_from_if_match, etag, mutation_id
from nyefamilier.kernel.errors import Malformed

app = Flask(__name__)


def asked(header, value, question):
    with app.test_request_context("/", headers={header: value}):
        return question()


def test_a_revision_survives_the_round_trip():
    assert asked("If-Match", etag(41), base_rev_from_if_match) == 41


def test_no_version_or_any_version_is_no_condition():
    with app.test_request_context("/"):
        assert base_rev_from_if_match() is None
    assert asked("If-Match", "*", base_rev_from_if_match) is None


@pytest.mark.parametrize(
    "value", ["41", 'W/"41"', '"x"', '"41", "42"', '""', '"-1"', '"' + "9" * 16 + '"', '"٤"']
)
def test_any_other_version_is_refused(value):
    with pytest.raises(Malformed) as refused:
        asked("If-Match", value.encode().decode("latin-1"), base_rev_from_if_match)
    assert refused.value.code == "if-match"


def test_an_id_is_read_in_either_case():
    text = str(uuid4())
    assert asked("Idempotency-Key", text.upper(), mutation_id) == UUID(text)
