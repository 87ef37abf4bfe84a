"""Damaged and random bytes for everything that reads what came from outside or from the disk.

A decoder may refuse in the way that it declares, and in no other; and what was sealed and then
changed never opens. Each is given values that are right but for some damage, and plain noise.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from uuid import UUID

from nyefamilier.door import operations
from nyefamilier.kernel.errors import Refusal
from nyefamilier.sync import bodies, envelopes, requests
from nyefamilier.vault import cobblestone, escrow, phone, ring, sealing, signing
from nyefamilier.vault.cobblestone import CannotOpen
from nyefamilier.vault.ring import Name, NotAKeyring, Ring, Use
from nyefamilier.wire import texts

COUNT: Final = "NYEFAMILIER_TEST_FUZZ"
FEW: Final = 40_000
"""How many values are tried where nobody says: enough to keep the machinery honest."""

ID: Final = UUID("0199f0c2-22aa-7d1e-9b1f-4a5f0f6b7a02")
OTHER: Final = UUID("0199f0c1-9a10-7c55-8f3e-2b1a7a3c1e55")
KEY: Final = sealing.DataKey(ID, 1, bytes(range(32)))
CELL: Final = sealing.Cell("note", "sealed", ID, OTHER, 3)
PAIR: Final = escrow.new_escrow_pair()
SIGNING: Final = signing.new_signing_key()
CIPHER: Final = phone.store_cipher(ID, bytes(32), bytes(32))
WORDS: Final = "Mor ønsker hjelp til amming. ".encode()
TOKENS: Final = (
    *(b'null true false {} [] [[[[ {"a": 1e999 -0 0.1 1e400 \\ud800 \\u0000'.split()),
    *(b'"id" "seq" "op" "v" "type" "ops" "have" "\xff\xfe" 18446744073709551616 NaN'.split()),
    b"[" * 2_000,
    b'{"a":' * 2_000,
)


@dataclass(frozen=True)
class Decoder:
    """Something that reads bytes: how it may refuse, and what it takes when it is whole."""

    name: str
    read: Callable[[bytes], object]
    refuses: type[Exception]
    right: tuple[bytes, ...]
    share: float
    opens: bool = False
    """Whether what it takes was sealed, so that nothing but what was sealed is ever taken."""


@dataclass
class Outcome:
    """What one decoder did with all that it was given."""

    tried: int = 0
    taken: int = 0
    wrong: list[str] = field(default_factory=list)


def decoders() -> list[Decoder]:
    """Everything that reads, with how many of a thousand values go to it."""
    public = signing.public_key_of(SIGNING)
    signature = signing.sign(SIGNING, WORDS)
    sealed = tuple(sealing.seal(KEY, "oslo", CELL, WORDS * times) for times in (0, 1, 70))
    stored = (CIPHER.seal("row", ID, OTHER, 3, WORDS),)
    push = json.dumps(_push()).encode()
    pull = {"device_id": str(ID), "acked_seq": 0, "schema": 1, "have_hash": "0" * 32}
    gone = {"purge_id": str(ID), "family": str(OTHER), "rows": 3}
    receipts = {"device_id": str(ID), "receipts": [gone]}
    mutation = _push()["mutations"][0]
    kept, note = json.dumps(mutation).encode(), json.dumps(mutation["ops"][0]).encode()
    packed = b"\x1f\x8b\x08\x00" + bytes(6) + b"\x03\x00" + bytes(8)
    return [
        Decoder("sealed cell", _open_cell, CannotOpen, sealed, 400, opens=True),
        Decoder("its header", sealing.key_named_in, CannotOpen, sealed, 200),
        Decoder("wrapped key", _unwrap, CannotOpen, (_wrapped(),), 100, opens=True),
        Decoder("phone's cell", _open_stored, CannotOpen, stored, 50, opens=True),
        Decoder("escrow", _open_escrowed, CannotOpen, (_escrowed(),), 3, opens=True),
        Decoder("signature", _believe, type(None), (signature,), 5, opens=True),
        Decoder("public key", signing.is_public_key, type(None), (public,), 20),
        Decoder("keyring file", ring.parse, NotAKeyring, (_keyring(),), 20),
        Decoder("push", envelopes.read_push, Refusal, (push,), 60),
        Decoder("mutation kept", _mutation, Refusal, (kept,), 30),
        Decoder("operation", operations.decode, Refusal, (note,), 30),
        Decoder("pull", requests.read_pull, Refusal, (json.dumps(pull).encode(),), 30),
        Decoder("receipts", requests.read_receipts, Refusal, (json.dumps(receipts).encode(),), 20),
        Decoder("packed body", _unpack, Refusal, (packed,), 12),
        Decoder("bytes in text", _from_text, ValueError, (texts.as_text(WORDS).encode(),), 20),
    ]


def fuzz(decoder: Decoder, count: int, seed: int) -> Outcome:
    """Give *decoder* that many values, and see that it refuses as it declares."""
    outcome = Outcome()
    whole = set(decoder.right)
    for value in damaged(decoder.right, count, seed):
        if value in whole:
            continue
        outcome.tried += 1
        try:
            took = decoder.read(value)
        except decoder.refuses:
            continue
        except Exception as error:  # noqa: BLE001 - whatever else it raises is what is looked for
            outcome.wrong.append(f"{type(error).__name__} on {value[:60]!r}, {len(value)} bytes")
            continue
        if took is False:
            continue
        outcome.taken += 1
        if decoder.opens:
            outcome.wrong.append(f"opened {value.hex()[:200]}")
    return outcome


def shares(count: int) -> Iterator[tuple[Decoder, int]]:
    """How many of *count* values each decoder is given."""
    all_ = decoders()
    whole = sum(one.share for one in all_)
    for one in all_:
        yield one, max(1, round(count * one.share / whole))


def wanted() -> int:
    return int(os.environ.get(COUNT, FEW))


def damaged(right: tuple[bytes, ...], count: int, seed: int) -> Iterator[bytes]:
    """Values made of those that are right: flipped, cut, grown, mixed; and noise."""
    rng = Random(seed)  # noqa: S311 - the same values each time
    for _ in range(count):
        whole = right[int(rng.random() * len(right))]
        yield _WAYS[int(rng.random() * len(_WAYS))](rng, whole, right)


def _noise(rng: Random, whole: bytes, _: tuple[bytes, ...]) -> bytes:
    return rng.randbytes(int(rng.random() * (len(whole) + 40)))


def _flip(rng: Random, whole: bytes, _: tuple[bytes, ...]) -> bytes:
    bit = int(rng.random() * len(whole) * 8)
    place = bit // 8
    return whole[:place] + bytes([whole[place] ^ 1 << bit % 8]) + whole[place + 1 :]


def _overwrite(rng: Random, whole: bytes, _: tuple[bytes, ...]) -> bytes:
    place = int(rng.random() * len(whole))
    told = rng.randbytes(1 + int(rng.random() * 8))
    return whole[:place] + told + whole[place + len(told) :]


def _cut(rng: Random, whole: bytes, _: tuple[bytes, ...]) -> bytes:
    start, end = sorted(int(rng.random() * (len(whole) + 1)) for _ in range(2))
    return whole[:start] + whole[end:] if rng.random() < 0.5 else whole[start:end]


def _grow(rng: Random, whole: bytes, _: tuple[bytes, ...]) -> bytes:
    place = int(rng.random() * (len(whole) + 1))
    return whole[:place] + rng.randbytes(1 + int(rng.random() * 40)) + whole[place:]


def _mix(rng: Random, whole: bytes, right: tuple[bytes, ...]) -> bytes:
    other = right[int(rng.random() * len(right))]
    return whole[: int(rng.random() * len(whole))] + other[int(rng.random() * len(other)) :]


def _word(rng: Random, whole: bytes, _: tuple[bytes, ...]) -> bytes:
    place = int(rng.random() * (len(whole) + 1))
    # The deep ones are long: now and then is enough.
    few = TOKENS if rng.random() < 0.01 else TOKENS[:-2]
    word = few[int(rng.random() * len(few))]
    return whole[:place] + word + whole[place + int(rng.random() * 2) * len(word) :]


_WAYS: Final = (_noise, _flip, _flip, _overwrite, _cut, _grow, _mix, _word)


def _open_cell(blob: bytes) -> bytes:
    return sealing.open_sealed(KEY, "oslo", CELL, blob)


def _open_stored(blob: bytes) -> bytes:
    return CIPHER.open("row", ID, OTHER, 3, blob)


def _wrapped() -> bytes:
    return cobblestone.encrypt(KEY.key, b"kek-city", bytes(32))


def _unwrap(blob: bytes) -> bytes:
    return cobblestone.decrypt(KEY.key, b"kek-city", blob)


def _escrowed() -> bytes:
    return escrow.seal_to_escrow(PAIR.public, ID, WORDS)


def _open_escrowed(blob: bytes) -> bytes:
    return escrow.open_escrowed(PAIR.private, ID, blob)


def _believe(signature: bytes) -> bool:
    return signing.is_signed_by(signing.public_key_of(SIGNING), signature, WORDS)


def _keyring() -> bytes:
    kek, mac = Name(Use.WRAP, "kek-city"), Name(Use.MAC, "bidx-fnr")
    return ring.dump(Ring().with_new_primary(kek).with_new_primary(kek).with_new_primary(mac))


def _mutation(raw: bytes) -> object:
    return envelopes.read_mutation(raw)


def _unpack(body: bytes) -> bytes:
    return bodies.unpack(body, 1_000_000)


def _from_text(told: bytes) -> bytes:
    return texts.from_text(told.decode("latin-1"))


def _push() -> dict[str, Any]:
    op = {"op": "note.write", "note_id": str(ID), "member_id": str(OTHER), "text": "Mor ønsker ro."}
    mutation = {"id": str(ID), "seq": 1, "v": 1, "type": "note.write", "family": str(OTHER)}
    mutation |= {"occurred_at": "2026-11-20T10:00:00+00:00", "base_rev": 3, "ops": [op]}
    return {"device_id": str(OTHER), "acked_seq": 0, "schema": 1, "mutations": [mutation]}
