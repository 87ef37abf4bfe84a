"""Passwords: hashed by Argon2id, never stored, compared in constant time.

Sources: RFC 9106; OWASP Password Storage Cheat Sheet (19 MiB, 2 passes, 1 lane);
NIST SP 800-63B section 3.1.1 (length, normalisation, no rules of composition).
"""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from nyefamilier.kernel.errors import RuleBroken

SHORTEST, LONGEST = 12, 128
LOCKED = "!"
"""Stands in the place of a hash where nobody has set a password: no password has this hash."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def hash_password(password: str) -> str:
    """The password's hash, in Argon2's own text format with its parameters.

    Raises:
        RuleBroken: it is shorter or longer than we take.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise RuleBroken(
            "password-length",
            f"A password has {SHORTEST} to {LONGEST} characters; four ordinary words do well.",
            pointer="/password",
        )
    return _HASHER.hash(_normalised(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one that was hashed; as slow when there is no hash at all."""
    try:
        _HASHER.verify(password_hash or _nobodys_hash(), _normalised(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def random_password() -> str:
    """Four groups of five characters that are not mistaken for one another: 99 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))


def _normalised(password: str) -> bytes:
    # One keyboard sends å as one code point, another as two.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
