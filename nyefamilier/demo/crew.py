"""Who works in the demonstration city: nurses and a lead in every administered bydel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nyefamilier.demo.cohorts import UNADMINISTERED
from nyefamilier.kernel.actors import Actor
from nyefamilier.kernel.ids import BydelNumber


@dataclass(frozen=True, slots=True)
class Crew:
    """The people who act in the stories."""

    nurses: Mapping[BydelNumber, tuple[Actor, ...]]
    leads: Mapping[BydelNumber, Actor]

    def nurse(self, bydel: BydelNumber, seat: int) -> Actor:
        """The nurse in a seat, counted from 1, of the bydel or of the one that serves it."""
        there = self.nurses[UNADMINISTERED.get(bydel, bydel)]
        return there[(seat - 1) % len(there)]

    def lead(self, bydel: BydelNumber) -> Actor:
        """The bydel's lead, or that of the one that serves it."""
        return self.leads[UNADMINISTERED.get(bydel, bydel)]
