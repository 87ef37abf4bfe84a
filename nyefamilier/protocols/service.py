"""Finds the protocol that a family follows.

Protocols ship with the package and never change while it runs, so they are read once.
"""

from __future__ import annotations

from datetime import date
from functools import cache

from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.protocols.protocol import Addition, Protocol, with_additions
from nyefamilier.protocols.reading import packaged_additions, packaged_protocols


@cache
def all_protocols() -> tuple[Protocol, ...]:
    """Every version of every programme's protocol, by programme and then by age."""
    found = packaged_protocols()
    return tuple(sorted(found, key=lambda protocol: (protocol.programme, protocol.valid_from)))


def versions(programme: str) -> tuple[Protocol, ...]:
    """The versions of one programme's protocol, oldest first.

    Raises:
        RuleBroken: ``unknown-protocol``.
    """
    found = tuple(protocol for protocol in all_protocols() if protocol.programme == programme)
    if not found:
        known = sorted({protocol.programme for protocol in all_protocols()})
        raise RuleBroken(
            "unknown-protocol", f"There is no such programme; there are {', '.join(known)}."
        )
    return found


def protocol(programme: str, version: str) -> Protocol:
    """One version of a programme's protocol: the city's core.

    Raises:
        RuleBroken: ``unknown-protocol``.
    """
    found = versions(programme)
    for candidate in found:
        if candidate.version == version:
            return candidate
    known = ", ".join(candidate.version for candidate in found)
    raise RuleBroken(
        "unknown-protocol", f"{programme} has no such version; its versions are {known}."
    )


def current(programme: str, on: date) -> Protocol:
    """The version that a family which joins on a day follows from then on.

    Raises:
        RuleBroken: ``unknown-protocol``: no such programme, or it had not begun.
    """
    in_force = [candidate for candidate in versions(programme) if candidate.valid_from <= on]
    if not in_force:
        raise RuleBroken("unknown-protocol", f"{programme} had no protocol yet on {on}.")
    return in_force[-1]


def in_bydel(core: Protocol, bydel: BydelNumber) -> Protocol:
    """A protocol with what one bydel adds to it; the core itself when the bydel adds nothing.

    Raises:
        RuleBroken: ``protocol-addition``: the bydel's file tries to change the core.
    """
    for addition in _additions():
        if (addition.bydel, addition.programme) == (bydel, core.programme):
            core = with_additions(core, addition)
    return core


@cache
def _additions() -> tuple[Addition, ...]:
    return packaged_additions()
