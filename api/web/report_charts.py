"""The charts of a report: those of the pages of figures, of the report's own year and bydel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from api.files.documents import Picture
from api.web.charts import picture
from api.web.forms import Form
from api.web.places import bydel_names
from api.web.quality import cohort
from api.web.quality.asking import Question, of_year
from api.web.quality.measures import TIMELINESS
from api.web.quality.sections import Section
from api.web.quality.shares import share_sections
from nyefamilier.storage.work import Work
from nyefamilier.uptake.reporting import Report

_NEWBORN: Final = [one for one in TIMELINESS if one.code == "newborn_visit"]
_TABULATIONS: Final = ("funnel", "newborn_visit", "dose")


def charted(work: Work, report: Report) -> Mapping[str, Sequence[Section]]:
    """The sections of the pages whose charts a report has, by the report's own section."""
    names = bydel_names(work, report.period.last_day)
    question = Question(Form(), report.period.year, report.bydel, names, work.today)
    found = of_year(work, _TABULATIONS, question)
    return {
        "funnel": cohort.sections(question, found),
        "timeliness": share_sections(_NEWBORN, question, found),
        "dose": [cohort.dose_section(question, found)],
    }


def pictures(sections: Sequence[Section]) -> list[Picture]:
    """The charts to print, each beneath what it shows; none where there is nothing to draw."""
    drawn = [(one, one.figure) for one in sections]
    return [
        Picture(picture(figure.wide), f"{one.title}. {one.finding}", one.finding)
        for one, figure in drawn
        if figure is not None
    ]
