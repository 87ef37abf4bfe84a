"""What the routes of place and team take."""

from __future__ import annotations

from api.families.schemas import NEW_ID, NewAddressSchema
from api.fields import Day, Id, Part, Schema, Text
from nyefamilier.families.intents import HANDOVER_CHARS


class AssignmentSchema(Schema):
    """A new primary nurse."""

    id = Id(metadata=NEW_ID)
    nurse_id = Id(required=True)


class CoverSchema(Schema):
    """A nurse who covers for the primary one."""

    id = Id(metadata=NEW_ID)
    nurse_id = Id(required=True)
    until = Day(required=True, metadata={"description": "The last day, itself included."})


class NewMoveSchema(Schema):
    """The family moves."""

    id = Id(metadata=NEW_ID)
    address = Part(NewAddressSchema, required=True)
    to_nurse = Id(metadata={"description": "The new primary nurse, if she is known."})
    summary = Text(
        HANDOVER_CHARS, lines=True, metadata={"description": "The handover; kept sealed."}
    )
