"""How a test tells what it measured, so that one command can print all of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

PROPERTY = "sealing"


@dataclass(frozen=True)
class Figure:
    """One line of the table; ``number`` is that of the list of figures to reach."""

    number: int
    what: str
    got: str
    asked: str = ""


def tell(record_property: Callable[[str, object], None], figure: Figure) -> None:
    """Keep *figure* with the test's report. It is told before it is asserted: a red one shows."""
    record_property(PROPERTY, asdict(figure))
