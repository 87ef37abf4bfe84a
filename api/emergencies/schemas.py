"""What the routes of emergency access take and give."""

from __future__ import annotations

from typing import Final

from marshmallow import fields as ma

from api.fields import Id, Instant, Schema, Secret, Shown, StrEnumField, Text, Whole
from nyefamilier.access.emergency import (
    LEAST_REASON,
    LONGEST_HOURS,
    REASON_CHARS,
    REMARK_CHARS,
    EmergencyState,
    Verdict,
)
from nyefamilier.families.intents import NATIONAL_ID_CHARS
from nyefamilier.families.national_ids import IdType

ASKED: Final = {
    "national_id": "17859058213",
    "reason": "Mor ringer. Fast helsesykepleier er syk, og barnet er gult.",
    "hours": 2,
    "password": "correct horse battery staple",
}
REVIEWED: Final = {"verdict": "justified", "remark": "Avtalt på telefon samme kveld."}


class EmergencyAskSchema(Schema):
    """Why a nurse has to read a family that is not hers, and whose."""

    national_id = Text(
        NATIONAL_ID_CHARS,
        required=True,
        metadata={"description": "Of somebody in the family. It is not repeated in any answer."},
    )
    national_id_type = StrEnumField(IdType)
    reason = Text(
        REASON_CHARS,
        lines=True,
        required=True,
        metadata={
            "description": f"Why it must be read now, in at least {LEAST_REASON} characters; "
            "whoever looks at it afterwards reads it, and no more of the family."
        },
    )
    hours = Whole(
        1, LONGEST_HOURS, load_default=LONGEST_HOURS, metadata={"description": "For how long."}
    )
    password = Secret(200, required=True)
    """Her own, anew: a phone may have been left open."""


class EmergencyReviewSchema(Schema):
    """What was found afterwards."""

    verdict = StrEnumField(Verdict, required=True)
    remark = Text(
        REMARK_CHARS,
        lines=True,
        load_default=None,
        allow_none=True,
        metadata={"description": "Needed where it was not justified."},
    )


class EmergencySchema(Shown):
    """One grant of emergency access."""

    id = Id()
    family_id = Id()
    nurse_id = Id()
    nurse = ma.String()
    bydel = ma.String()
    state = StrEnumField(EmergencyState)
    opened_at = Instant()
    until = Instant(metadata={"description": "When it ends by itself."})
    ended_at = Instant(allow_none=True, metadata={"description": "When somebody ended it before."})
    reason = ma.String(
        allow_none=True,
        metadata={"description": "Null while the family's address is protected."},
    )
    reviewed_at = Instant(allow_none=True)
    verdict = StrEnumField(Verdict, allow_none=True)
    remark = ma.String(allow_none=True)


class EmergenciesSchema(Shown):
    """Grants: what nobody has looked at first, then the newest."""

    items = ma.List(ma.Nested(EmergencySchema))
