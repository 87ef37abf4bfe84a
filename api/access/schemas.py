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


class ExportQuery(PageQuery):
    """Whose files."""

    actor_id = Id(load_default=None)


class ExportSchema(Shown):
    """Who took which figures home: when, in what role, in which format; never what they said."""

    id = ma.Integer()
    at = Instant()
    actor_id = Id()
    role = StrEnumField(Role)
    unit = ma.String(allow_none=True, metadata={"description": "The person's bydel."})
    what = ma.String(metadata={"description": "The table or report."})
    period = ma.String(metadata={"description": "`2019`, `2016-2019` or `2019-t1`."})
    area = ma.String(allow_none=True, metadata={"description": "A bydel; null for all of them."})
    form = ma.String(metadata={"description": "`csv`, `xlsx`, `parquet`, `pdf` or `json`."})
    doorway = ma.String(metadata={"description": "`web` or `rest`."})
    request_id = Id()


class ExportPageSchema(Shown):
    """One page of the log of files."""

    items = ma.List(ma.Nested(ExportSchema))
    next = ma.String(allow_none=True, metadata={"description": "The address of the next page."})


class AccessPageSchema(Shown):
    """One page of the access log."""

    items = ma.List(ma.Nested(AccessSchema))
    next = ma.String(allow_none=True, metadata={"description": "The address of the next page."})
