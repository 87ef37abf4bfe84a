"""The bodies of sync requests and answers, as they travel: JSON, one struct each.

Unknown fields of a request are refused, so that a misspelt one is not silently lost; a client must
ignore fields of an answer that it does not know. Bytes travel as base64url without padding,
instants as RFC 3339 in UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec

from nyefamilier.wire.limits import VOIDED
from nyefamilier.wire.verdicts import Command, DropReason, ResetReason, Verdict

SCHEMA = 1
"""The version of what follows. A push of every version ever released is accepted."""
OLDEST_PULLED = 1
"""The oldest version that is still sent anything."""

Instant: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
"""A number that every client can hold: a seq, a revision, milliseconds."""
Checksum: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
"""See `wire.chain.checksum`."""
Chain: TypeAlias = Annotated[str, msgspec.Meta(max_length=64)]
"""32 bytes, as text."""
Hash: TypeAlias = Annotated[str, msgspec.Meta(max_length=64)]
"""32 hexadecimal digits."""
MaxBytes: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
Seq: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
Boot: TypeAlias = Annotated[str, msgspec.Meta(max_length=64)]
Why: TypeAlias = Annotated[str, msgspec.Meta(pattern="^[a-z-]{1,40}$")]


class Request(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a phone sends."""


class Shown(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What the server answers."""


class Clock(Request):
    """The phone's clocks when it sent: they correct what is shown, and decide nothing.

    Args:
        wall: The phone's own idea of the time.
        mono_ms: Milliseconds since it was started, which no one can set.
        boot: Changes at each start.
        offset_ms: How far it reckons to be behind the server.
    """

    wall: Instant
    mono_ms: Count
    boot: Boot
    offset_ms: int | None = None


class Recorded(Request):
    """The phone's clocks when the nurse saved."""

    wall: Instant
    mono_ms: Count
    boot: Boot


class PushedMutation(Request):
    """One thing that the nurse meant. ``ops`` are decoded one by one, by their names."""

    id: UUID
    seq: Seq
    v: int
    type: str
    family: UUID
    base_rev: Count
    occurred_at: Instant
    ops: list[msgspec.Raw]
    recorded: Recorded | None = None


class VoidedSeqs(Request):
    """What stands in the place of mutations that a phone lost: ``type`` is ``seq.void``.

    It takes ``count`` seqs, its own being the first, so that a loss is seen and not papered over.
    ``why`` is a code of the client's.
    """

    id: UUID
    seq: Seq
    v: int
    type: Literal["seq.void"]
    count: Annotated[int, msgspec.Meta(ge=1, le=VOIDED)]
    why: Why


class Push(Request):
    """Mutations up, in the order of their seq. Each is kept as the very bytes that were sent."""

    device_id: UUID
    acked_seq: Count
    schema: int
    mutations: list[msgspec.Raw]
    clock: Clock | None = None


class Result(Shown):
    """What became of one mutation.

    Args:
        reason: A stable code, for all but ``applied``.
        pointer: Where in the mutation the reason lies (RFC 6901).
        rev: The family's revision that it made, if it made one.
        review: The inbox item in which a person decides, for ``conflict`` and ``held``.
        filed: Notes that were filed late although the rest is held.
    """

    seq: int
    id: UUID
    status: Verdict
    reason: str | None = None
    pointer: str | None = None
    rev: int | None = None
    review: UUID | None = None
    filed: list[UUID] = []


class PushAnswer(Shown):
    """The verdicts, and where the device stands."""

    epoch: UUID
    server_time: datetime
    last_seq: int
    durable_seq: int
    results: list[Result] = []


class Held(Request):
    """How far a phone has a family. ``rows`` is its checksum, told once a day and after a crash."""

    rev: Count
    chain: Chain
    rows: Checksum | None = None


class Partial(Request):
    """How many parts of a snapshot a phone has. The rest follows if the family is still there."""

    at: Count
    parts: Count


class Pull(Request):
    """Ask for what has changed. One of ``have_hash`` and ``have`` is told.

    A family of which the phone has a part, or whose copy it was told not to trust, is in neither.
    ``partial`` tells of those of which it has the first parts.
    """

    device_id: UUID
    acked_seq: Count
    schema: Count
    have_hash: Hash | None = None
    have: dict[UUID, Held] | None = None
    scope_hash: Hash | None = None
    max_bytes: MaxBytes | None = None
    partial: dict[UUID, Partial] | None = None


class Drop(Shown):
    """Give this family up: push first what is unsent, delete it, send the receipt."""

    family: UUID
    purge_id: UUID
    reason: DropReason


class Item(Shown, array_like=True):
    """A record's complete state at the revision that last wrote it."""

    rev: int
    kind: str
    id: UUID
    body: msgspec.Raw


class Change(Shown):
    """A family from one revision to another. ``links`` has one for each revision between them."""

    family: UUID
    from_: int = msgspec.field(name="from")
    to: int
    chain: str
    links: list[str]
    rows: int
    items: list[Item]


class Snapshot(Shown):
    """A family anew, in parts; it replaces what the phone has when the last part is in."""

    family: UUID
    at: int
    chain: str
    rows: int
    part: int
    parts: int
    items: list[Item]


class Reset(Shown):
    """This family's copy is not to be trusted; a snapshot follows."""

    family: UUID
    why: ResetReason


class Scope(Shown):
    """All families that the phone may have now; told when it differs from ``scope_hash``."""

    hash: str
    families: list[UUID]


class PullAnswer(Shown):
    """What has changed.

    Args:
        ask: ``have`` when the hash told the server too little: nothing else is told then.
        scope: Left out where the phone knows it.
        unreadable: Families that could not be opened, which is our defect; their copies stay.
        more: There is more for now: pull again.
    """

    epoch: UUID
    server_time: datetime
    last_seq: int
    durable_seq: int
    ask: str | None = None
    scope: Scope | None = None
    drop: list[Drop] = []
    reset: list[Reset] = []
    changes: list[Change] = []
    snapshots: list[Snapshot] = []
    unreadable: list[UUID] = []
    more: bool = False


class Receipt(Request):
    """A family is gone from a phone."""

    purge_id: UUID
    family: UUID
    rows: Count
    """How many rows were deleted."""


class Receipts(Request):
    """Families that are gone from a phone."""

    device_id: UUID
    receipts: list[Receipt]


class ReceiptsAnswer(Shown):
    """The receipts are in. They may be sent again; a receipt for nothing is taken as well."""

    epoch: UUID
    server_time: datetime


class Enrol(Request):
    """A new installation. The public key is of ECDSA on P-256, as SubjectPublicKeyInfo in DER."""

    device_id: UUID
    name: str
    public_key: str
    schema: int


class Renew(Request):
    """Ask for the lease anew. ``schema`` is the version that the app speaks now."""

    device_id: UUID
    schema: int


class Lease(Shown):
    """What a phone needs to open its store, and until when it may without asking again.

    Args:
        key_share: Our 32 bytes of the key of its store; none for a phone that is to be closed.
        lease_until: Until then it may open its store without asking; none as above.
        commands: ``lock``, ``wipe`` or ``upgrade``.
        fresh: The share is a new one: what the store holds cannot be opened any more. The phone
            sends its escrow copies and begins with an empty store.
    """

    key_share: str | None = None
    lease_until: datetime | None = None
    commands: list[Command] = []
    fresh: bool = False


class Enrolled(Shown):
    """A device is known. Unsent work is sealed to the escrow key (HPKE, see the protocol)."""

    device_id: UUID
    epoch: UUID
    server_time: datetime
    last_seq: int
    durable_seq: int
    lease: Lease
    escrow_key: str
    escrow_key_id: str


class CarryOn(Request):
    """Carry the sign-in on by another token, which the phone makes itself: 32 random bytes.

    Told are the SHA-256 of the token that it has, good or over, and of the next one: of their
    text, as it stands after ``Bearer``.
    """

    device_id: UUID
    token_digest: str
    next_digest: str


class CarriedOn(Shown):
    """The next token is good until ``expires_at``; at ``until`` the password is needed again."""

    server_time: datetime
    expires_at: datetime
    until: datetime


class Escrowed(Request):
    """One unsent mutation, sealed to the server's escrow key."""

    id: UUID
    seq: int
    sealed: str


class Escrow(Request):
    """Unsent work from a device that may not, or cannot, push."""

    device_id: UUID
    escrow_key_id: str
    mutations: list[Escrowed]


class EscrowAnswer(Shown):
    """What has been taken in, now or before, and what the phone is told to do."""

    server_time: datetime
    received: list[UUID]
    commands: list[Command] = []


class WipeReceipt(Request):
    """What could be read on a phone that was told to wipe is erased.

    ``handed_over`` are the mutations of which it still has the copies sealed to the server. It
    deletes them, and last the key that signs this, once the server has said that it has them.
    """

    device_id: UUID
    handed_over: list[UUID] = []
