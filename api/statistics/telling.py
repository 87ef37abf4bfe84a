"""Released figures as the API tells them: each count with its mark, each share with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from api.statistics.names import NOBODY, name_of
from api.statistics.schemas import Said, SaidOfEstimate
from nyefamilier.uptake.estimating import Estimate, reach
from nyefamilier.uptake.questions import CITY
from nyefamilier.uptake.shares import Ratio, reading, total
from nyefamilier.uptake.sheets import AREA, Shown
from nyefamilier.uptake.statistics import (
    Described,
    Listed,
    OfEstimate,
    Released,
    Statistics,
    described,
)
from nyefamilier.uptake.tabulations import By, Tabulation

_NOTHING: Final = {"value": None, "low": None, "high": None}
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
        "estimates": [
            {
                "indicator": one.id,
                "definition": _definition(one.id),
                "is_estimate": True,
                "source": one.source,
            }
            for one in described.estimates
        ],
        "shares_of_estimates": [
            {
                "indicator": indicator,
                "definition": _definition(indicator),
                "numerator": list(one.part),
                "denominator": one.whole,
            }
            for indicator, one in described.of_estimates.items()
        ],
    }


def _definition(indicator: str | None) -> str | None:
    return None if indicator is None else f"/api/v1/indicators/{indicator}"


def _sheet(found: Statistics, released: Released) -> dict[str, Any]:
    sheet = released.sheet
    lines = [
        _line(found, code, line) | _estimated(found, released, code)
        for code, line in sorted(sheet.lines.items())
        if code != AREA
    ]
    return {
        "year": sheet.year,
        "revision": sheet.revision,
        "released": sheet.released,
        "revisions": [asdict(one) for one in released.revisions],
        "lines": lines,
        "total": _line(found, None, sheet.lines.get(AREA, {})) | _estimated(found, released, AREA),
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


def _estimated(found: Statistics, released: Released, code: str) -> dict[str, Any]:
    """What is estimated of a line, and what was counted by it."""
    whole = released.estimated(code) if found.described.estimates else None
    told = None if whole is None else asdict(whole)
    return {
        "estimates": {one.id: told for one in found.described.estimates},
        "shares_of_estimates": {
            name: _of_estimate(found, released, code, one)
            for name, one in found.described.of_estimates.items()
        },
    }


def _of_estimate(
    found: Statistics, released: Released, code: str, of: OfEstimate
) -> dict[str, Any]:
    line = released.sheet.lines.get(code, {})
    part, whole = total(line, of.part), released.estimated(code)
    share = reach(part.value, whole)
    is_empty = line.get(found.tabulation.root, Shown(0)).value == 0
    said = _why_not(released, whole, is_empty=is_empty) or (
        SaidOfEstimate.HIDDEN if share is None else SaidOfEstimate.SHOWN
    )
    told = asdict(share) if share is not None and said is SaidOfEstimate.SHOWN else _NOTHING
    return {"said": said, **told, "numerator": _cell(part)}


def _why_not(
    released: Released, whole: Estimate | None, *, is_empty: bool
) -> SaidOfEstimate | None:
    """Why there is no share of the estimate, whatever was counted."""
    if is_empty:
        return SaidOfEstimate.NOBODY
    if released.is_under_way:
        return SaidOfEstimate.YEAR_UNDER_WAY
    return SaidOfEstimate.NO_ESTIMATE if whole is None else None


def _cell(count: Shown) -> dict[str, Any]:
    return {
        "value": count.value,
        "is_hidden": count.value is None,
        "held_since": count.held_since,
    }


def _share(line: Mapping[str, Shown], ratio: Ratio) -> dict[str, Any]:
    read = reading(line, ratio)
    said = Said.NOBODY if read.is_empty else Said.HIDDEN if read.share is None else Said.SHOWN
    share = _NOTHING if read.share is None else asdict(read.share)
    return {
        **share,
        "said": said,
        "numerator": _cell(read.part),
        "denominator": _cell(read.whole),
    }
