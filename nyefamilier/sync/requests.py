"""Reads what a phone sends in order to pull: within the limits, and of a version that is served."""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec

from nyefamilier.kernel.errors import ClientTooOld, Malformed
from nyefamilier.sync.bodies import check_json
from nyefamilier.sync.envelopes import pointer_of
from nyefamilier.wire.messages import OLDEST_PULLED, Pull, Receipts

Told = TypeVar("Told", Pull, Receipts)

_PULL: Final = msgspec.json.Decoder(Pull)
_RECEIPTS: Final = msgspec.json.Decoder(Receipts)


def read_pull(body: bytes) -> Pull:
    """The pull that *body* holds.

    Raises:
        Malformed: ``malformed-json``, ``malformed-pull``.
        ClientTooOld: ``client-too-old``.
    """
    pull = _read(_PULL, body)
    if pull.schema < OLDEST_PULLED:
        raise ClientTooOld(
            "client-too-old", "This app is too old to be sent anything. Push, then upgrade it."
        )
    return pull


def read_receipts(body: bytes) -> Receipts:
    """The receipts that *body* holds.

    Raises:
        Malformed: ``malformed-json``, ``malformed-pull``.
    """
    return _read(_RECEIPTS, body)


def _read(decoder: msgspec.json.Decoder[Told], body: bytes) -> Told:
    check_json(body)
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise Malformed(
            "malformed-pull",
            "The request has not the fields that it must have.",
            pointer=pointer_of(error),
        ) from None
