"""The access log, for the privacy officer."""

from __future__ import annotations

import re
from typing import Any

from api.access.schemas import AccessPageSchema, AccessQuery
from api.describing import refuses
from api.doorway import guarded_blueprint, work
from api.paging import Page, key_after, page_of, refused_cursor
from nyefamilier.access.service import Access, accesses
from nyefamilier.kernel.actors import Role

blueprint = guarded_blueprint(
    "access-log", __name__, "/api/v1/access-log", roles=[Role.PRIVACY_OFFICER]
)

_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


@blueprint.get("")
@blueprint.arguments(AccessQuery, location="query")
@blueprint.response(200, AccessPageSchema)
@refuses("cursor")
def show_access_log(query: dict[str, Any]) -> Page:
    """Every read and write of a family, the newest first.

    Who, in what role, when, what, on what ground and through what.
    """
    limit = query["limit"]
    with work() as current:
        found = accesses(
            current,
            family_id=query["family_id"],
            actor_id=query["actor_id"],
            before=_before(query["cursor"]),
            limit=limit,
        )
    return page_of(found, limit, _key)


def _key(entry: Access) -> tuple[str]:
    return (str(entry.id),)


def _before(cursor: str | None) -> int | None:
    key = key_after(cursor, 1)
    if key is None:
        return None
    if not _NUMBER.fullmatch(key[0]):
        raise refused_cursor()
    return int(key[0])
