"""What the routes of families take and give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields as ma
from marshmallow import post_load

from api.fields import Day, Flag, Id, Instant, Many, Part, Schema, Shown, StrEnumField, Text, Whole
from api.paging import PageQuery
from nyefamilier.access.rules import Ground
from nyefamilier.families.bodies import InterpreterNeed
from nyefamilier.families.intents import (
    ADDRESS_CHARS,
    DIRECTIONS_CHARS,
    LANGUAGE_CHARS,
    MOST_CHILDREN,
    MOST_MEMBERS,
    NAME_CHARS,
    NATIONAL_ID_CHARS,
    PHONE_CHARS,
)
from nyefamilier.families.national_ids import IdType
from nyefamilier.families.states import AddressSource, MemberRole, Outcome, Protection, TeamPart
from nyefamilier.offers.states import Basis

NEW_ID = {"description": "Made by you, best a UUIDv7; without it we make one."}


class InterpreterNeedSchema(Schema):
    """What kind of interpreter a person needs."""

    language = Text(LANGUAGE_CHARS, required=True)
    dialect = Text(LANGUAGE_CHARS, allow_none=True)
    gender_wish = Text(LANGUAGE_CHARS, allow_none=True)

    @post_load
    def _need(self, data: Mapping[str, Any], **_: object) -> InterpreterNeed:
        return InterpreterNeed(**data)


class NewMemberSchema(Schema):
    """A person who belongs to the family."""

    id = Id(metadata=NEW_ID)
    role = StrEnumField(MemberRole, required=True)
    name = Text(NAME_CHARS, required=True)
    national_id = Text(
        NATIONAL_ID_CHARS,
        metadata={"description": "Kept sealed. Outside production only synthetic numbers."},
    )
    national_id_type = StrEnumField(
        IdType, metadata={"description": "Needed only where the digits fit several types."}
    )
    phone = Text(PHONE_CHARS)
    language = Text(LANGUAGE_CHARS)
    interpreter = Part(InterpreterNeedSchema)
    born_on = Day(metadata={"description": "Of a child only."})


class MemberChangeSchema(Schema):
    """What is to change; a field that is left out stays, one that is null is emptied."""

    name = Text(NAME_CHARS)
    national_id = Text(NATIONAL_ID_CHARS, allow_none=True)
    national_id_type = StrEnumField(IdType, allow_none=True)
    phone = Text(PHONE_CHARS, allow_none=True)
    language = Text(LANGUAGE_CHARS, allow_none=True)
    interpreter = Part(InterpreterNeedSchema, allow_none=True)
    no_texts = Flag(metadata={"description": "The person wants no texts from us."})


class NewAddressSchema(Schema):
    """Where the family lives and can be visited, from a day on."""

    id = Id(metadata=NEW_ID)
    delbydel = Text(
        10,
        metadata={
            "description": "Ten digits, see `/bydeler/{number}/delbydeler`. Required for an open "
            "address, refused for a protected one."
        },
    )
    valid_from = Day(required=True)
    lines = Text(ADDRESS_CHARS, lines=True)
    postal_code = Text(4, min_chars=4)
    directions = Text(DIRECTIONS_CHARS, lines=True)
    source = StrEnumField(AddressSource)
    protection = StrEnumField(Protection)


class NewPregnancySchema(Schema):
    """A child is expected."""

    id = Id(metadata=NEW_ID)
    term = Day(required=True)
    expected = Whole(1, MOST_CHILDREN, metadata={"description": "How many children."})
    basis = StrEnumField(
        Basis, metadata={"description": "Why the family is eligible, if that is known yet."}
    )


class NewFamilySchema(Schema):
    """A family, and, where a child is expected, its pregnancy."""

    id = Id(metadata=NEW_ID)
    members = Many(Part(NewMemberSchema), at_least=1, at_most=MOST_MEMBERS, required=True)
    address = Part(NewAddressSchema, required=True)
    primary_nurse = Id(metadata={"description": "Without it, the nurse who registers the family."})
    pregnancy = Part(NewPregnancySchema)


class DeathSchema(Schema):
    """A member of the family died."""

    on = Day(required=True)


class LookupSchema(Schema):
    """A national identity number to look for."""

    national_id = Text(NATIONAL_ID_CHARS, required=True)
    national_id_type = StrEnumField(IdType)


class FoundSchema(Shown):
    """The families of yours in which the person is."""

    families = ma.List(Id())


class ShownInterpreterNeed(Shown):
    """What kind of interpreter a person needs."""

    language = ma.String()
    dialect = ma.String(allow_none=True)
    gender_wish = ma.String(allow_none=True)


class MemberSchema(Shown):
    """A person in the family. What is personal is null for who may not read it."""

    id = Id()
    rev = ma.Integer(metadata={"description": "In quotes, the member's own ETag."})
    role = StrEnumField(MemberRole)
    name = ma.String(allow_none=True)
    national_id = ma.String(allow_none=True)
    national_id_type = ma.String(allow_none=True)
    phone = ma.String(allow_none=True)
    language = ma.String(allow_none=True)
    interpreter = ma.Nested(ShownInterpreterNeed, allow_none=True)
    no_texts = ma.Boolean(
        allow_none=True,
        metadata={"description": "Wants no texts from us; null for who may not read it."},
    )
    born_on = Day(allow_none=True)
    died_on = Day(allow_none=True)
    stillborn = Flag()
    pregnancy_id = Id(allow_none=True)


class PregnancySchema(Shown):
    """A pregnancy and how it ended."""

    id = Id()
    rev = ma.Integer()
    term = Day()
    expected = ma.Integer()
    basis = StrEnumField(Basis, allow_none=True)
    outcome = StrEnumField(Outcome)
    ended_on = Day(allow_none=True)
    homecoming_on = Day(allow_none=True)


class AddressSchema(Shown):
    """An address and when it is valid."""

    id = Id()
    rev = ma.Integer()
    delbydel = ma.String(allow_none=True)
    valid_from = Day()
    valid_to = Day(allow_none=True, metadata={"description": "The first day that is not."})
    source = StrEnumField(AddressSource)
    protection = StrEnumField(Protection)
    lines = ma.String(allow_none=True)
    postal_code = ma.String(allow_none=True)
    directions = ma.String(allow_none=True)


class TeamMemberSchema(Shown):
    """A nurse who follows the family now, or did."""

    id = Id()
    nurse_id = Id()
    part = StrEnumField(TeamPart)
    starts_at = Instant()
    ends_at = Instant(allow_none=True)


class MoveSchema(Shown):
    """A move with its handover."""

    id = Id()
    moved_on = Day()
    from_bydel = ma.String(allow_none=True)
    to_bydel = ma.String(allow_none=True)
    by_id = Id()
    summary = ma.String(allow_none=True)


class FamilySchema(Shown):
    """A family in full, as far as you may read it."""

    id = Id()
    rev = ma.Integer(metadata={"description": "In quotes, the family's ETag."})
    bydel = ma.String(allow_none=True)
    protection = StrEnumField(Protection)
    registered_at = Instant()
    reads_text = Flag(metadata={"description": "Whether names, notes and needs are shown to you."})
    ground = StrEnumField(Ground, metadata={"description": "Why you were let in."})
    members = ma.List(ma.Nested(MemberSchema))
    pregnancies = ma.List(ma.Nested(PregnancySchema))
    addresses = ma.List(ma.Nested(AddressSchema))
    team = ma.List(ma.Nested(TeamMemberSchema))
    moves = ma.List(ma.Nested(MoveSchema))


class FamilyLineSchema(Shown):
    """A family in a list."""

    id = Id()
    rev = ma.Integer()
    bydel = ma.String(allow_none=True)
    delbydel = ma.String(allow_none=True)
    protection = StrEnumField(Protection)
    names = ma.List(ma.String(), metadata={"description": "Of the adults; empty for a lead."})
    term = Day(allow_none=True)
    born_on = Day(allow_none=True)
    outcome = StrEnumField(Outcome, allow_none=True)


class FamilyPageSchema(Shown):
    """One page of a list of families."""

    items = ma.List(ma.Nested(FamilyLineSchema))
    next = ma.String(allow_none=True, metadata={"description": "The address of the next page."})


class FamiliesQuery(PageQuery):
    """Which page of the families."""
