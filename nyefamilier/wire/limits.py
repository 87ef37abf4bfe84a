"""How much one sync request may hold. Each limit is enforced before any work is done."""

from __future__ import annotations

from typing import Final

MUTATIONS: Final = 100
"""Mutations in one push."""
MUTATION_BYTES: Final = 256 * 1024
VOIDED: Final = 10_000
"""Seqs that one ``seq.void`` may give up."""
PUSH_BYTES: Final = 1024 * 1024
"""A push, unpacked."""
UNPACKED_TO_PACKED: Final = 30
"""How many times larger than what travelled an unpacked body may be."""
OPERATIONS: Final = 40
"""Operations in one mutation."""
DEPTH: Final = 32
"""How deep the JSON of a body may be nested."""
FAMILIES: Final = 500
"""Families that a phone may say it has."""
REQUEST_BYTES: Final = 256 * 1024
"""A pull or receipts, unpacked."""
PULL_BYTES: Final = 2 * 1024 * 1024
"""The most that a phone may ask for in one answer; the server stops between families' parts."""
PULL_BYTES_USUAL: Final = 512 * 1024
PART_BYTES: Final = 128 * 1024
"""A part of a family's snapshot. A phone that asks for less in one answer is asked to take it."""
ESCROW_BYTES: Final = 512 * 1024
"""One sealed mutation in escrow."""
RECEIPTS: Final = 500
DEVICE_NAME_CHARS: Final = 60
"""What a nurse calls her phone."""
DEVICES: Final = 20
"""Phones that one nurse may have in use at a time; far more than anybody carries."""
PUBLIC_KEY_BYTES: Final = 91
"""A public key on P-256, as SubjectPublicKeyInfo in DER, with its point uncompressed."""
DIGEST_BYTES: Final = 32
"""SHA-256 of a token."""
ESCROWED: Final = 20
"""Mutations in one escrow request."""
ESCROW_REQUEST_BYTES: Final = 1024 * 1024
HANDED_OVER: Final = 20_000
"""Mutations that one wipe receipt names; a year of a busy nurse's."""
ESCROW_KEY_ID_CHARS: Final = 36
