"""The programmes' protocols: data with a version, a first day and a source."""

from __future__ import annotations

from typing import Any

from api.doorway import EVERY_ROLE, guarded_blueprint
from api.protocols.schemas import BydelQuery, ProtocolSchema, ProtocolsSchema
from api.records import Items
from nyefamilier.kernel.errors import NotFound
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.protocols.protocol import Protocol
from nyefamilier.protocols.service import all_protocols, in_bydel

blueprint = guarded_blueprint("protocols", __name__, "/api/v1/protocols", roles=EVERY_ROLE)


@blueprint.get("")
@blueprint.response(200, ProtocolsSchema)
def list_protocols() -> Items:
    """Every version of every protocol, by programme and then by age.

    Nye familier, NFP, and the fourteen consultations of the national well-child programme.
    """
    return Items(all_protocols())


@blueprint.get("/<programme>/<version>")
@blueprint.arguments(BydelQuery, location="query")
@blueprint.response(200, ProtocolSchema)
def show_protocol(query: dict[str, Any], programme: str, version: str) -> Protocol:
    """One version in full: its visits, each with its window and its source.

    A family keeps the version under which it joined.
    """
    for found in all_protocols():
        if (found.programme, found.version) == (programme, version):
            bydel = query["bydel"]
            return found if bydel is None else in_bydel(found, BydelNumber(bydel))
    raise NotFound("protocol")
