"""Guard cells against spreadsheets that would run them as formulas, and take the guard off. Pure.

Sources: OWASP, "CSV Injection".
"""

from __future__ import annotations

import re
from typing import Final

_RISKY: Final = re.compile(r"'*[=+\-@\t\r]")
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r]")


def guarded(cell: str) -> str:
    """The cell with an apostrophe in front where a spreadsheet might run it, or might be fooled.

    A cell that has such an apostrophe already gets another, so that `unguarded` gives back exactly
    what was given.
    """
    return f"'{cell}" if _RISKY.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell without the apostrophe that `guarded` put there."""
    return cell[1:] if _GUARDED.match(cell) else cell
