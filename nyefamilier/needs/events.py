"""What statistics hear of needs: that there are some, about what, and how far they have come."""

from __future__ import annotations

from dataclasses import dataclass

from nyefamilier.kernel.events import Fact
from nyefamilier.needs.states import NeedStep


@dataclass(frozen=True, slots=True)
class NeedTold(Fact):
    """A need took a step. ``month`` is the one in which it was stated, whichever the step.

    Args:
        theme: What it is about; None where nobody said.
        step: The step. A need takes each once at the most.
    """

    theme: str | None
    step: NeedStep
