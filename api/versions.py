"""Versions and repeats: ``ETag``, ``If-Match`` and ``Idempotency-Key``.

A family's revision is the version of everything in it. A client that sends ``If-Match`` says
against which revision it made its change.

Sources: RFC 9110 sections 8.8.3 and 13.1.1; draft-ietf-httpapi-idempotency-key-header.
"""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from flask import request

from api.problems import VersionMissing
from nyefamilier.kernel.errors import Malformed
from nyefamilier.kernel.ids import MutationId

IDEMPOTENCY_KEY: dict[str, Any] = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
    "description": "A UUID that you make for this change, best a UUIDv7. Sent again with the same "
    "body, the change is made once and the first answer is given again.",
}
"""The parameter as OpenAPI has it; guarded blueprints add it to every write."""

IF_MATCH_REQUIRED: dict[str, Any] = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string", "pattern": '^"[0-9]{1,15}"$'},
    "description": 'The `ETag` of the record that you change, as `"41"`. When the record has '
    "changed since, the answer is 412 and nothing is changed.",
}
"""The parameter of a write that must say which version of one record it changes."""

IF_NONE_MATCH: dict[str, Any] = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "description": "The `ETag` that you have already; if it is still the newest, the answer is "
    "304 without a body. It is logged as a read all the same.",
}
"""The parameter of a read that can be answered with 304."""

IF_MATCH: dict[str, Any] = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "schema": {"type": "string", "pattern": '^("[0-9]{1,15}"|\\*)$'},
    "description": 'The `ETag` that you read, as `"41"`. When the family has changed since, the '
    "answer is 412 and nothing is changed.",
}
"""The parameter of a write that may say which of the family's revisions it was made against."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_ETAG = re.compile(r'"(\d{1,15})"', re.ASCII)


def mutation_id() -> MutationId:
    """The id that the client has given this change.

    Raises:
        Malformed: the ``Idempotency-Key`` is missing or is not a UUID.
    """
    written = request.headers.get("Idempotency-Key")
    if written is None:
        raise Malformed(
            "idempotency-key-missing",
            "Send an `Idempotency-Key` header with a UUID that you make for this change, and the "
            "same one when you repeat it.",
        )
    if not _UUID.fullmatch(written):
        raise Malformed("idempotency-key", "The `Idempotency-Key` is not a UUID.")
    return MutationId(UUID(written))


def etag(rev: int) -> str:
    """The value of the ``ETag`` header for a revision."""
    return f'"{rev}"'


def base_rev_from_if_match() -> int | None:
    """The revision that the client's change was made against, if it says.

    Raises:
        Malformed: the header holds anything else than one strong ETag of ours, or ``*``.
    """
    written = request.headers.get("If-Match")
    if written is None or written == "*":
        return None
    return _rev_of(written)


def record_rev_from_if_match() -> int:
    """The version of one record that the client's change was made against.

    Raises:
        VersionMissing: ``if-match-required``.
        Malformed: the header holds anything else than one strong ETag of ours.
    """
    written = request.headers.get("If-Match")
    if written is None:
        raise VersionMissing(
            "if-match-required",
            "Read the record, and send its `ETag` as `If-Match`, so that nobody's change is lost.",
        )
    return _rev_of(written)


def is_known(rev: int) -> bool:
    """Whether the client says, by ``If-None-Match``, that it has this revision already."""
    return request.if_none_match.contains_weak(str(rev))


def _rev_of(written: str) -> int:
    found = _ETAG.fullmatch(written)
    if found is None:
        raise Malformed("if-match", 'Send `If-Match` as you read the `ETag`: `"41"`.')
    return int(found[1])
