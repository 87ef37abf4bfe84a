"""What the routes of nurses who are out alone take and give."""

from __future__ import annotations

from typing import Final

from marshmallow import fields as ma

from api.fields import Id, Instant, Schema, Shown, StrEnumField, Whole
from nyefamilier.safety.rules import LONGEST, LONGEST_AGO, SHORTEST
from nyefamilier.safety.states import ClosedHow, OutingState

OUTING: Final = {
    "step": 1,
    "began_seconds_ago": 12,
    "minutes": 75,
    "ended_seconds_ago": None,
    "family_id": "0199f0c1-9a10-7c55-8f3e-2b1a7a3c1e55",
}

_MOST_STEPS: Final = 10_000
_SECONDS: Final = (0, int(LONGEST_AGO.total_seconds()))
_MINUTES: Final = (int(SHORTEST.total_seconds()) // 60, int(LONGEST.total_seconds()) // 60)


class OutingToldSchema(Schema):
    """All that a phone knows of an outing, each time. How long ago is by the phone's own clock."""

    step = Whole(
        1,
        _MOST_STEPS,
        required=True,
        metadata={
            "description": "1 when she checks in; one more each time that she stays longer or "
            "checks out. What has a lower one than the server knows changes no time."
        },
    )
    began_seconds_ago = Whole(
        *_SECONDS, required=True, metadata={"description": "Since she checked in."}
    )
    minutes = Whole(
        *_MINUTES,
        required=True,
        metadata={"description": "How long she means to be out, from when she checked in."},
    )
    ended_seconds_ago = Whole(
        *_SECONDS,
        load_default=None,
        allow_none=True,
        metadata={"description": "Since she checked out; null while she is out."},
    )
    family_id = Id(
        load_default=None,
        allow_none=True,
        metadata={"description": "With whom she is. It is told to nobody but as `where`."},
    )


class OutingAlarmSchema(Shown):
    """An alarm: she should have checked out, and has not been heard to."""

    raised_at = Instant()
    closed_at = Instant(allow_none=True)
    closed_how = StrEnumField(ClosedHow, allow_none=True)


class OutingSchema(Shown):
    """An outing. All instants are of the server's clock."""

    id = Id()
    nurse_id = Id()
    nurse = ma.String()
    state = StrEnumField(OutingState)
    step = ma.Integer()
    began_at = Instant()
    expected_at = Instant(metadata={"description": "By when she means to be back."})
    heard_at = Instant(metadata={"description": "When her phone last told of it."})
    ended_at = Instant(allow_none=True, metadata={"description": "When she checked out."})
    ended_heard_at = Instant(
        allow_none=True, metadata={"description": "When that came: later, without a network."}
    )
    alarm = ma.Nested(OutingAlarmSchema, allow_none=True)


class OutingsSchema(Shown):
    """Who is out, and who came back in the last 24 hours."""

    items = ma.List(ma.Nested(OutingSchema))


class WhereaboutsSchema(Shown):
    """The address at which a nurse is who is late."""

    family_id = Id()
    lines = ma.String()
    postal_code = ma.String(allow_none=True)
    directions = ma.String(allow_none=True)
