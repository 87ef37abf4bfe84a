"""The OpenAPI document is valid, complete, and shown by a page of our own."""

import hashlib
import json
from pathlib import Path

import pytest
from openapi_spec_validator import validate

VENDOR = Path(__file__).parents[2] / "api" / "static" / "vendor"


@pytest.fixture
def document(client):
    return client.get("/api/v1/openapi.json").json


def test_the_document_is_valid_openapi_3_1(document):
    assert document["openapi"] == "3.1.0"
    validate(document)


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method != "parameters":
                yield f"{method.upper()} {path}", method, operation


def test_every_operation_says_what_it_does_and_who_may(document):
    for name, _, operation in operations(document):
        assert operation.get("summary"), name
        assert operation.get("x-roles"), name
        anyone = operation["x-roles"] == ["anyone"]
        assert operation["security"] == ([] if anyone else [{"bearer": []}]), name


def test_every_write_of_records_asks_for_an_idempotency_key(document):
    exempt = {
        "POST /api/v1/tokens",
        "DELETE /api/v1/tokens/current",
        "POST /api/v1/sync/devices",  # the device's own id makes it happen once
        "POST /api/v1/sync/pull",  # reads
        "POST /api/v1/sync/push",  # the mutations' ids make it happen once
        "POST /api/v1/sync/purge-receipts",  # the purge's id makes it happen once
        "POST /api/v1/sync/lease",  # asked again, it is given again
        "POST /api/v1/sync/escrow",  # the mutations' ids make it happen once
        "POST /api/v1/sync/token",  # the next token's digest makes it happen once
        "POST /api/v1/sync/retire",  # said twice, it is said once
        "POST /api/v1/sync/wipe-receipt",
        "PUT /api/v1/safety/outings/{outing_id}",  # all that is known, under the phone's own id
        "POST /api/v1/safety/outings/{outing_id}/settle",  # said twice, it is said once
        "POST /api/v1/calendar/feed",  # a secret is told once, and another time another
        "DELETE /api/v1/calendar/feed",
        "POST /api/v1/emergency-accesses",  # asked again while it lasts, it is the same
        "POST /api/v1/emergency-accesses/{grant_id}/end",  # said twice, it is said once
        "POST /api/v1/emergency-accesses/{grant_id}/review",  # once
        "POST /api/v1/people/lookup",  # a question, whose number may not stand in an address
    }
    for name, method, operation in operations(document):
        if method in {"post", "put", "patch", "delete"} and name not in exempt:
            asked = [p["name"] for p in operation.get("parameters", [])]
            assert "Idempotency-Key" in asked, name


def test_every_error_is_a_problem_document(document):
    for name, _, operation in operations(document):
        assert operation["responses"]["default"] == {
            "$ref": "#/components/responses/DEFAULT_ERROR"
        }, name
    default = document["components"]["responses"]["DEFAULT_ERROR"]
    assert list(default["content"]) == ["application/problem+json"]


def test_every_schema_of_a_request_refuses_what_it_does_not_know(document):
    for name, _, operation in operations(document):
        for media in operation.get("requestBody", {}).get("content", {}).values():
            schema = resolved(document, media["schema"])
            assert schema.get("additionalProperties") is False, name


def resolved(document, schema):
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def test_the_page_loads_only_vendored_files(client):
    page = client.get("/api/docs").text
    for name in ("swagger-ui.css", "swagger-ui-bundle.js"):
        path = f"/static/vendor/swagger-ui/{name}"
        assert path in page
        with client.get(path) as answer:
            assert answer.status_code == 200


def test_the_vendored_files_are_the_locked_ones():
    lock = json.dumps(json.loads((VENDOR / "vendor.lock.json").read_text(encoding="utf-8")))
    for name in ("swagger-ui.css", "swagger-ui-bundle.js"):
        digest = hashlib.sha256((VENDOR / "swagger-ui" / name).read_bytes()).hexdigest()
        assert digest in lock, name
