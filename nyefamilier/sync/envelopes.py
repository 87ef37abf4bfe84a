"""Reads a push: what each mutation says of itself, before anybody looks at what it means.

Only what gives a mutation its place (id, seq, v, type) can get a push refused. Whatever else is
wrong with one is kept with it and judged, so that it stops no other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, TypeAlias
from uuid import UUID

import msgspec

from nyefamilier.kernel.errors import Malformed, TooLarge
from nyefamilier.sync.bodies import check_json
from nyefamilier.wire.limits import MUTATION_BYTES, MUTATIONS
from nyefamilier.wire.messages import SCHEMA, Count, Push, PushedMutation, Seq, VoidedSeqs

VOID: Final = "seq.void"

Upcaster: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTERS: Mapping[int, Upcaster] = {}
"""How a mutation of each released version becomes one of the next. Version 1 is the newest."""

_PATH: Final = re.compile(r"`\$(.*)`$")
_STEP: Final = re.compile(r"\.(\w+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a mutation cannot be read, and where in it."""

    reason: str
    pointer: str | None = None


@dataclass(frozen=True, slots=True)
class Newer:
    """A mutation of a version that is newer than this server."""


Content: TypeAlias = PushedMutation | VoidedSeqs | Newer | Flaw


@dataclass(frozen=True, slots=True, repr=False)
class Envelope:
    """One mutation as it came: its place, its very bytes, and what could be read of it."""

    id: UUID
    seq: int
    raw: bytes
    content: Content

    @property
    def family_id(self) -> UUID | None:
        """The family that it says it is about."""
        return self.content.family if isinstance(self.content, PushedMutation) else None

    @property
    def last_seq(self) -> int:
        """The last seq that it takes."""
        taken = self.content.count if isinstance(self.content, VoidedSeqs) else 1
        return self.seq + taken - 1


class _Frame(msgspec.Struct):
    """What every mutation of every version has, and always will."""

    id: UUID
    seq: Seq
    v: Count
    type: str


class _Reader(msgspec.Struct, rename={"device": "device_id"}):
    """What a push of every version has."""

    device: UUID
    acked_seq: Count
    schema: Count
    mutations: list[msgspec.Raw]


_PUSH: Final = msgspec.json.Decoder(Push)
_NEWER_PUSH: Final = msgspec.json.Decoder(_Reader)
_FRAME: Final = msgspec.json.Decoder(_Frame)
_MUTATION: Final = msgspec.json.Decoder(PushedMutation)
_VOID: Final = msgspec.json.Decoder(VoidedSeqs)


def read_push(body: bytes) -> tuple[Push, list[Envelope]]:
    """The push that *body* holds, and its mutations in the order of their seqs.

    Raises:
        Malformed: ``malformed-json``, ``malformed-push``, ``malformed-mutation``,
            ``sequence-order``.
        TooLarge: ``too-many-mutations``, ``mutation-too-large``.
    """
    check_json(body)
    push = _push(body)
    if len(push.mutations) > MUTATIONS:
        raise TooLarge(
            "too-many-mutations",
            f"At most {MUTATIONS} mutations in one push.",
            pointer="/mutations",
        )
    envelopes = [_envelope(number, bytes(raw)) for number, raw in enumerate(push.mutations)]
    _check_order(envelopes)
    return push, envelopes


def read_mutation(raw: bytes) -> Envelope:
    """A mutation by itself, as this version of the server reads it.

    Raises:
        Malformed: ``malformed-json``, ``malformed-mutation``.
        TooLarge: ``mutation-too-large``.
    """
    check_json(raw)
    return _envelope(0, raw)


def _push(body: bytes) -> Push:
    try:
        return _PUSH.decode(body)
    except msgspec.ValidationError as error:
        newer = _newer_push(body)
        if newer is not None:
            return newer
        raise Malformed(
            "malformed-push",
            "The push has not the fields that it must have.",
            pointer=pointer_of(error),
        ) from None


def _newer_push(body: bytes) -> Push | None:
    """What can be read of a push that is newer than this server: a push is never refused as old."""
    try:
        read = _NEWER_PUSH.decode(body)
    except msgspec.ValidationError:
        return None
    if read.schema <= SCHEMA:
        return None
    return Push(
        device_id=read.device,
        acked_seq=read.acked_seq,
        schema=read.schema,
        mutations=read.mutations,
    )


def _envelope(number: int, raw: bytes) -> Envelope:
    place = f"/mutations/{number}"
    if len(raw) > MUTATION_BYTES:
        raise TooLarge(
            "mutation-too-large", f"At most {MUTATION_BYTES} bytes in one mutation.", pointer=place
        )
    try:
        frame = _FRAME.decode(raw)
    except msgspec.ValidationError as error:
        raise Malformed(
            "malformed-mutation",
            "A mutation has at least id, seq, v and type.",
            pointer=place + (pointer_of(error) or ""),
        ) from None
    return Envelope(frame.id, frame.seq, raw, _content(frame, raw))


def _content(frame: _Frame, raw: bytes) -> Content:
    if frame.v > SCHEMA:
        return Newer()
    try:
        if frame.type == VOID:
            return _VOID.decode(raw)
        if frame.v == SCHEMA:
            return _MUTATION.decode(raw)
        return _upcast(frame.v, raw)
    except msgspec.ValidationError as error:
        return Flaw("malformed", pointer_of(error))


def _upcast(v: int, raw: bytes) -> Content:
    told = msgspec.json.decode(raw)
    for version in range(v, SCHEMA):
        step = UPCASTERS.get(version)
        if step is None:
            return Flaw("unknown-version", "/v")
        told = step(told)
    return _MUTATION.decode(msgspec.json.encode(told))


def _check_order(envelopes: list[Envelope]) -> None:
    for before, after in pairwise(envelopes):
        if after.seq <= before.last_seq:
            raise Malformed(
                "sequence-order", "Mutations are pushed in the order of their seqs, each once."
            )


def pointer_of(error: msgspec.ValidationError) -> str | None:
    """Where the error lies, as a JSON pointer; None where it does not say."""
    found = _PATH.search(str(error))
    if found is None:
        return None
    return "".join(f"/{name or number}" for name, number in _STEP.findall(found[1]))
