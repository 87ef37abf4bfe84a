"""Reads protocols and bydel additions from TOML, and finds those that ship with the package.

What cannot be read in full is refused in full, with the visit and the word that is wrong.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from importlib import resources
from typing import Any, TypeVar

from nyefamilier.protocols.protocol import Addition, Anchor, Protocol, ProtocolVisit, VisitRole

Read = TypeVar("Read")


class ProtocolUnreadable(ValueError):  # noqa: N818 - a refusal, named for what it says
    """The text is not a protocol; the message says where and why."""


_KIND = re.compile(r"[a-z][a-z0-9_]{2,59}\Z")
_COUNTS = frozenset({"programvisit", "konsultasjon_1", "kostra_10_dager", "kostra_14_dager"})
_PROTOCOL_KEYS = {"programme", "version", "valid_from", "name", "source"}
_PROTOCOL_OPTIONAL = {"eligible", "most_visits", "visit", "rhythm", "note"}
_VISIT_KEYS = {"kind", "name", "anchor", "opens", "ideal", "closes", "role", "counts_as", "source"}
_VISIT_OPTIONAL = {"ends_at_birth", "after_homecoming", "who", "form", "vaccines", "note"}
_RHYTHM_KEYS = {"kind", "name", "anchor", "first", "last", "every", "slack", "counts_as", "source"}
_RHYTHM_OPTIONAL = {"ends_at_birth", "who", "form", "note"}


def read_protocol(text: str) -> Protocol:
    """Read one version of one programme's protocol.

    Raises:
        ProtocolUnreadable: it is not TOML, misses a word, has a word that is not known, or a window
            closes before it opens.
    """
    table = _table(text)
    _require_keys("the protocol", table, _PROTOCOL_KEYS, _PROTOCOL_OPTIONAL)
    most = table.get("most_visits")
    return Protocol(
        programme=_text("the protocol", table, "programme"),
        version=_text("the protocol", table, "version"),
        valid_from=_date("the protocol", table, "valid_from"),
        name_nb=_name("the protocol", table, "nb"),
        name_en=_name("the protocol", table, "en"),
        eligible=_words("the protocol", table, "eligible"),
        source=_text("the protocol", table, "source"),
        visits=_visits(table),
        most_visits=None if most is None else _days("the protocol", table, "most_visits"),
    )


def read_addition(text: str) -> Addition:
    """Read what a bydel adds. There is no word for taking away, so a file that tries is refused.

    Raises:
        ProtocolUnreadable: as `read_protocol`; or a visit's kind does not begin with the bydel's
            own ``bNN_``, which keeps it apart from any future visit of the core.
    """
    table = _table(text)
    _require_keys(
        "the addition", table, {"bydel", "programme", "source"}, {"visit", "rhythm", "note"}
    )
    bydel = _text("the addition", table, "bydel")
    visits = _visits(table)
    for visit in visits:
        if not visit.kind.startswith(f"b{bydel}_"):
            raise ProtocolUnreadable(
                f"visit {visit.kind!r}: an addition's kind begins with b{bydel}_"
            )
    return Addition(bydel, _text("the addition", table, "programme"), visits)


def packaged_protocols() -> tuple[Protocol, ...]:
    """Every protocol that ships with the package.

    Raises:
        ProtocolUnreadable: a file in the package is broken.
    """
    return tuple(_packaged(".", read_protocol))


def packaged_additions() -> tuple[Addition, ...]:
    """Every bydel addition that ships with the package.

    Raises:
        ProtocolUnreadable: a file in the package is broken.
    """
    return tuple(_packaged("additions", read_addition))


def _packaged(folder: str, read: Callable[[str], Read]) -> Iterator[Read]:
    place = resources.files("nyefamilier.protocols") / "data" / folder
    for file in sorted(place.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            try:
                yield read(file.read_text("utf-8"))
            except ProtocolUnreadable as problem:
                raise ProtocolUnreadable(f"{file.name}: {problem}") from problem


def _visits(table: Mapping[str, Any]) -> tuple[ProtocolVisit, ...]:
    visits = tuple(map(_visit, _tables(table, "visit")))
    visits += tuple(visit for rhythm in _tables(table, "rhythm") for visit in _rhythm(rhythm))
    if not visits:
        raise ProtocolUnreadable("there is no [[visit]] and no [[rhythm]]")
    kinds = [visit.kind for visit in visits]
    for kind in kinds:
        if kinds.count(kind) > 1:
            raise ProtocolUnreadable(f"visit {kind!r} is there twice")
    return visits


def _visit(table: Mapping[str, Any]) -> ProtocolVisit:
    where = f"visit {table.get('kind')!r}"
    _require_keys(where, table, _VISIT_KEYS, _VISIT_OPTIONAL)
    after_homecoming = table.get("after_homecoming")
    return _ordered(
        where,
        ProtocolVisit(
            **_common(where, table),
            opens=_days(where, table, "opens"),
            ideal=_days(where, table, "ideal"),
            closes=_days(where, table, "closes"),
            role=_role(where, table),
            after_homecoming=None
            if after_homecoming is None
            else _days(where, table, "after_homecoming"),
            vaccines=_words(where, table, "vaccines"),
        ),
    )


def _rhythm(table: Mapping[str, Any]) -> Iterator[ProtocolVisit]:
    """A visit every so many days: ``first``, ``first + every``, ... to ``last`` itself."""
    where = f"rhythm {table.get('kind')!r}"
    _require_keys(where, table, _RHYTHM_KEYS, _RHYTHM_OPTIONAL)
    first, last, every, slack = (
        _days(where, table, key) for key in ("first", "last", "every", "slack")
    )
    if every < 1 or last < first or slack < 0:
        raise ProtocolUnreadable(f"{where}: it needs every >= 1, last >= first and slack >= 0")
    common = _common(where, table)
    for number, day in enumerate(range(first, last + 1, every), start=1):
        yield ProtocolVisit(
            **common
            | {
                "kind": f"{common['kind']}_{number:02}",
                "name_nb": f"{common['name_nb']} {number}",
                "name_en": f"{common['name_en']} {number}",
            },
            opens=day - slack,
            ideal=day,
            closes=day + slack,
            role=VisitRole.RHYTHM,
        )


def _common(where: str, table: Mapping[str, Any]) -> dict[str, Any]:
    kind = _text(where, table, "kind")
    if not _KIND.match(kind):
        raise ProtocolUnreadable(f"{where}: a kind is 3 to 60 of a-z, 0-9 and _, a letter first")
    counts = _words(where, table, "counts_as")
    if unknown := set(counts) - _COUNTS:
        raise ProtocolUnreadable(f"{where}: counts_as has unknown {sorted(unknown)}")
    return {
        "kind": kind,
        "name_nb": _name(where, table, "nb"),
        "name_en": _name(where, table, "en"),
        "anchor": _anchor(where, table),
        "counts_as": counts,
        "source": _text(where, table, "source"),
        "ends_at_birth": _flag(where, table, "ends_at_birth"),
        "who": _words(where, table, "who"),
        "form": table.get("form", "hjemmebesok"),
    }


def _ordered(where: str, visit: ProtocolVisit) -> ProtocolVisit:
    if not visit.opens <= visit.ideal <= visit.closes:
        raise ProtocolUnreadable(
            f"{where}: a window opens, has its ideal day, and closes, in order"
        )
    return visit


def _table(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ProtocolUnreadable(f"not TOML: {problem}") from problem


def _tables(table: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    found = table.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ProtocolUnreadable(f"{key} is written [[{key}]], once for each")
    return found


def _require_keys(
    where: str, table: Mapping[str, Any], needed: set[str], optional: set[str]
) -> None:
    if missing := needed - table.keys():
        raise ProtocolUnreadable(f"{where}: {sorted(missing)} missing")
    if unknown := table.keys() - needed - optional:
        raise ProtocolUnreadable(f"{where}: {sorted(unknown)} is not a word of a protocol")


def _text(where: str, table: Mapping[str, Any], key: str) -> str:
    value = table[key]
    if not isinstance(value, str) or not value.strip():
        raise ProtocolUnreadable(f"{where}: {key} is a text with words in it")
    return value


def _name(where: str, table: Mapping[str, Any], language: str) -> str:
    names = table["name"]
    if not isinstance(names, dict) or set(names) != {"nb", "en"}:
        raise ProtocolUnreadable(f"{where}: name has nb and en")
    return _text(f"{where}, name", names, language)


def _date(where: str, table: Mapping[str, Any], key: str) -> date:
    value = table[key]
    if type(value) is not date:  # a datetime is a date to isinstance
        raise ProtocolUnreadable(f"{where}: {key} is a day, as 2016-08-01")
    return value


def _days(where: str, table: Mapping[str, Any], key: str) -> int:
    value = table[key]
    if type(value) is not int or abs(value) > 2500:  # a bool is an int to isinstance
        raise ProtocolUnreadable(f"{where}: {key} is a whole number of days")
    return value


def _flag(where: str, table: Mapping[str, Any], key: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise ProtocolUnreadable(f"{where}: {key} is true or false")
    return value


def _words(where: str, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise ProtocolUnreadable(f"{where}: {key} is a list of words")
    return tuple(value)


def _anchor(where: str, table: Mapping[str, Any]) -> Anchor:
    try:
        return Anchor(table["anchor"])
    except ValueError:
        raise ProtocolUnreadable(f"{where}: anchor is one of {[*Anchor]}") from None


def _role(where: str, table: Mapping[str, Any]) -> VisitRole:
    try:
        return VisitRole(table["role"])
    except ValueError:
        raise ProtocolUnreadable(f"{where}: role is one of {[*VisitRole]}") from None
