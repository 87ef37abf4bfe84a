"""What the routes of pregnancies take."""

from __future__ import annotations

from api.families.schemas import NEW_ID
from api.fields import Day, Flag, Id, Many, Part, Schema, StrEnumField, Text, Word
from nyefamilier.families.intents import MOST_CHILDREN, NAME_CHARS, NATIONAL_ID_CHARS
from nyefamilier.families.national_ids import IdType
from nyefamilier.families.states import Outcome


class NewChildSchema(Schema):
    """A child that was born."""

    id = Id(metadata=NEW_ID)
    name = Text(NAME_CHARS)
    national_id = Text(NATIONAL_ID_CHARS)
    national_id_type = StrEnumField(IdType)
    stillborn = Flag(metadata={"description": "True where one of several did not live."})


class BirthSchema(Schema):
    """The children of a pregnancy are born."""

    born_on = Day(required=True)
    children = Many(Part(NewChildSchema), at_least=1, at_most=MOST_CHILDREN, required=True)
    homecoming_on = Day()


class HomecomingSchema(Schema):
    """Mother and child came home from hospital."""

    homecoming_on = Day(required=True)


class TermSchema(Schema):
    """The term is another than was told."""

    term = Day(required=True)


class BirthDaySchema(Schema):
    """The children were born on another day than was recorded."""

    born_on = Day(required=True)


class LossSchema(Schema):
    """The pregnancy ended without a living child."""

    outcome = Word((Outcome.LOST, Outcome.STILLBORN), required=True)
    on = Day(required=True)
