"""What the devices' routes of the phones' protocol take and give."""

from __future__ import annotations

from typing import Final

from marshmallow import fields as ma

from api.fields import Id, Instant, Schema, Shown, StrEnumField, Text, Whole
from nyefamilier.sync.states import DeviceState
from nyefamilier.wire import limits
from nyefamilier.wire.verdicts import Command

ENROL: Final = {
    "device_id": "0199f0c1-7e3b-7b1a-9d52-0f6b7a3c1e55",
    "name": "Telefonen min",
    "public_key": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEBD2HJRmRgu4Hqc0Yx9LykaCHoqfYnHaJYxsqAiCAO_"
    "8uYtAX8S0PFcBxCi_OXJ1g2aTsPJTDTSdTZ0WJjL7pTA",
    "schema": 1,
}

_LATEST_SCHEMA = 10_000


class EnrolSchema(Schema):
    """A new installation."""

    device_id = Id(required=True, metadata={"description": "Made by the installation, a UUIDv7."})
    name = Text(limits.DEVICE_NAME_CHARS, required=True)
    public_key = Text(
        200,
        required=True,
        metadata={
            "description": "ECDSA on P-256: SubjectPublicKeyInfo in DER, as base64url without "
            "padding."
        },
    )
    schema = Whole(1, _LATEST_SCHEMA, required=True)


class LeaseSchema(Shown):
    """What a phone needs to open its store, and until when it may without asking again."""

    key_share = ma.String(
        allow_none=True,
        metadata={"description": "32 bytes as base64url; null for a phone that is to be closed."},
    )
    lease_until = Instant(allow_none=True)
    commands = ma.List(StrEnumField(Command))
    fresh = ma.Boolean(
        metadata={"description": "The share is a new one: the store as it was cannot be opened."}
    )


class EnrolledSchema(Shown):
    """A device is known."""

    device_id = Id()
    epoch = Id(metadata={"description": "The server's present history."})
    server_time = Instant()
    last_seq = ma.Integer()
    durable_seq = ma.Integer()
    lease = ma.Nested(LeaseSchema)
    escrow_key = ma.String(
        metadata={"description": "HPKE (RFC 9180), P-256: SubjectPublicKeyInfo in DER, base64url."}
    )
    escrow_key_id = ma.String()


class DeviceSchema(Shown):
    """A device as its nurse sees it."""

    device_id = Id()
    name = ma.String()
    state = StrEnumField(DeviceState)
    enrolled_at = Instant()
    last_seen_at = Instant()
    lease_until = Instant(allow_none=True)
    last_seq = ma.Integer()
    acked_seq = ma.Integer()
    durable_seq = ma.Integer()
    families = ma.Integer(metadata={"description": "How many families it has a copy of."})
    asked_to_drop = ma.Integer(
        metadata={"description": "How many of them it was asked to give up."}
    )


class DevicesSchema(Shown):
    """The caller's devices."""

    items = ma.List(ma.Nested(DeviceSchema))
