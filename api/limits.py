"""How much one request may hold. Each limit is enforced before any work is done."""

from __future__ import annotations

from typing import Final

CODE_CHARS: Final = 64
"""A visit's kind, say: a code of a protocol."""

MEMBERS: Final = 12
PRESENT: Final = 9
THEMES: Final = 12
