"""How much one request may hold. Each limit is enforced before any work is done."""

from __future__ import annotations

from typing import Final

NAME_CHARS: Final = 200
NATIONAL_ID_CHARS: Final = 20
"""Eleven or twelve digits, and the spaces and hyphens that people write between them."""
PHONE_CHARS: Final = 32
LANGUAGE_CHARS: Final = 64
ADDRESS_CHARS: Final = 300
DIRECTIONS_CHARS: Final = 1_000
HANDOVER_CHARS: Final = 4_000
REASON_CHARS: Final = 2_000
AGREED_CHARS: Final = 2_000
CODE_CHARS: Final = 64
"""A visit's kind, say: a code of a protocol."""

MEMBERS: Final = 12
CHILDREN: Final = 6
"""More children of one birth than have ever lived are a mistake."""
EXPECTED_CHILDREN: Final = 6
PRESENT: Final = 9
THEMES: Final = 12
