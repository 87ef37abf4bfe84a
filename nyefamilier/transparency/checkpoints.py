"""A checkpoint: which head the log had at which size, signed; and the request to a witness.

Sources: C2SP tlog-checkpoint and signed-note (text and key's fingerprint); C2SP tlog-witness
(`add-checkpoint`).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

_ED25519: Final = b"\x01"
_FINGERPRINT: Final = 4
_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Signer:
    """Whoever signs for the log: its name, its public key (32 bytes), and how it signs."""

    origin: str
    public_key: bytes
    sign: Callable[[bytes], bytes]

    @property
    def verifier_key(self) -> str:
        """What whoever checks has to know beforehand."""
        return verifier_key(self.origin, self.public_key)


def verifier_key(origin: str, public_key: bytes) -> str:
    """A key as whoever checks is told it: ``name+fingerprint+key``."""
    key = b64encode(_ED25519 + public_key).decode()
    return f"{origin}+{_fingerprint(origin, public_key).hex()}+{key}"


def _fingerprint(origin: str, public_key: bytes) -> bytes:
    """By which a signature says whose it is, 4 bytes."""
    told = origin.encode() + b"\n" + _ED25519 + public_key
    return sha256(told).digest()[:_FINGERPRINT]


def checkpoint(signer: Signer, size: int, head: bytes) -> str:
    """The signed note that the log had this head at this size."""
    text = f"{signer.origin}\n{size}\n{b64encode(head).decode()}\n"
    fingerprint = _fingerprint(signer.origin, signer.public_key)
    signature = b64encode(fingerprint + signer.sign(text.encode())).decode()
    return f"{text}\n— {signer.origin} {signature}\n"


def size_of(note: str) -> int:
    """How large the log was; nothing of the note is checked.

    Raises:
        ValueError: it has not the form of a checkpoint.
    """
    lines = note.splitlines()
    if len(lines) < _LINES or not lines[1].isdecimal():
        raise ValueError("that is no checkpoint")
    return int(lines[1])


def witness_request(earlier: int, proof: Sequence[bytes], note: str) -> bytes:
    """What a witness is asked, who has the checkpoint of size *earlier* (0 for none)."""
    lines = [f"old {earlier}", *(b64encode(one).decode() for one in proof), ""]
    return ("\n".join(lines) + "\n" + note).encode()
