"""Check an extract of the access log, with nothing but Python and the extract.

    python verify_log.py EXTRACT [--key KEY] [--checkpoint FILE ...]

It shows that each entry of the extract was in the log when its head was signed, and that the log
of that day begins with the log of each earlier checkpoint: nothing was changed, taken out or put in
between. KEY is the log's verifier key and FILE a checkpoint; get both from somebody who does not
run the database, and keep what you get. Without KEY the extract's own is taken, which shows that
the extract fits together but not who signed it.

Exit code 0: all holds. 1: something does not, and it says what. 2: it could not be read.

This file trusts and imports nothing of the programme. It is the other half of its `merkle.py`.

Sources: RFC 9162 sections 2.1.3.2 (inclusion) and 2.1.4.2 (consistency); RFC 8032 section 5.1
(Ed25519); C2SP signed-note and tlog-checkpoint; RFC 8785 (the form in which entries are hashed).
"""

from __future__ import annotations

import argparse
import json
import sys
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any


class DoesNotHold(Exception):  # noqa: N818 - an answer, not a defect
    """Something does not; the text says what."""


# --- The tree


def leaf_hash(entry: dict[str, Any], nonce: str) -> bytes:
    """The hash of an entry."""
    told = {**entry, "nonce": nonce}
    form = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return sha256(b"\x00" + form.encode()).digest()


def head_from_inclusion(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """The head of a tree of *size* that has *leaf* at *index*."""
    if not 0 <= index < size:
        raise DoesNotHold(f"there is no leaf {index} in a log of {size}")
    found = leaf
    for beside, is_left in _sides(index, size - 1, proof):
        found = _node(beside, found) if is_left else _node(found, beside)
    return found


def heads_from_consistency(
    earlier: int, size: int, proof: list[bytes], earlier_head: bytes
) -> tuple[bytes, bytes]:
    """The heads of the earlier and of the later tree, if the later one begins with the earlier."""
    if not 1 <= earlier <= size:
        raise DoesNotHold(f"a log of {earlier} is no beginning of one of {size}")
    if earlier == size:
        if proof:
            raise DoesNotHold("the proof is too long")
        return earlier_head, earlier_head
    steps = ([] if earlier & (earlier - 1) else [earlier_head]) + proof
    if not steps:
        raise DoesNotHold("the proof is too short")
    number, last = earlier - 1, size - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    before = after = steps[0]
    for beside, is_left in _sides(number, last, steps[1:]):
        if is_left:
            before, after = _node(beside, before), _node(beside, after)
        else:
            after = _node(after, beside)
    return before, after


def _sides(number: int, last: int, proof: list[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each hash of a proof, upwards, and whether it stands to the left."""
    for beside in proof:
        if last == 0:
            raise DoesNotHold("the proof is too long")
        is_left = bool(number & 1) or number == last
        yield beside, is_left
        while is_left and not number & 1 and number:
            number, last = number >> 1, last >> 1
        number, last = number >> 1, last >> 1
    if last:
        raise DoesNotHold("the proof is too short")


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


# --- Ed25519, checking only

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)


def is_signed(key: bytes, text: bytes, signature: bytes) -> bool:
    """Whether the holder of the private half of *key* signed *text*."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, committed = _point(key), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or committed is None or scalar >= _ORDER:
        return False
    digest = sha512(signature[:32] + key + text).digest()
    challenge = int.from_bytes(digest, "little") % _ORDER
    left = _times(scalar, _BASE)
    right = _plus(committed, _times(challenge, public))
    return _same(left, right)


_Point = tuple[int, int, int, int]


def _point(told: bytes) -> _Point | None:
    y = int.from_bytes(told, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= _P:
        return None
    x = _root_of((y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P)
    if x is None or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


def _root_of(square: int) -> int | None:
    x = pow(square, (_P + 3) // 8, _P)
    if x * x % _P != square:
        x = x * _ROOT % _P
    return x if x * x % _P == square else None


def _plus(one: _Point, other: _Point) -> _Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar: int, point: _Point) -> _Point:
    found = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            found = _plus(found, point)
        point, scalar = _plus(point, point), scalar >> 1
    return found


def _same(one: _Point, other: _Point) -> bool:
    return (one[0] * other[2] - other[0] * one[2]) % _P == 0 and (
        one[1] * other[2] - other[1] * one[2]
    ) % _P == 0


_Y = 4 * pow(5, _P - 2, _P) % _P
_BASE = _point(_Y.to_bytes(32, "little")) or (0, 1, 1, 0)


# --- Checkpoints


@dataclass(frozen=True)
class Checkpoint:
    """A head that was signed: at which size, and what it was."""

    size: int
    head: bytes


def read_checkpoint(note: str, key: str) -> Checkpoint:
    """A checkpoint whose signature by *key* holds."""
    name, fingerprint, public = _read_key(key)
    text, gap, signatures = note.partition("\n\n")
    lines = text.split("\n")
    if not gap or len(lines) < 3:
        raise DoesNotHold("that is no checkpoint")
    if lines[0] != name:
        raise DoesNotHold("the checkpoint is of another log than the key")
    for line in signatures.splitlines():
        dash, _, rest = line.partition(" ")
        signer, _, told = rest.rpartition(" ")
        signature = _base64(told)
        if (dash, signer, signature[:4]) == ("—", name, fingerprint):
            if is_signed(public, (text + "\n").encode(), signature[4:]):
                return Checkpoint(_size(lines[1]), _hash(lines[2]))
            raise DoesNotHold("the checkpoint's signature does not hold")
    raise DoesNotHold("the checkpoint is not signed by this key")


def _read_key(key: str) -> tuple[str, bytes, bytes]:
    parts = key.strip().split("+", 2)
    if len(parts) != 3:
        raise DoesNotHold("that is no verifier key")
    name, told = parts[0], _base64(parts[2])
    fingerprint = sha256(name.encode() + b"\n" + told).digest()[:4]
    if told[:1] != b"\x01" or len(told) != 33 or fingerprint.hex() != parts[1]:
        raise DoesNotHold("that is no verifier key")
    return name, fingerprint, told[1:]


def _size(told: str) -> int:
    if not (told.isascii() and told.isdigit() and str(int(told)) == told):
        raise DoesNotHold("the checkpoint has no size")
    return int(told)


def _hash(told: str) -> bytes:
    found = _base64(told)
    if len(found) != 32:
        raise DoesNotHold("a hash has 32 bytes")
    return found


def _base64(told: str) -> bytes:
    try:
        return b64decode(told, validate=True)
    except (Base64Error, ValueError):
        raise DoesNotHold("that is no base64") from None


# --- An extract


def verify(extract: dict[str, Any], key: str | None, before: list[str]) -> list[str]:
    """What was shown, line by line.

    Args:
        extract: As it was read.
        key: The log's verifier key; the extract's own if None.
        before: Earlier checkpoints that somebody else kept.
    """
    signed_by = extract["key"] if key is None else key
    now = read_checkpoint(extract["checkpoint"], signed_by)
    seen = set()
    for one in extract["entries"]:
        leaf = leaf_hash(one["entry"], one["nonce"])
        proof = [_hash(each) for each in one["proof"]]
        if head_from_inclusion(leaf, one["index"], now.size, proof) != now.head:
            raise DoesNotHold(f"entry {one['index']} was not in the log when its head was signed")
        seen.add(one["index"])
    if len(seen) != len(extract["entries"]):
        raise DoesNotHold("an entry is told twice")
    proofs = {told["size"]: [_hash(each) for each in told["proof"]] for told in extract["earlier"]}
    known = [read_checkpoint(note, signed_by) for note in before]
    largest = max((then.size for then in known), default=0)
    if largest > now.size:
        raise DoesNotHold(
            f"the log was cut: somebody was shown {largest} entries, and it has {now.size}"
        )
    for then in known:
        _begins_with(then, now, proofs)
    shown = [f"{len(seen)} entries are in the log of {now.size} whose head was signed."]
    shown += [f"That log begins with the one of {len(before)} earlier checkpoints."] * bool(before)
    if key is None:
        shown.append("Who signed it is not shown: the key is the extract's own. Use --key.")
    return shown


def _begins_with(then: Checkpoint, now: Checkpoint, proofs: dict[int, list[bytes]]) -> None:
    if then.size not in proofs and then.size != now.size:
        raise DoesNotHold(f"the extract has no proof for the checkpoint of {then.size}")
    found = heads_from_consistency(then.size, now.size, proofs.get(then.size, []), then.head)
    if found != (then.head, now.head):
        raise DoesNotHold(f"the log does not begin with the one of {then.size} that was shown")


def main(words: list[str] | None = None) -> int:
    """Check, and say so."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    asked.add_argument("extract", type=Path)
    asked.add_argument("--key", help="the log's verifier key, from somebody else")
    asked.add_argument("--checkpoint", type=Path, nargs="*", default=[], help="kept before")
    told = asked.parse_args(words)
    try:
        extract = json.loads(told.extract.read_text(encoding="utf-8"))
        before = [one.read_text(encoding="utf-8") for one in told.checkpoint]
        lines = verify(extract, told.key, before)
    except DoesNotHold as flaw:
        sys.stdout.write(f"DOES NOT HOLD: {flaw}.\n")
        return 1
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = type(error).__name__
        sys.stdout.write(f"This cannot be read as an extract of the log ({why}).\n")
        return 2
    sys.stdout.write("\n".join([*lines, ""]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
