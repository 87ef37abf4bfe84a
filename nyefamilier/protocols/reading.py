"""Reads protocols and bydel additions from TOML, and finds those that ship with the package."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import resources
from typing import TypeVar

from nyefamilier.kernel import toml
from nyefamilier.kernel.toml import Section
from nyefamilier.protocols.protocol import Addition, Anchor, Protocol, ProtocolVisit, VisitRole

Read = TypeVar("Read")

_KIND = re.compile(r"[a-z][a-z0-9_]{2,59}\Z")
_COUNTS = frozenset({"programvisit", "konsultasjon_1", "kostra_10_dager", "kostra_14_dager"})
_PROTOCOL = {"programme", "version", "valid_from", "name", "source"}
_PROTOCOL_OPTIONAL = {"eligible", "most_visits", "visit", "rhythm", "note"}
_ADDITION = {"bydel", "programme", "source"}
_ADDITION_OPTIONAL = {"visit", "rhythm", "note"}
_COMMON = {"kind", "name", "anchor", "counts_as", "source"}
_COMMON_OPTIONAL = {"ends_at_birth", "who", "form", "note"}
_VISIT = _COMMON | {"opens", "ideal", "closes", "role"}
_VISIT_OPTIONAL = _COMMON_OPTIONAL | {"after_homecoming", "vaccines"}
_RHYTHM = _COMMON | {"first", "last", "every", "slack"}


def read_protocol(text: str, where: str = "the protocol") -> Protocol:
    """Read one version of one programme's protocol.

    Raises:
        Unreadable: it is not TOML, a word is missing or not known, a value is of the wrong kind, a
            visit is there twice, or a window closes before it opens.
    """
    section = toml.parse(text, where)
    section.require(_PROTOCOL, _PROTOCOL_OPTIONAL)
    return Protocol(
        programme=section.text("programme"),
        version=section.text("version"),
        valid_from=section.day("valid_from"),
        name_nb=section.section("name").text("nb"),
        name_en=section.section("name").text("en"),
        eligible=section.texts("eligible"),
        source=section.text("source"),
        visits=_visits(section),
        most_visits=section.whole("most_visits") if "most_visits" in section.values else None,
    )


def read_addition(text: str, where: str = "the addition") -> Addition:
    """Read what a bydel adds. There is no word for taking away, so a file that tries is refused.

    Raises:
        Unreadable: as `read_protocol`; or a visit's kind does not begin with the bydel's own
            ``bNN_``, which keeps it apart from any future visit of the core.
    """
    section = toml.parse(text, where)
    section.require(_ADDITION, _ADDITION_OPTIONAL)
    prefix = f"b{section.text('bydel')}_"
    visits = _visits(section)
    for visit in visits:
        if not visit.kind.startswith(prefix):
            raise section.unreadable(f"{visit.kind}: the kind of an addition begins with {prefix}")
    return Addition(section.text("bydel"), section.text("programme"), visits)


def packaged_protocols() -> tuple[Protocol, ...]:
    """Every protocol that ships with the package.

    Raises:
        Unreadable: a file in the package is broken.
    """
    return tuple(_packaged("data", read_protocol))


def packaged_additions() -> tuple[Addition, ...]:
    """Every bydel addition that ships with the package.

    Raises:
        Unreadable: a file in the package is broken.
    """
    return tuple(_packaged("data/additions", read_addition))


def _packaged(folder: str, read: Callable[[str, str], Read]) -> Iterator[Read]:
    place = resources.files("nyefamilier.protocols").joinpath(folder)
    for file in sorted(place.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            yield read(file.read_text("utf-8"), file.name)


def _visits(section: Section) -> tuple[ProtocolVisit, ...]:
    visits = [_visit(one) for one in section.sections("visit")]
    visits += [visit for one in section.sections("rhythm") for visit in _rhythm(one)]
    if not visits:
        raise section.unreadable("there is no [[visit]] and no [[rhythm]]")
    kinds = [visit.kind for visit in visits]
    if twice := {kind for kind in kinds if kinds.count(kind) > 1}:
        raise section.unreadable(f"{', '.join(sorted(twice))} is there twice")
    return tuple(visits)


def _visit(section: Section) -> ProtocolVisit:
    section.require(_VISIT, _VISIT_OPTIONAL)
    opens, ideal, closes = map(section.whole, ("opens", "ideal", "closes"))
    visit = _with_window(section, opens, ideal, closes, section.word("role", VisitRole))
    late = "after_homecoming"
    return replace(
        visit,
        after_homecoming=section.whole(late) if late in section.values else None,
        vaccines=section.texts("vaccines"),
    )


def _rhythm(section: Section) -> Iterator[ProtocolVisit]:
    """A visit every so many days: ``first``, ``first + every``, ... to ``last`` itself."""
    section.require(_RHYTHM, _COMMON_OPTIONAL)
    first, last, every, slack = map(section.whole, ("first", "last", "every", "slack"))
    if every < 1 or last < first or slack < 0:
        raise section.unreadable("every is at least 1, last not before first, slack not negative")
    for number, day in enumerate(range(first, last + 1, every), start=1):
        visit = _with_window(section, day - slack, day, day + slack, VisitRole.RHYTHM)
        yield replace(
            visit,
            kind=f"{visit.kind}_{number:02}",
            name_nb=f"{visit.name_nb} {number}",
            name_en=f"{visit.name_en} {number}",
        )


def _with_window(
    section: Section, opens: int, ideal: int, closes: int, role: VisitRole
) -> ProtocolVisit:
    if not opens <= ideal <= closes:
        raise section.unreadable("it opens, is ideal and closes in that order")
    return ProtocolVisit(
        kind=_kind(section),
        name_nb=section.section("name").text("nb"),
        name_en=section.section("name").text("en"),
        anchor=section.word("anchor", Anchor),
        opens=opens,
        ideal=ideal,
        closes=closes,
        role=role,
        counts_as=_counts_as(section),
        source=section.text("source"),
        ends_at_birth=section.flag("ends_at_birth"),
        who=section.texts("who"),
        form=section.text("form") if "form" in section.values else "hjemmebesok",
    )


def _kind(section: Section) -> str:
    kind = section.text("kind")
    if not _KIND.match(kind):
        raise section.unreadable("a kind is 3 to 60 of a-z, 0-9 and _, a letter first")
    return kind


def _counts_as(section: Section) -> tuple[str, ...]:
    counts = section.texts("counts_as")
    if unknown := set(counts) - _COUNTS:
        raise section.unreadable(f"counts_as has unknown {', '.join(sorted(unknown))}")
    return counts
