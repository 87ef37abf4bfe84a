"""What became of the texts to parents."""

from __future__ import annotations

from uuid import UUID

from api.describing import refuses
from api.doorway import allow, guarded_blueprint, work
from api.messages import schemas
from api.records import Items
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.texts.views import counts, texts

blueprint = guarded_blueprint("texts", __name__, "/api/v1", roles=[Role.NURSE])


@blueprint.get("/families/<uuid:family_id>/texts")
@blueprint.response(200, schemas.TextsSchema)
@refuses("key-provider-away")
def list_texts(family_id: UUID) -> Items:
    """A family's texts, the newest first.

    Those that went out, those that wait, and those that were kept back, with the reason.
    """
    with work() as current:
        return Items(texts(current, FamilyId(family_id)))


@blueprint.get("/texts/counts")
@blueprint.response(200, schemas.TextCountsSchema)
@allow(Role.LEAD)
def count_texts() -> Items:
    """How many texts were written to your bydel's families in the last 30 days.

    By what became of them. No family is named; those with a protected address are not counted.
    """
    with work() as current:
        return Items(counts(current))
