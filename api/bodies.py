"""How a request's body and query become values: strictly, and before any work is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import marshmallow
from flask import Request
from webargs.flaskparser import FlaskParser

from api.problems import InvalidFields, LengthMissing, MediaTypeRefused
from nyefamilier.kernel import strict_json
from nyefamilier.kernel.errors import Malformed, TooLarge
from nyefamilier.wire.digests import is_whole, told_digest

LARGEST_BODY = 256 * 1024
"""Bytes of a request's body, whatever its type, unless its view says otherwise."""

View = TypeVar("View", bound=Callable[..., Any])


def takes_bytes(most: int) -> Callable[[View], View]:
    """Let the view's request have a body of *most* bytes, instead of `LARGEST_BODY`."""

    def mark(view: View) -> View:
        vars(view)["largest_body"] = most
        return view

    return mark


class StrictParser(FlaskParser):
    """webargs' parser with our decoder, our media type check and our errors."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - webargs' own name and type
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "json": marshmallow.RAISE,
        "form": marshmallow.RAISE,
        "query": marshmallow.RAISE,
    }

    def load_json(self, req: Request, schema: marshmallow.Schema) -> Any:  # noqa: ANN401, ARG002
        """The body, decoded strictly.

        Raises:
            MediaTypeRefused: it is not plain ``application/json``.
            Malformed: it is not JSON that we take; ``content-digest``: nor what was sent.
        """
        _refuse_media_type(req)
        body = req.get_data(cache=True)
        _refuse_damaged(req, body)
        return strict_json.decode(body)

    def load_querystring(self, req: Request, schema: marshmallow.Schema) -> Any:  # noqa: ANN401
        """The query, in which each name stands once unless its field is a list.

        Raises:
            Malformed: a name stands there twice.
        """
        for name, values in req.args.lists():
            if len(values) > 1 and not isinstance(schema.fields.get(name), marshmallow.fields.List):
                raise Malformed("repeated-parameter", "A query parameter stands there twice.")
        return super().load_querystring(req, schema)

    def handle_error(
        self, error: marshmallow.ValidationError, *_: object, **__: object
    ) -> NoReturn:
        """Answer with our own list of flaws.

        Raises:
            InvalidFields: always.
        """
        # webargs puts the location ("json", "query") above the messages; a pointer has no need.
        raise InvalidFields(_below_location(error))


def refuse_large(req: Request, view: object = None) -> None:
    """Refuse a body by what it says of its own length, before a byte of it is read.

    Args:
        req: The request.
        view: The view that will answer it, which may have a limit of its own.

    Raises:
        LengthMissing: it does not say. Werkzeug would cut such a body at the limit, silently, and
            half a note is worse than none.
        TooLarge: it is over the limit.
    """
    if "Transfer-Encoding" in req.headers and req.content_length is None:
        raise LengthMissing("length-required", "Send the body with its `Content-Length`.")
    most = getattr(view, "largest_body", LARGEST_BODY)
    req.max_content_length = most
    if (req.content_length or 0) > most:
        raise TooLarge(
            "too-large", f"The body is over the limit of {most // 1024} KiB. Send less at a time."
        )


def require_json(req: Request) -> None:
    """Refuse a body of another type.

    Raises:
        MediaTypeRefused: it is not ``application/json`` in UTF-8.
    """
    plain = req.mimetype_params.get("charset", "utf-8").lower() == "utf-8"
    if req.mimetype != "application/json" or not plain:
        raise _media_type()


def _refuse_media_type(req: Request) -> None:
    require_json(req)
    if "Content-Encoding" in req.headers:
        raise _media_type()


def _refuse_damaged(req: Request, body: bytes) -> None:
    """Whoever says what was sent is told if something else has come: another id, say."""
    told = told_digest(req.headers.get("Content-Digest", ""))
    if told is not None and not is_whole(body, told):
        raise Malformed(
            "content-digest", "The body is not the one that was sent; it was cut off or changed."
        )


def _media_type() -> MediaTypeRefused:
    return MediaTypeRefused(
        "unsupported-media-type", "Send `Content-Type: application/json`, not compressed."
    )


def _below_location(error: marshmallow.ValidationError) -> marshmallow.ValidationError:
    messages = error.messages
    if isinstance(messages, dict) and len(messages) == 1:
        location, below = next(iter(messages.items()))
        if location in StrictParser.DEFAULT_UNKNOWN_BY_LOCATION:
            return marshmallow.ValidationError(below)
    return error
