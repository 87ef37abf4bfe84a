"""Pull what has changed, and say what is gone from the phone."""

from __future__ import annotations

from flask import Response

from api.bodies import takes_bytes
from api.describing import refuses, takes
from api.doorway import changes_no_record, glance, snapshot, work
from api.sync.blueprint import sync_blueprint
from api.sync.bodies import CONTENT_DIGEST, CONTENT_ENCODING, answer_with, read_body
from api.wire_document import documents
from nyefamilier.sync.pulling import answer_pull, take_receipts
from nyefamilier.sync.requests import read_pull, read_receipts
from nyefamilier.wire.limits import REQUEST_BYTES
from nyefamilier.wire.messages import Pull, PullAnswer, Receipts, ReceiptsAnswer

blueprint = sync_blueprint("pull", __name__)

_BODY = (
    "content-digest-missing",
    "content-digest",
    "unsupported-encoding",
    "malformed-gzip",
    "unpacks-too-far",
    "malformed-pull",
    "length-required",
    "wrong-device",
)
_DEVICE = "0199f0c1-7e3b-7b1a-9d52-0f6b7a3c1e55"
_PULL = {
    "device_id": _DEVICE,
    "acked_seq": 412,
    "schema": 1,
    "have_hash": "5c2b1c0c1f0f5f7ad1a6f0fd9d3c1a77",
    "scope_hash": "b02c4f6a2a7d11d0b7a3c1e550f6b7a3",
}
_RECEIPTS = {
    "device_id": _DEVICE,
    "receipts": [
        {
            "purge_id": "1c9a3f52-77aa-8d1e-9b1f-4a5f0f6b7a3c",
            "family": "0199f0c1-9a10-7c55-8f3e-2b1a7a3c1e55",
            "rows": 48,
        }
    ],
}


@blueprint.post("/pull")
@documents(Pull, PullAnswer, _PULL)
@takes(CONTENT_DIGEST, CONTENT_ENCODING)
@refuses(
    *_BODY,
    "have-missing",
    "too-many-families",
    "client-too-old",
    "device-locked",
    "device-wipe",
    "device-retired",
    "lease-lapsed",
    "key-provider-away",
)
@takes_bytes(REQUEST_BYTES)
@changes_no_record
def pull_changes() -> Response:
    """Pull what has changed of the families that the nurse follows, and what to give up.

    Pull again while the answer says that there is more. A pull changes no record; it may be sent
    again at any time.
    """
    return answer_with(answer_pull(glance, snapshot, read_pull(read_body(REQUEST_BYTES))))


@blueprint.post("/purge-receipts")
@documents(Receipts, ReceiptsAnswer, _RECEIPTS)
@takes(CONTENT_DIGEST, CONTENT_ENCODING)
@refuses(*_BODY, "too-many-receipts")
@takes_bytes(REQUEST_BYTES)
@changes_no_record
def send_purge_receipts() -> Response:
    """Say which families are gone from the phone, as a pull asked for.

    A phone that was stopped may say so, too. Receipts may be sent again.
    """
    request = read_receipts(read_body(REQUEST_BYTES))
    with work() as current:
        return answer_with(take_receipts(current, request))
