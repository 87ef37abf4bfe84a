"""Tables as files for a spreadsheet: values, and nothing that it would run."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TypeAlias

from flask import Response

from api.web.language import language
from nyefamilier.intake.guarding import guarded

Cell: TypeAlias = str | int | float | None


def csv_file(name: str, rows: Iterable[Sequence[Cell]]) -> Response:
    """A file of *rows* for the reader to keep, as a spreadsheet in her language opens it.

    Norwegian spreadsheets expect a semicolon between cells and a comma in a number. The mark at the
    beginning says UTF-8; without it they read æ, ø and å wrongly.
    """
    written = StringIO()
    csv.writer(written, delimiter=";" if _is_norwegian() else ",").writerows(
        [_cell(value) for value in row] for row in rows
    )
    body = written.getvalue().encode("utf-8-sig")
    response = Response(body, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        told = f"{value:.4f}"
        return told.replace(".", ",") if _is_norwegian() else told
    return guarded(str(value))


def _is_norwegian() -> bool:
    return language() == "nb"
