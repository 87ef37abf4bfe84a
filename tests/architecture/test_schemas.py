"""Whatever a request brings is read by our own strict fields, however deep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import marshmallow
from marshmallow import fields as ma

from api import fields
from api.registry import API_BLUEPRINTS

STRICT = (
    fields.Text,
    fields.Secret,
    fields.Base64Url,
    fields.Whole,
    fields.Number,
    fields.Flag,
    fields.Day,
    fields.Clock,
    fields.Instant,
    fields.Id,
    fields.StrEnumField,
    fields.Word,
    fields.Part,
    fields.Many,
)


def request_schemas() -> Iterator[tuple[str, marshmallow.Schema]]:
    """Every schema that a request is read by, with its operation."""
    for blueprint in API_BLUEPRINTS:
        for endpoint, methods in blueprint._docs.items():
            for method, doc in methods.items():
                for parameter in (doc or {}).get("arguments", {}).get("parameters", ()):
                    schema = parameter["schema"]
                    made = schema() if isinstance(schema, type) else schema
                    yield f"{blueprint.name}.{endpoint} {method}", made


def loose(schema: marshmallow.Schema, path: str) -> Iterator[str]:
    """The fields that are not ours, below and here."""
    if schema.unknown != marshmallow.RAISE:
        yield f"{path}: takes what it does not know"
    for name, field in schema.load_fields.items():
        yield from loose_field(field, f"{path}/{name}")


def loose_field(field: ma.Field[Any], path: str) -> Iterator[str]:
    """The same for one field."""
    if not isinstance(field, STRICT):
        yield f"{path}: {type(field).__name__}"
    if isinstance(field, ma.Nested):
        yield from loose(field.schema, path)
    if isinstance(field, ma.List):
        yield from loose_field(field.inner, path)


def test_there_are_schemas_to_look_at():
    assert len(list(request_schemas())) > 10


def test_every_field_of_every_request_is_strict():
    found = [flaw for where, schema in request_schemas() for flaw in loose(schema, where)]
    assert found == []


def test_a_loose_field_would_be_found():
    class Inner(fields.Schema):
        count = ma.Integer()

    class Outer(marshmallow.Schema):
        inner = fields.Many(fields.Part(Inner))

    assert "x/inner/count: Integer" in list(loose(Outer(), "x"))
