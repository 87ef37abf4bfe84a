"""Bodies of the phones' protocol: JSON as it is on the wire, compressed both ways.

They do not pass through marshmallow, which takes longer than all the rest of a push together; the
wire's own structs check them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec
from flask import Response, request
from isal import igzip

from api.bodies import require_json
from api.problems import MediaTypeRefused
from nyefamilier.sync.bodies import check_digest, unpack

View = TypeVar("View", bound=Callable[..., Any])

CONTENT_DIGEST: Final[dict[str, Any]] = {
    "in": "header",
    "name": "Content-Digest",
    "required": True,
    "schema": {"type": "string", "maxLength": 400},
    "description": "`sha-256=:...:` (RFC 9530) over the body as it travels, after compression. A "
    "body that was cut off or changed on its way is refused before it is read.",
}
CONTENT_ENCODING: Final[dict[str, Any]] = {
    "in": "header",
    "name": "Content-Encoding",
    "required": False,
    "schema": {"type": "string", "enum": ["gzip", "identity"]},
    "description": "How the body is compressed.",
}
"""The parameters as OpenAPI has them."""

_WORTH_PACKING: Final = 1400
"""Below this an answer fits in one packet as it is."""
_PACKING: Final = 3
"""ISA-L's most thorough level: smaller than zlib's quickest, in a quarter of the time."""
_ENCODER: Final = msgspec.json.Encoder()


def read_body(most: int) -> bytes:
    """The request's content: whole, unpacked, at most *most* bytes; not yet known to be JSON.

    Raises:
        MediaTypeRefused: ``unsupported-media-type``, ``unsupported-encoding``.
        Malformed, TooLarge: see `nyefamilier.sync.bodies`.
    """
    require_json(request)
    packed = request.get_data(cache=False)
    check_digest(packed, request.headers.get("Content-Digest"))
    match request.headers.get("Content-Encoding", "identity").strip().lower():
        case "identity":
            return packed
        case "gzip":
            return unpack(packed, most)
        case _:
            raise MediaTypeRefused(
                "unsupported-encoding", "Send the body as it is, or with `Content-Encoding: gzip`."
            )


def answer_with(told: msgspec.Struct) -> Response:
    """*told* as JSON, compressed if the client takes that and there is enough of it."""
    body = _ENCODER.encode(told)
    answer = Response(content_type="application/json")
    answer.vary.add("Accept-Encoding")
    if len(body) > _WORTH_PACKING and request.accept_encodings["gzip"] > 0:
        body = igzip.compress(body, compresslevel=_PACKING, mtime=0)
        answer.headers["Content-Encoding"] = "gzip"
    answer.set_data(body)
    return answer
