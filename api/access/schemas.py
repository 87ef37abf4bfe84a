"""What the route of the access log takes and gives."""

from __future__ import annotations

from marshmallow import fields as ma

from api.fields import Id, Instant, Shown, StrEnumField
from api.paging import PageQuery
from nyefamilier.access.rules import Action, Ground
from nyefamilier.kernel.actors import Role


class AccessQuery(PageQuery):
    """Whose accesses, and to which family."""

    family_id = Id(load_default=None)
    actor_id = Id(load_default=None)


class AccessSchema(Shown):
    """Who did what to which family: when, in what role, on what ground, through what."""

    id = ma.Integer()
    at = Instant()
    actor_id = Id()
    role = StrEnumField(Role)
    unit = ma.String(allow_none=True, metadata={"description": "The person's bydel."})
    action = StrEnumField(Action)
    family_id = Id()
    object = ma.String(
        metadata={
            "description": "What of the family's records was served. It ends in `-without-text` "
            "for who reads no names and no words, as a lead."
        }
    )
    ground = StrEnumField(Ground)
    doorway = ma.String(metadata={"description": "`web`, `rest`, `import`, `job`, `demo`, `cli`."})
    request_id = Id()


class AccessPageSchema(Shown):
    """One page of the access log."""

    items = ma.List(ma.Nested(AccessSchema))
    next = ma.String(allow_none=True, metadata={"description": "The address of the next page."})
