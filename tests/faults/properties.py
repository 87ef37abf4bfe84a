"""The table of the protocol's properties: each by its name, with its checker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from tests.faults import checks, phone_checks
from tests.faults.evidence import Evidence, Violation

Checker = Callable[[Evidence], Iterator[Violation]]

PROPERTIES: Final[dict[str, Checker]] = {
    "P1": checks.nothing_is_lost,
    "P2": checks.nothing_happens_twice,
    "P3": phone_checks.phones_agree,
    "P4": phone_checks.nothing_stays_behind,
    "P5": phone_checks.reads_only_grow,
    "P6": phone_checks.own_writes_show,
    "P7": checks.nothing_is_overwritten,
    "P8": checks.effects_are_in_order,
    "P9": checks.all_or_nothing,
    "P10": checks.notes_only_grow,
    "P11": phone_checks.outboxes_drain,
    "P12": phone_checks.revoked_get_nothing,
    "A1": phone_checks.alarms_are_true,
    "C1": phone_checks.pulls_cost_what_changed,
}


def violations(seen: Evidence) -> list[Violation]:
    """Every violation of every property."""
    return [found for check in PROPERTIES.values() for found in check(seen)]
