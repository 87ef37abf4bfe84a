"""Released figures as the API tells them: each count with its mark, each share with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from api.statistics.names import NOBODY, name_of
from api.statistics.schemas import Said
from nyefamilier.uptake.questions import CITY
from nyefamilier.uptake.shares import Ratio, reading
from nyefamilier.uptake.sheets import AREA, Shown
from nyefamilier.uptake.statistics import Described, Listed, Released, Statistics, described
from nyefamilier.uptake.tabulations import By, Tabulation

_AREAS: Final = {By.BYDEL: [CITY, "bydel"], By.TERTIAL: ["bydel"]}


def told_index(found: Sequence[Listed]) -> dict[str, Any]:
    """Every tabulation, what it splits into, and which years there are."""
    return {"items": [_listed(one) for one in found]}


def told(found: Statistics) -> dict[str, Any]:
    """One tabulation of some years."""
    sheets = [_sheet(found, one) for one in found.sheets]
    return _tabulation(found.tabulation, found.described, found.columns) | {
        "area": found.area,
        "first_year": sheets[0]["year"],
        "last_year": sheets[-1]["year"],
        "as_of": None,
        "sheets": sheets,
        "behind": [asdict(one) for one in found.sheets[-1].sheet.behind],
    }


def _listed(one: Listed) -> dict[str, Any]:
    codes = [column.code for column in one.tabulation.columns]
    return _tabulation(one.tabulation, described(one.tabulation), codes) | {
        "address": f"/api/v1/statistics/{one.tabulation.id}",
        "areas": _AREAS.get(one.tabulation.by, [CITY]),
        "years": list(one.years),
        "released": one.released,
    }


def _tabulation(
    tabulation: Tabulation, described: Described, columns: Sequence[str]
) -> dict[str, Any]:
    name = name_of(tabulation.id)
    return {
        "tabulation": tabulation.id,
        "name_nb": name.nb,
        "name_en": name.en,
        "clock": tabulation.clock,
        "by": tabulation.by,
        "columns": [
            {
                "code": one.code,
                "part_of": one.of,
                "split": one.split,
                "indicator": described.counts.get(one.code),
                "definition": _definition(described.counts.get(one.code)),
            }
            for one in tabulation.columns
            if one.code in columns
        ],
        "shares": [
            {
                "indicator": indicator,
                "definition": _definition(indicator),
                "numerator": list(ratio.part),
                "denominator": list(ratio.whole),
            }
            for indicator, ratio in described.shares.items()
        ],
    }


def _definition(indicator: str | None) -> str | None:
    return None if indicator is None else f"/api/v1/indicators/{indicator}"


def _sheet(found: Statistics, released: Released) -> dict[str, Any]:
    sheet = released.sheet
    lines = [_line(found, code, line) for code, line in sorted(sheet.lines.items()) if code != AREA]
    return {
        "year": sheet.year,
        "revision": sheet.revision,
        "released": sheet.released,
        "revisions": [asdict(one) for one in released.revisions],
        "lines": lines,
        "total": _line(found, None, sheet.lines.get(AREA, {})),
    }


def _line(found: Statistics, code: str | None, line: Mapping[str, Shown]) -> dict[str, Any]:
    is_empty = line.get(found.tabulation.root, Shown(0)).value == 0
    return {
        "code": code,
        "name": {str(number): name for number, name in found.names.items()}.get(code or ""),
        "is_empty": is_empty,
        "remark": NOBODY[found.tabulation.clock] if is_empty else None,
        "counts": {column: _cell(line.get(column, Shown(0))) for column in found.columns},
        "shares": {one: _share(line, ratio) for one, ratio in found.described.shares.items()},
    }


def _cell(count: Shown) -> dict[str, Any]:
    return {
        "value": count.value,
        "is_hidden": count.value is None,
        "held_since": count.held_since,
    }


def _share(line: Mapping[str, Shown], ratio: Ratio) -> dict[str, Any]:
    read = reading(line, ratio)
    said = Said.NOBODY if read.is_empty else Said.HIDDEN if read.share is None else Said.SHOWN
    share = {"value": None, "low": None, "high": None} if read.share is None else asdict(read.share)
    return {
        **share,
        "said": said,
        "numerator": _cell(read.part),
        "denominator": _cell(read.whole),
    }
