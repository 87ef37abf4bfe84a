"""What happened in one simulated world, event by event; it goes to a file as JSON lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec


@dataclass
class History:
    """Events in order, each with the number of the script's step in which it happened."""

    events: list[dict[str, Any]] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    step: int = 0

    def tell(self, what: str, **more: Any) -> None:
        """Write an event down."""
        self.events.append({"step": self.step, "what": what, **more})

    def fault(self, kind: str, **more: Any) -> None:
        """Write a fault down, and count it."""
        self.faults[kind] += 1
        self.tell("fault", kind=kind, **more)

    def of(self, what: str) -> Iterator[dict[str, Any]]:
        """The events of one sort."""
        return (event for event in self.events if event["what"] == what)

    def save(self, path: Path) -> None:
        """Write the events to *path*, one JSON object a line."""
        path.write_bytes(b"".join(msgspec.json.encode(event) + b"\n" for event in self.events))
