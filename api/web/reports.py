"""The report of a bydel's year or tertial: a page that prints, and the same as files."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.files.pdf import pdf_bytes
from api.web.asking import refuse_unknown
from api.web.blueprint import pages
from api.web.downloads import handed_out, table_file
from api.web.forms import Form
from api.web.places import bydel_name, bydel_names
from api.web.report_charts import charted
from api.web.report_files import file_name, report_document, report_table
from api.web.report_words import about, period_words, section_words
from api.web.texts import _
from nyefamilier.access.exports import Export
from nyefamilier.kernel.actors import Role
from nyefamilier.storage.work import Work
from nyefamilier.uptake.reporting import OSLO, Part, Report, parsed
from nyefamilier.uptake.reports import periods, report

READERS = (Role.LEAD, Role.PLANNER)
FILES = (("pdf", "PDF"), ("xlsx", "Excel"), ("csv", "CSV"), ("parquet", "Parquet"))
"""The formats of a report, as links name them."""


@pages.get("/reports")
@allow(*READERS)
def reports() -> ResponseReturnValue:
    """Choose a bydel and a period that is over; to the report, when both are chosen."""
    form = Form()
    with work() as current:
        names = bydel_names(current, current.today)
        known = periods(current)
        own = current.actor.bydel
    choices = [(str(one), name) for one, name in names.items()]
    for name in ("bydel", "period"):
        if name in request.args:
            form.typed[name] = request.args[name]
    refuse_unknown(form, ("bydel", "period"))
    if "bydel" in form.typed and form.value("bydel") not in {OSLO, *names}:
        form.wrong("bydel", _("Choose a bydel."))
    if "period" in form.typed and form.value("period") not in {str(one) for one in known}:
        form.wrong("period", _("Choose a period."))
    if form.ok and {"bydel", "period"} <= form.typed.keys():
        chosen, when = form.value("bydel"), form.value("period")
        return redirect(url_for("web.show_report", bydel=chosen, period=when), 303)
    form.suggest(bydel=own or "", period=str(known[0]) if known else "")
    page = render_template(
        "reports.html",
        form=form,
        bydeler=[(OSLO, _("Oslo, a whole year")), *sorted(choices, key=lambda it: it[1])],
        periods=[(str(one), period_words(one)) for one in known],
    )
    return page, 200 if form.ok else 422


@pages.get("/reports/<bydel>/<period>")
@allow(*READERS)
def show_report(bydel: str, period: str) -> ResponseReturnValue:
    """The report as a page."""
    found, name = _found(bydel, period)
    return render_template(
        "report.html",
        report=found,
        bydel=name,
        period=period_words(found.period),
        sections=section_words(found),
        about=about(found, name),
        files=FILES,
    )


@pages.get("/reports/<bydel>/<period>.<any(pdf,csv,xlsx,parquet):form>")
@allow(*READERS)
def report_file(bydel: str, period: str, form: str) -> ResponseReturnValue:
    """The report as a file."""
    with work() as current:
        found, name = _read(current, bydel, period)
        charts = charted(current, found) if form == "pdf" else {}
    export = Export("report", str(found.period), found.bydel, form)
    if form == "pdf":
        printed = pdf_bytes(report_document(found, name, charts))
        return handed_out(printed, file_name(found), export)
    return table_file(report_table(found, name), export)


def _found(bydel: str, period: str) -> tuple[Report, str]:
    with work() as current:
        return _read(current, bydel, period)


def _read(current: Work, bydel: str, period: str) -> tuple[Report, str]:
    """The report that an address names, and what the bydel is called.

    Raises:
        NotFound, RuleBroken: see `uptake.reports.report`.
    """
    year, _dash, part = period.partition("-")
    found = report(current, bydel, parsed(year, part or Part.YEAR))
    if found.bydel is None:
        return found, "Oslo"
    return found, bydel_name(current, found.bydel, found.period.last_day)
