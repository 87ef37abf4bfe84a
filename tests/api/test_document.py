"""What the OpenAPI document tells of each operation, and what it shows as examples."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from nyefamilier.families.national_ids import SYNTHETIC, parse
from tests.api.documents import document, operations, resolved

OPERATIONS = operations()
STATUSES_OF_ALL = {"400", "500", "503", "default"}


def schemas(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schema and all that stands in it."""
    schema = resolved(schema)
    yield schema
    for below in schema.get("properties", {}).values():
        yield from schemas(below)
    for below in [
        schema.get("additionalProperties"),
        schema.get("items"),
        *schema.get("anyOf", ()),
        *schema.get("allOf", ()),
    ]:
        if below:
            yield from schemas(below)


def test_the_server_gives_the_same_document(client):
    assert client.get("/api/v1/openapi.json").json == document()


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_an_operation_is_told_in_words(operation):
    told = operation.told
    assert told["summary"].endswith((".", "?"))
    assert told["description"].endswith(".")
    assert "Raises" not in told["description"]
    assert told["tags"]
    assert operation.roles


def test_every_operation_has_a_name_of_its_own():
    names = [one.told["operationId"] for one in OPERATIONS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_an_operation_tells_what_it_may_refuse(operation):
    refused = set(operation.told["responses"])
    assert refused >= STATUSES_OF_ALL
    if operation.roles != ["anyone"]:
        assert refused >= {"401", "403"}
    if operation.takes_body:
        assert refused >= {"413", "415", "422"}
    if "{" in operation.path:
        assert "404" in refused
    for status, response in operation.told["responses"].items():
        if status.startswith(("4", "5")):
            assert "- `" in response["description"]


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.takes_body], ids=str)
def test_whatever_a_body_may_hold_has_a_limit(operation):
    assert operation.told["requestBody"]["required"] is True
    for schema in schemas(operation.body["schema"]):
        kinds = schema.get("type", ())
        if "object" in kinds:
            assert schema["additionalProperties"] is False or "maxProperties" in schema
        if "array" in kinds:
            assert "maxItems" in schema
        if "integer" in kinds:
            assert {"minimum", "maximum"} <= set(schema)
        if "string" in kinds:
            assert {"maxLength", "enum", "format"} & set(schema)


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.takes_body], ids=str)
def test_an_example_shows_synthetic_people_only(operation):
    example = str(operation.body["example"])
    for number in re.findall(r"(?<![\w-])\d{6} ?\d{5}(?![\w-])", example):
        assert parse(number, None, allow_real=False).type in SYNTHETIC


@pytest.mark.parametrize("part", ["x", "1", "%00", "..%2f..", "é", "0" * 36, "a" * 3000])
def test_an_address_that_names_no_record_is_answered_alike(client, part):
    for path in {one.path for one in OPERATIONS if "_id}" in one.path}:
        answer = client.get(re.sub(r"\{[^}]*\}", part, path))
        assert answer.status_code in {400, 401, 404, 405}
        assert answer.content_type == "application/problem+json"
