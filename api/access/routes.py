"""The access log and the log of files, for the privacy officer."""

from __future__ import annotations

import re
from typing import Any

from api.access.schemas import AccessPageSchema, AccessQuery, ExportPageSchema, ExportQuery
from api.describing import refuses
from api.doorway import guarded_blueprint, work
from api.paging import Page, key_after, page_of, refused_cursor
from nyefamilier.access.service import Access, Exported, accesses, exports
from nyefamilier.kernel.actors import Role

blueprint = guarded_blueprint(
    "access-log", __name__, "/api/v1/access-log", roles=[Role.PRIVACY_OFFICER]
)

exported = guarded_blueprint(
    "export-log", __name__, "/api/v1/export-log", roles=[Role.PRIVACY_OFFICER]
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


@exported.get("")
@exported.arguments(ExportQuery, location="query")
@exported.response(200, ExportPageSchema)
@refuses("cursor")
def show_export_log(query: dict[str, Any]) -> Page:
    """Every file of figures that somebody took home, the newest first.

    Who, in what role, when, which table or report, of which period and bydel, in which format. What
    the file said is not kept here.
    """
    limit = query["limit"]
    with work() as current:
        before = _before(query["cursor"])
        found = exports(current, actor_id=query["actor_id"], before=before, limit=limit)
    return page_of(found, limit, _key)


def _key(entry: Access | Exported) -> tuple[str]:
    return (str(entry.id),)


def _before(cursor: str | None) -> int | None:
    key = key_after(cursor, 1)
    if key is None:
        return None
    if not _NUMBER.fullmatch(key[0]):
        raise refused_cursor()
    return int(key[0])
