"""What the devices' routes of the phones' protocol take and give."""

from __future__ import annotations

from typing import Final

from marshmallow import fields as ma

from api.fields import (
    Base64Url,
    Id,
    Instant,
    Many,
    Part,
    QueryWhole,
    Schema,
    Shown,
    StrEnumField,
    Text,
    Whole,
)
from nyefamilier.sync.deliveries import PAGE
from nyefamilier.sync.states import DeviceState
from nyefamilier.wire import limits
from nyefamilier.wire.verdicts import Command

ENROL: Final = {
    "device_id": "0199f0c1-7e3b-7b1a-9d52-0f6b7a3c1e55",
    "name": "Telefonen min",
    "public_key": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE5CTVrl-fY2F5inaLenLwpihE35m5gwb0ZeDxi5BdF7Zi"
    "6PvfGJpF4uP-QjLWdC6-btMcS9ty74WjkY2xbNWNNA",
    "schema": 1,
}

RENEW: Final = {"device_id": ENROL["device_id"], "schema": 1}
ESCROW: Final = {
    "device_id": ENROL["device_id"],
    "escrow_key_id": "f2b7a1de-8c1f-4e57-9d0c-3a4f5b6c7d8e",
    "mutations": [],
}
CARRY_ON: Final = {
    "device_id": ENROL["device_id"],
    "token_digest": "QF1-BvJM0HnbO_tpeRUHXabYurx5aRRvdvVaJVmrzpk",
    "next_digest": "HFntQji1SQ6vqvedRb9cJTM5py7xeUYZWy6KHh9bXTQ",
}
RETIRED: Final = {"device_id": ENROL["device_id"]}
WIPED: Final = {"device_id": ENROL["device_id"], "handed_over": []}

_LATEST_SCHEMA = 10_000
_LARGEST = 2**53 - 1
_DIGEST_CHARS = 43
_SEALED_CHARS = limits.ESCROW_BYTES * 4 // 3 + 2


class EnrolSchema(Schema):
    """A new installation."""

    device_id = Id(required=True, metadata={"description": "Made by the installation, a UUIDv7."})
    name = Text(limits.DEVICE_NAME_CHARS, required=True)
    public_key = Base64Url(
        200,
        required=True,
        metadata={"description": "ECDSA on P-256: SubjectPublicKeyInfo in DER."},
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


class RenewSchema(Schema):
    """Which device asks, and the version of the messages that its app speaks now."""

    device_id = Id(required=True)
    schema = Whole(1, _LATEST_SCHEMA, required=True)


class CarryOnSchema(Schema):
    """From which token to which, by their digests: no token travels."""

    device_id = Id(required=True)
    token_digest = Base64Url(
        _DIGEST_CHARS,
        required=True,
        metadata={"description": "SHA-256 of the token that the phone has, good or over."},
    )
    next_digest = Base64Url(
        _DIGEST_CHARS,
        required=True,
        metadata={
            "description": "SHA-256 of the next token: the text that will stand after `Bearer`, "
            "which is 32 random bytes of the phone's own as base64url."
        },
    )


class CarriedOnSchema(Shown):
    """The next token is good."""

    server_time = Instant()
    expires_at = Instant()
    until = Instant(metadata={"description": "From then on the password is needed."})


class EscrowedSchema(Schema):
    """One mutation, as it would be pushed, sealed."""

    id = Id(required=True, metadata={"description": "The mutation's own."})
    seq = Whole(1, _LARGEST, required=True)
    sealed = Base64Url(
        _SEALED_CHARS,
        required=True,
        metadata={
            "description": "HPKE (RFC 9180) in base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, "
            "AES-256-GCM; info is `nyefamilier-escrow/1` and the 16 bytes of the mutation's id; no "
            "additional data. The KEM's 65 bytes, then the ciphertext, as base64url."
        },
    )


class EscrowSchema(Schema):
    """Unsent work. An empty list asks only what the phone is to do."""

    device_id = Id(required=True)
    escrow_key_id = Text(limits.ESCROW_KEY_ID_CHARS, required=True)
    mutations = Many(Part(EscrowedSchema), at_most=limits.ESCROWED, required=True)


class EscrowAnswerSchema(Shown):
    """What the server has now."""

    server_time = Instant()
    received = ma.List(Id(), metadata={"description": "The ids of the mutations that it has."})
    commands = ma.List(StrEnumField(Command))


class RetireSchema(Schema):
    """A phone of the caller's goes out of use."""

    device_id = Id(required=True)


class WipeReceiptSchema(Schema):
    """All that could be read is erased."""

    device_id = Id(required=True)
    handed_over = Many(
        Id(),
        at_most=limits.HANDED_OVER,
        metadata={
            "description": "The mutations of which the phone has the sealed copies still: it "
            "deletes them when the receipt is taken, which it is if all of them are in escrow."
        },
    )


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


class VerdictsQuery(Schema):
    """Which verdicts."""

    device_id = Id(required=True)
    first = QueryWhole(
        1, _LARGEST, required=True, data_key="from", metadata={"description": "The first seq."}
    )
    last = QueryWhole(
        1,
        _LARGEST,
        required=True,
        data_key="to",
        metadata={"description": f"The last seq. At most {PAGE} verdicts are told at a time."},
    )
