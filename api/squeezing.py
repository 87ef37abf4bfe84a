"""Our own files go out compressed, each of them compressed once.

Only files: what is made for one reader is not compressed, since the length of an answer that holds
a secret and something of a stranger's choosing tells about the secret (BREACH).
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request

_TEXTS = frozenset({
    "text/html", "text/css", "text/javascript", "application/json", "application/manifest+json",
    "image/svg+xml",
})  # fmt: skip
_FILES = ("static", "felt.")
_SMALLEST, _LARGEST = 512, 4_000_000
_LEVEL = 9


def squeeze_files(app: Flask) -> None:
    """Compress the answers of the endpoints that serve files."""
    app.after_request(_squeeze)


def _squeeze(response: Response) -> Response:
    if not _is_a_text_file(response):
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or not request.accept_encodings.quality("gzip"):
        return response
    response.direct_passthrough = False
    content = response.get_data()
    if _SMALLEST <= len(content) <= _LARGEST:
        response.set_data(_packed(content))
        response.headers["Content-Encoding"] = "gzip"
        _weaken(response)
    return response


def _is_a_text_file(response: Response) -> bool:
    return (request.endpoint or "").startswith(_FILES) and response.mimetype in _TEXTS


def _weaken(response: Response) -> None:
    """The same tag for both forms of a file: so it has to be a weak one (RFC 9110, 8.8.1)."""
    tag, _ = response.get_etag()
    if tag is not None:
        response.set_etag(tag, weak=True)


@lru_cache(maxsize=256)
def _packed(content: bytes) -> bytes:
    return gzip.compress(content, _LEVEL, mtime=0)
