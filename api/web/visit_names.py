"""What a kind of visit is called."""

from __future__ import annotations

from functools import cache

from api.web.language import language
from api.web.texts import _
from nyefamilier.protocols.service import all_protocols
from nyefamilier.visits.intents import AGREED


def visit_name(kind: str) -> str:
    """The name of a kind of visit in the reader's language."""
    if kind == AGREED:
        return _("Agreed visit")
    known = _protocol_names().get(kind)
    if known is None:
        return kind
    return known[0] if language() == "nb" else known[1]


@cache
def _protocol_names() -> dict[str, tuple[str, str]]:
    """The names of every protocol's visits; a newer version's stand."""
    return {
        visit.kind: (visit.name_nb, visit.name_en)
        for protocol in all_protocols()
        for visit in protocol.visits
    }
