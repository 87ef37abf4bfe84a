"""A version of a plan as files: PDF to print, a workbook, JSON, and the document itself."""

from __future__ import annotations

import json
from typing import Final
from uuid import UUID

from flask.typing import ResponseReturnValue

from api.doorway import allow
from api.files.documents import Chapter, Document
from api.files.pdf import pdf_bytes
from api.files.tables import Cell, Column, Kind, Table
from api.files.workbook import xlsx_bytes
from api.web.blueprint import pages
from api.web.downloads import handed_out
from api.web.formats import number as whole
from api.web.language import language
from api.web.rollout.pages import Opened, opened_version
from api.web.rollout.part import Part
from api.web.rollout.parts import parts
from api.web.rollout.words import STATES, assumption_words, source_words, spread_words, value_words
from api.web.texts import _
from nyefamilier.access.exports import Export
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.clock import day_of
from nyefamilier.rollout import service
from nyefamilier.rollout.months import read_month

FILES: Final = (("pdf", "PDF"), ("xlsx", "Excel"), ("json", "JSON"), ("toml", "TOML"))
"""The formats of a version, as links name them."""
_WORDY: Final = (20, 16, 16, 16, 32)
_BANDS: Final = ("p05", "p25", "p50", "p75", "p95")


@pages.get("/plans/<uuid:plan_id>/<int:number>.<any(pdf,xlsx,json,toml):form>")
@allow(Role.PLANNER)
def plan_file(plan_id: UUID, number: int, form: str) -> ResponseReturnValue:
    """A version for the reader to keep. It is written down that she took it."""
    opened = opened_version(plan_id, number)
    years = opened.plan.years
    export = Export("plan", f"{years[0]}-{years[-1]}", None, form)
    return handed_out(_body(opened, form), f"plan-{plan_id}-{number}", export)


def _body(opened: Opened, form: str) -> bytes:
    match form:
        case "pdf":
            return pdf_bytes(_printed(opened))
        case "xlsx":
            labels = _("What"), _("Meaning")
            return xlsx_bytes(_sheets(opened), definitions=_("Definitions"), labels=labels)
        case "json":
            return _json(opened)
        case _:
            return opened.whole.document.encode()


def _json(opened: Opened) -> bytes:
    told = {
        "plan": service.values_of(opened.whole.document),
        "version": opened.version.number,
        "state": opened.version.state.value,
        "model": opened.whole.model,
        "figures": opened.told,
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _printed(opened: Opened) -> Document:
    version = opened.version
    found = parts(opened.plan, opened.told, opened.bydeler, drawing=False)
    return Document(
        title=version.name,
        subtitle=_title(opened),
        language="nb-NO" if language() == "nb" else "en-GB",
        made_of=day_of(version.written.at),
        chapters=[*map(_chapter, found), _assumed(opened)],
        about=(_("What to know of these figures"), about(opened)),
        page=_("Page"),
    )


def _title(opened: Opened) -> str:
    state = STATES[opened.version.state]
    return _("version %(number)s, %(state)s", number=opened.version.number, state=state.lower())


def about(opened: Opened) -> list[tuple[str, str]]:
    """What is to be known of all numbers of a plan."""
    told = opened.told
    return [
        (_("Estimates"), _(
            "All figures are estimates: what the plan's assumptions give in %(draws)s draws, seed "
            "%(seed)s. The bands say how far the assumptions carry, and hold no chance among few "
            "families.", draws=whole(told["draws"]), seed=told["seed"])),
        (_("Model"), opened.whole.model),
        (_("Not to be claimed"), _(
            "Nothing here says that the visits have an effect, or what they save.")),
    ]  # fmt: skip


def _chapter(part: Part) -> Chapter:
    notes = [part.finding, *([part.caption] if part.caption else [])]
    rows = [(line.name, *line.cells) for line in part.lines]
    others = len(part.heads) - 1
    widths = _WORDY if part.is_words else (30, *([70 // others] * others))
    return Chapter(part.title, notes, part.heads, rows, widths, part.is_words)


def _assumed(opened: Opened) -> Chapter:
    rows = [
        (
            assumption_words(name),
            value_words(one),
            spread_words(one),
            source_words(name, one["source"]),
        )
        for name, one in opened.told["assumptions"].items()
    ]
    heads = [_("Assumption"), _("Value"), _("How it may differ"), _("Source")]
    return Chapter(_("What the plan assumes"), [], heads, rows, (26, 16, 22, 36), is_words=True)


def _sheets(opened: Opened) -> list[Table]:
    """A sheet for each part, one of every bydel and month, and one of the assumptions."""
    found = parts(opened.plan, opened.told, opened.bydeler, drawing=False)
    known = about(opened)
    made = [
        Table(
            part.code,
            f"{opened.version.name}: {part.title}",
            [Column(f"c{place}", head) for place, head in enumerate(part.heads)],
            [[line.name, *line.cells] for line in part.lines],
            known,
        )
        for part in found
    ]
    assumed = _assumed(opened)
    columns = [Column(f"c{place}", head) for place, head in enumerate(assumed.header)]
    rows = [list[Cell](row) for row in assumed.rows]
    return [*made, _monthly(opened), Table("assumptions", assumed.title, columns, rows)]


def _monthly(opened: Opened) -> Table:
    first = read_month(opened.told["first_month"])
    number = Kind.WHOLE
    columns = [
        Column("bydel", _("Bydel")),
        Column("month", _("Month")),
        Column("active", _("Families followed"), number),
        Column("admitted", _("Families taken on"), number),
        Column("waiting", _("Families waiting"), number),
        Column("visits", _("Visits"), number),
        Column("there", _("Årsverk there"), number),
        *(Column(band, f"{_('Årsverk needed')}, {band}", number) for band in _BANDS),
    ]
    rows = [
        [
            opened.bydeler.get(one["bydel"], one["bydel"]),
            str(first + at),
            *(one[name][at] for name in ("active", "admitted", "waiting", "visits")),
            one["arsverk_there"][at],
            *(one["arsverk_needed"][band][at] for band in _BANDS),
        ]
        for one in opened.told["bydeler"]
        for at in range(opened.told["months"])
    ]
    return Table("months", _("Every bydel and month"), columns, rows)
