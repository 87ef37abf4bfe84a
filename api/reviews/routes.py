"""The inbox over REST: what a nurse must decide, and how much waits in a lead's bydel."""

from __future__ import annotations

from typing import Any

from api.describing import refuses
from api.doorway import allow, guarded_blueprint, work
from api.paging import Page, page_of
from api.records import Items
from api.reviews import schemas
from api.reviews.places import key_of, place_after
from api.versions import mutation_id
from api.writes import Answered, NewIds, answer_to, answers
from nyefamilier.changes.intents import DecideReview
from nyefamilier.door.mutations import Mutation
from nyefamilier.door.reviews import counts, family_of, reviews
from nyefamilier.kernel.actors import Role

blueprint = guarded_blueprint("reviews", __name__, "/api/v1/sync/reviews", roles=[Role.NURSE])


@blueprint.get("")
@blueprint.arguments(schemas.InboxQuery, location="query")
@blueprint.response(200, schemas.InboxPageSchema)
@refuses("cursor", "key-provider-away", "record-damaged")
def list_reviews(query: dict[str, Any]) -> Page:
    """What waits for a decision in the families that you follow, the oldest first.

    A conflict has the value that stands and the one that was sent instead; what is held has the
    operations that were not carried out. Each family on the page is logged as read.
    """
    limit = query["limit"]
    with work() as current:
        found = reviews(current, after=place_after(query["cursor"]), limit=limit)
    return page_of(found, limit, key_of)


@blueprint.post("")
@blueprint.arguments(schemas.DecisionSchema, example=schemas.DECISION)
@answers(blueprint, 200, conditional=False)
@refuses("reason-missing", "review-choice", "review-decided")
def decide_review(body: dict[str, Any]) -> Answered:
    """Decide something in the inbox.

    `current` and `proposed` decide a conflict, `file_held` carries out what was held in the name
    of whoever sent it, `dismiss` does nothing and says why. Both contents are kept. What the
    programme's rules refuse is refused here as anywhere, and the item stays open.
    """
    intent = DecideReview(**body)
    ids = NewIds(inbox=intent.review_id)
    with work() as current:
        family_id = family_of(current, intent.review_id)
    return answer_to(Mutation(mutation_id(), family_id, (intent,)), ids)


@blueprint.get("/counts")
@blueprint.response(200, schemas.InboxCountsSchema)
@allow(Role.LEAD)
def count_reviews() -> Items:
    """How much waits for a decision in your bydel, and since when.

    Of no family by itself, and nothing of what it is.
    """
    with work() as current:
        return Items(counts(current))
