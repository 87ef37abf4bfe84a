"""What lies sealed in the inbox: both contents, for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class InboxBody:
    """Both contents, as they travel.

    Args:
        operations: What was sent and not carried out, each as it travels.
        current: What stood when it was judged; None where nothing did.
        proposed: What was sent instead; None where whole operations are held.
        occurred_at: When the nurse says that it was.
        filed: Notes of the same mutation that were filed all the same.
        why: Why it was decided as it was.
    """

    operations: tuple[dict[str, Any], ...] = ()
    current: dict[str, Any] | None = None
    proposed: dict[str, Any] | None = None
    occurred_at: datetime | None = None
    filed: tuple[UUID, ...] = ()
    why: str | None = None

    def __repr__(self) -> str:
        return "<InboxBody>"
