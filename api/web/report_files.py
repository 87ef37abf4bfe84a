"""A report as files: a table with a row for each figure, and a document to print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.files.documents import Chapter, Document
from api.files.tables import Cell, Column, Kind, Table
from api.web.formats import day
from api.web.language import language
from api.web.quality.sections import Section as PageSection
from api.web.report_charts import pictures
from api.web.report_words import (
    about,
    figure_words,
    period_words,
    section_title,
    section_words,
)
from api.web.texts import _
from nyefamilier.uptake.reporting import Figure, Report, Section


def report_table(report: Report, bydel: str) -> Table:
    """The report as a table: a row for each figure, hidden cells empty."""
    rows = [
        _row(report, section, figure) for section in report.sections for figure in section.figures
    ]
    title = f"{bydel}, {period_words(report.period)}"
    return Table(
        file_name(report), title, _columns(), rows, [(_("Report"), title), *about(report, bydel)]
    )


def report_document(
    report: Report, bydel: str, charts: Mapping[str, Sequence[PageSection]]
) -> Document:
    """The report as a document to print; *charts* are the pages' sections, by its own."""
    first, last = day(report.period.first_day), day(report.period.last_day)
    released = _("As released on %(day)s.", day=day(report.released))
    heads = [_("What"), _("Number"), _("Of"), _("Share"), _("95 %% interval") % ()]
    return Document(
        title=f"Nye familier, {bydel}",
        subtitle=f"{period_words(report.period)}, {first} – {last}. {released}",
        language="nb-NO" if language() == "nb" else "en-GB",
        made_of=report.released,
        chapters=[
            Chapter(
                one.title,
                [one.note, *one.more],
                heads,
                [(it.what, it.part, it.whole, it.share, it.interval) for it in one.lines],
                pictures=pictures(charts.get(one.code, ())),
            )
            for one in section_words(report)
        ],
        about=(_("What to know of these figures"), about(report, bydel)),
        page=_("Page"),
    )


def file_name(report: Report) -> str:
    """``report-11-2025-t1``."""
    return f"report-{report.place}-{report.period}"


def _columns() -> list[Column]:
    return [
        Column("bydel", "bydel"),
        Column("period", _("Period"), means=_("The year or tertial that the row is of.")),
        Column("section", _("Section")),
        Column("figure", "figure", means=_("The figure's name, the same in every language.")),
        Column("name", _("What")),
        Column("numerator", _("Numerator"), Kind.WHOLE, _("The count. Empty: hidden.")),
        Column("denominator", _("Denominator"), Kind.WHOLE, _("What it is a share of.")),
        Column("share", _("Share"), Kind.SHARE, _("Numerator by denominator.")),
        Column("low", _("Interval, from"), Kind.SHARE,
               _("Wilson's 95 %% interval, low; of an estimate, its own range.") % ()),
        Column("high", _("Interval, to"), Kind.SHARE,
               _("Wilson's 95 %% interval, high; of an estimate, its own range.") % ()),
        Column("held_since", _("Held since"), Kind.DAY,
               _("The earlier release that the counts still show; empty for this one.")),
        Column("released", _("Released"), Kind.DAY, _("The day of the release.")),
    ]  # fmt: skip


def _row(report: Report, section: Section, figure: Figure) -> list[Cell]:
    found = figure.reading
    share = found.share
    held = [one.held_since for one in (found.part, found.whole) if one.held_since is not None]
    return [
        report.place,
        str(report.period.year) if section.is_whole_year else str(report.period),
        section_title(section.code),
        figure.code,
        figure_words(figure.code),
        found.part.value,
        None if figure.is_count else found.whole.value,
        *(
            (None, None, None)
            if figure.is_count or share is None
            else (share.value, share.low, share.high)
        ),
        min(held, default=None),
        report.released,
    ]
