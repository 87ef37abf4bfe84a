"""Whether a phone may send again what was refused: the member ``retry`` of a sync problem.

It is normative: a client branches on it, and needs to know no code that came after it was built.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from nyefamilier.wire.verdicts import Retry

_BY_CODE: Final = {
    "content-digest": Retry.NOW,  # cut off on its way
    "sequence-gap": Retry.NOW,  # from the seq that it names
    "wrong-device": Retry.AFTER_FIX,
}
_BY_STATUS: Final = {
    HTTPStatus.UNAUTHORIZED: Retry.AFTER_FIX,
    HTTPStatus.FORBIDDEN: Retry.AFTER_FIX,
    HTTPStatus.CONFLICT: Retry.AFTER_FIX,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Retry.AFTER_FIX,
    HTTPStatus.UPGRADE_REQUIRED: Retry.AFTER_FIX,
    HTTPStatus.TOO_MANY_REQUESTS: Retry.AFTER,
    HTTPStatus.INTERNAL_SERVER_ERROR: Retry.AFTER,
    HTTPStatus.SERVICE_UNAVAILABLE: Retry.AFTER,
}


def retry_of(status: HTTPStatus, code: str) -> Retry:
    """When a request that was refused so may be sent again."""
    return _BY_CODE.get(code) or _BY_STATUS.get(status, Retry.NEVER)
