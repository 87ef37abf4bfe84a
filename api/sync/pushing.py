"""Push changes up, and ask what became of them."""

from __future__ import annotations

from typing import Any

from flask import Response

from api.bodies import takes_bytes
from api.describing import refuses, takes
from api.doorway import actor, changes_no_record, work, work_as
from api.sync.blueprint import sync_blueprint
from api.sync.bodies import CONTENT_DIGEST, CONTENT_ENCODING, answer_with, read_body
from api.sync.schemas import VerdictsQuery
from api.wire_document import documents
from nyefamilier.sync.pushing import push, verdicts
from nyefamilier.wire.limits import PUSH_BYTES
from nyefamilier.wire.messages import Push, PushAnswer

blueprint = sync_blueprint("push", __name__)

_PUSH = {
    "device_id": "0199f0c1-7e3b-7b1a-9d52-0f6b7a3c1e55",
    "acked_seq": 412,
    "schema": 1,
    "mutations": [
        {
            "id": "0199f0c2-11aa-7d1e-9b1f-4a5f0f6b7a3c",
            "seq": 413,
            "v": 1,
            "type": "note.write",
            "family": "0199f0c1-9a10-7c55-8f3e-2b1a7a3c1e55",
            "base_rev": 41,
            "occurred_at": "2026-03-02T12:40:00+01:00",
            "ops": [
                {
                    "op": "note.write",
                    "note_id": "0199f0c2-11aa-7d1e-9b1f-4a5f0f6b7a3d",
                    "member_id": "01970f3a-5c00-7000-8000-000000000006",
                    "text": "Vekt 3480 g. Ammer hver tredje time.",
                }
            ],
        }
    ],
}


@blueprint.post("/push")
@documents(Push, PushAnswer, _PUSH)
@takes(CONTENT_DIGEST, CONTENT_ENCODING)
@refuses(
    "content-digest-missing",
    "content-digest",
    "unsupported-encoding",
    "malformed-gzip",
    "unpacks-too-far",
    "malformed-push",
    "malformed-mutation",
    "sequence-order",
    "too-many-mutations",
    "mutation-too-large",
    "length-required",
    "wrong-device",
    "sequence-gap",
    "seq-reuse",
    "server-regressed",
    "key-provider-away",
)
@takes_bytes(PUSH_BYTES)
@changes_no_record
def push_mutations() -> Response:
    """Push what was done on the phone, in the order in which it was done.

    Every mutation gets a verdict, and every verdict means that the server has it. What is wrong
    with one stops no other. A push whose answer was lost is sent again as it was, and is answered
    as the first time. A client that is too old for everything else may still push.
    """
    return answer_with(push(work_as, actor(), read_body(PUSH_BYTES)))


@blueprint.get("/ack")
@blueprint.arguments(VerdictsQuery, location="query")
@documents(None, PushAnswer)
@refuses("wrong-device")
def show_verdicts(query: dict[str, Any]) -> Response:
    """What has become of a phone's changes by now, from one seq to another.

    A verdict may have changed since it was told: what was parked has gone through, what was held
    has been decided.
    """
    with work() as current:
        return answer_with(verdicts(current, **query))
