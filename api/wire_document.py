"""The phones' messages in the OpenAPI document.

They are made from the wire's own structs, so that the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec
from apispec import APISpec, BasePlugin
from flask_smorest import Blueprint

from nyefamilier.wire import messages
from nyefamilier.wire.limits import FAMILIES, MUTATIONS, OPERATIONS, RECEIPTS

View = TypeVar("View", bound=Callable[..., Any])

STRUCTS: Final = (
    messages.Push,
    messages.PushedMutation,
    messages.VoidedSeqs,
    messages.PushAnswer,
    messages.Pull,
    messages.PullAnswer,
    messages.Receipts,
    messages.ReceiptsAnswer,
)
"""What the document shows, with all that they refer to."""

_PLACE: Final = "#/components/schemas/{name}"


class WireSchemas(BasePlugin):
    """Adds the structs to the document's components."""

    def init_spec(self, spec: APISpec) -> None:
        """See the class."""
        super().init_spec(spec)
        _, schemas = msgspec.json.schema_components(STRUCTS, ref_template=_PLACE)
        schemas["Push"]["properties"]["mutations"] |= {
            "maxItems": MUTATIONS,
            "items": {"anyOf": [ref(messages.PushedMutation), ref(messages.VoidedSeqs)]},
        }
        for name in ("have", "partial"):
            schemas["Pull"]["properties"][name]["anyOf"][0] |= {"maxProperties": FAMILIES}
        schemas["Receipts"]["properties"]["receipts"] |= {"maxItems": RECEIPTS}
        schemas["PushedMutation"]["properties"]["ops"] |= {
            "maxItems": OPERATIONS,
            "items": {
                "type": "object",
                "required": ["op"],
                "properties": {"op": {"type": "string"}},
            },
        }
        for name, schema in schemas.items():
            spec.components.schema(name, schema)


def ref(struct: type[msgspec.Struct]) -> dict[str, str]:
    """Where the document has *struct*."""
    return {"$ref": _PLACE.format(name=struct.__name__)}


def documents(
    takes: type[msgspec.Struct] | None,
    answers: type[msgspec.Struct],
    example: dict[str, Any] | None = None,
) -> Callable[[View], View]:
    """Document what a view reads and answers by itself, without marshmallow."""
    told: dict[str, Any] = {
        "responses": {
            "200": {"description": "OK", "content": {"application/json": {"schema": ref(answers)}}}
        }
    }
    if takes is not None:
        told["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": ref(takes), "example": example}},
        }

    def mark(view: View) -> View:
        documented: View = Blueprint.doc(**told)(view)
        return documented

    return mark
