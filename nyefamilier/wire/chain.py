"""How phone and server prove that they mean the same history, and hold the same rows.

Each revision of a family is a link in a chain of hashes; two histories that differ anywhere differ
in every hash after it. A chain cannot see a row that a phone lost after it was verified, so the
rows of a family are summed up as well: the exclusive or of a short hash of each row's kind, id and
revision, which a writer keeps up to date without reading the other rows.

Sources: the chain is a plain hash list (RFC 6962 calls its sibling a Merkle tree); the checksum is
XHASH of Bellare and Micciancio, EUROCRYPT 1997. It detects accidents, not attackers.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Final
from uuid import UUID

ORIGIN: Final = bytes(32)
"""The chain of a family at revision 0, before anything was written."""

_CHAIN: Final = b"nyefamilier-chain/1"
_LINK: Final = b"nyefamilier-link/1"
_ROW: Final = b"nyefamilier-row/1"
_HAVE: Final = b"nyefamilier-have/1"


def link(mutation_id: UUID, sealed_request: bytes) -> bytes:
    """What one revision adds to the chain: 32 bytes that name a mutation and commit to its content.

    The sealed bytes stand for the content, so that nobody can check a guess against the link.
    """
    return sha256(_LINK + mutation_id.bytes + sha256(sealed_request).digest()).digest()


def after(chain: bytes, rev: int, a_link: bytes) -> bytes:
    """The chain at *rev*, which *a_link* makes, from the chain at the revision before."""
    return sha256(_CHAIN + chain + rev.to_bytes(8) + a_link).digest()


def chain_of(links: Iterable[bytes]) -> bytes:
    """The chain of a history that is told from its first revision on."""
    chain = ORIGIN
    for rev, one in enumerate(links, 1):
        chain = after(chain, rev, one)
    return chain


def row_mark(kind: str, record_id: UUID, rev: int) -> int:
    """A row's part in its family's checksum: 53 bits, which every reader of JSON reads exactly."""
    digest = sha256(_ROW + kind.encode() + b"\0" + record_id.bytes + rev.to_bytes(8)).digest()
    return int.from_bytes(digest[:7]) >> 3


def checksum(rows: Iterable[tuple[str, UUID, int]]) -> int:
    """The checksum of a family's rows, each told by kind, id and revision; 0 for none."""
    total = 0
    for kind, record_id, rev in rows:
        total ^= row_mark(kind, record_id, rev)
    return total


def have_hash(families: Iterable[tuple[UUID, int, bytes]]) -> str:
    """What stands for all that a phone holds: each family with its revision and chain.

    Returns:
        32 characters of hexadecimal.
    """
    told = sorted(family.bytes + rev.to_bytes(8) + chain for family, rev, chain in families)
    return sha256(_HAVE + b"".join(told)).hexdigest()[:32]
