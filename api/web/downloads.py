"""The only way in which a page hands out a file: it is written down who took what, then sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import Response

from api.doorway import work
from api.files.delimited import csv_bytes
from api.files.parquet import parquet_bytes
from api.files.tables import Form, Table
from api.files.workbook import xlsx_bytes
from api.web.language import language
from api.web.texts import _
from nyefamilier.access.exports import Export, note_export

TABLES: Final = ((Form.CSV, "CSV"), (Form.XLSX, "Excel"), (Form.PARQUET, "Parquet"))
"""The formats of a table, as links name them."""

_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "pdf": "application/pdf",
    "json": "application/json",
    "toml": "application/toml",
}


def table_file(table: Table, export: Export) -> Response:
    """A table as a file for the reader to keep."""
    return tables_file([table], export)


def tables_file(tables: Sequence[Table], export: Export) -> Response:
    """Several tables as one workbook; in the other formats the first of them."""
    return handed_out(_body(tables, Form(export.form)), tables[0].name, export)


def handed_out(body: bytes, name: str, export: Export) -> Response:
    """What somebody takes home, when it is written down that it was taken."""
    with work() as current:
        note_export(current, export)
    response = Response(body, content_type=_TYPES[export.form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{export.form}"'
    return response


def _body(tables: Sequence[Table], form: Form) -> bytes:
    match form:
        case Form.CSV:
            return csv_bytes(tables[0], norwegian=language() == "nb")
        case Form.XLSX:
            labels = _("What"), _("Meaning")
            return xlsx_bytes(tables, definitions=_("Definitions"), labels=labels)
        case Form.PARQUET:
            return parquet_bytes(tables[0])
