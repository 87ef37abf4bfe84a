"""Register families, find them, read them, and keep their members."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from api.describing import refuses, takes
from api.doorway import actor, allow, changes_no_record, guarded_blueprint, work
from api.families import examples
from api.families.parts import address_of, member_of, members_of, pregnancy_of
from api.families.schemas import (
    DeathSchema,
    FamiliesQuery,
    FamilyPageSchema,
    FamilySchema,
    FoundSchema,
    LookupSchema,
    MemberChangeSchema,
    MemberSchema,
    NewFamilySchema,
    NewMemberSchema,
)
from api.paging import Page, key_after, page_of, refused_cursor
from api.records import ETAG, the_one
from api.versions import (
    IF_MATCH_REQUIRED,
    IF_NONE_MATCH,
    etag,
    is_known,
    mutation_id,
    record_rev_from_if_match,
)
from api.writes import Answered, NewIds, answer_to, answers, change
from nyefamilier.door.mutations import Mutation, Operation
from nyefamilier.families.intents import AddMember, RecordDeath, RegisterFamily, UpdateMember
from nyefamilier.families.views import (
    FamilyLine,
    FamilyView,
    Member,
    families_of_bydel,
    family,
    find_by_national_id,
    own_families,
)
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.ids import FamilyId

blueprint = guarded_blueprint("families", __name__, "/api/v1", roles=[Role.NURSE])

_NUMBER = (
    "national-id-check-digits",
    "national-id-length",
    "national-id-type",
    "real-national-id",
)
_REGISTRATION = (
    "address-of-protected",
    "born-on-of-adult",
    "date-in-future",
    "date-too-old",
    "delbydel-missing",
    "delbydel-of-protected",
    "family-exists",
    "nurse-required",
    "term-too-far",
    "term-too-old",
    "unknown-delbydel",
    "unknown-nurse",
)


@blueprint.get("/families")
@blueprint.arguments(FamiliesQuery, location="query")
@blueprint.response(200, FamilyPageSchema)
@refuses("cursor", "key-provider-away")
@allow(Role.NURSE, Role.LEAD)
def list_families(query: dict[str, Any]) -> Page:
    """The families that you follow; for a lead those of the bydel, without names.

    By id. Each family on the page is logged as read.
    """
    limit, after = query["limit"], _after(query["cursor"])
    listed = families_of_bydel if actor().role is Role.LEAD else own_families
    with work() as current:
        found = listed(current, after=after, limit=limit)
    return page_of(found, limit, _key)


@blueprint.post("/families")
@blueprint.arguments(NewFamilySchema, example=examples.FAMILY)
@answers(blueprint, 201, conditional=False)
@refuses(*_NUMBER, *_REGISTRATION)
@allow(Role.NURSE, Role.LEAD)
def register_family(body: dict[str, Any]) -> Answered:
    """Register a family: its members, its address, and the pregnancy if there is one.

    A nurse who registers a family becomes its primary nurse, unless she names another.
    """
    ids = NewIds()
    family_id = FamilyId(ids.one("family", body.get("id")))
    registration = RegisterFamily(
        members_of(body["members"], ids),
        address_of(body["address"], ids),
        body.get("primary_nurse"),
    )
    operations: list[Operation] = [registration]
    if "pregnancy" in body:
        operations.append(pregnancy_of(body["pregnancy"], ids))
    mutation = Mutation(mutation_id(), family_id, tuple(operations))
    return answer_to(mutation, ids, at="", moved={"/term": "/pregnancy/term"})


@blueprint.get("/families/<uuid:family_id>")
@blueprint.response(200, FamilySchema, headers=ETAG)
@blueprint.alt_response(304, description="You have the newest revision already.", headers=ETAG)
@takes(IF_NONE_MATCH)
@refuses("key-provider-away")
@allow(Role.NURSE, Role.LEAD)
def show_family(family_id: UUID) -> Response | tuple[FamilyView, dict[str, str]]:
    """A family in full, as far as you may read it.

    A lead sees no names, numbers or addresses. The read is logged, also when it is answered with
    304.
    """
    with work() as current:
        found = family(current, FamilyId(family_id))
    headers = {"ETag": etag(found.rev)}
    return Response(status=304, headers=headers) if is_known(found.rev) else (found, headers)


@blueprint.post("/families/<uuid:family_id>/members")
@blueprint.arguments(NewMemberSchema, example=examples.MEMBER)
@answers(blueprint, 201)
@refuses(*_NUMBER, "born-on-of-adult", "date-in-future", "date-too-old")
def add_member(body: dict[str, Any], family_id: UUID) -> Answered:
    """Add a person to the family.

    Children who are born in the programme come by the birth of their pregnancy instead.
    """
    ids = NewIds()
    member = member_of(body, ids)
    mutation = change(family_id, AddMember(member))
    return answer_to(mutation, ids, at=f"/members/{member.id}", moved={"/member": ""})


@blueprint.get("/families/<uuid:family_id>/members/<uuid:member_id>")
@blueprint.response(200, MemberSchema, headers=ETAG)
@refuses("key-provider-away")
@allow(Role.NURSE, Role.LEAD)
def show_member(family_id: UUID, member_id: UUID) -> tuple[Member, dict[str, str]]:
    """One member of the family.

    Its ETag is what a change of the member must name.
    """
    with work() as current:
        found = the_one(family(current, FamilyId(family_id)).members, member_id, "member")
    return found, {"ETag": etag(found.rev)}


@blueprint.patch("/families/<uuid:family_id>/members/<uuid:member_id>")
@blueprint.arguments(MemberChangeSchema, example=examples.MEMBER_CHANGE)
@answers(blueprint, 200, conditional=False)
@takes(IF_MATCH_REQUIRED)
@refuses(*_NUMBER, "if-match-required")
def change_member(body: dict[str, Any], family_id: UUID, member_id: UUID) -> Answered:
    """Change what is known of a person.

    Only what you send is changed. `If-Match` names the version of this member, which another
    change to the family leaves as it is; so two nurses can change two members at once.
    """
    ids = NewIds(member=member_id)
    intent = UpdateMember(
        member_id, record_rev_from_if_match(), **{"name": "", **body}, only=tuple(sorted(body))
    )
    return answer_to(Mutation(mutation_id(), FamilyId(family_id), (intent,)), ids)


@blueprint.post("/families/<uuid:family_id>/members/<uuid:member_id>/death")
@blueprint.arguments(DeathSchema, example=examples.DEATH)
@answers(blueprint, 200)
@refuses("date-in-future", "date-too-old", "death-before-birth")
def record_death(body: dict[str, Any], family_id: UUID, member_id: UUID) -> Answered:
    """A member of the family died.

    Where no child of a pregnancy lives any more, its enrolment ends and its open visits close at
    once. Nothing is sent to the parents.
    """
    ids = NewIds(member=member_id)
    return answer_to(change(family_id, RecordDeath(member_id, **body)), ids)


@blueprint.post("/people/lookup")
@blueprint.arguments(LookupSchema, example=examples.LOOKUP)
@blueprint.response(200, FoundSchema)
@refuses(*_NUMBER, "key-provider-away")
@changes_no_record
@allow(Role.NURSE, Role.LEAD)
def look_up_person(body: dict[str, Any]) -> dict[str, list[FamilyId]]:
    """Those of your families that have a member with this national identity number.

    The number stands in the body, since addresses end up in logs. A family that is not yours is
    left out, so the answer does not tell whether a person exists. What is found is logged as read.
    """
    with work() as current:
        found = find_by_national_id(current, body["national_id"], body.get("national_id_type"))
    return {"families": found}


def _key(line: FamilyLine) -> tuple[str]:
    return (str(line.id),)


def _after(cursor: str | None) -> UUID | None:
    key = key_after(cursor, 1)
    try:
        return None if key is None else UUID(key[0])
    except ValueError:
        raise refused_cursor() from None
