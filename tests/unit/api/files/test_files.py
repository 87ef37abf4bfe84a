"""Files hold what the table holds, and nothing that a spreadsheet would run."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from arro3.io import read_parquet
from hypothesis import given
from hypothesis import strategies as st

from api.files.delimited import csv_bytes
from api.files.parquet import parquet_bytes
from api.files.tables import Column, Kind, Table
from api.files.workbook import xlsx_bytes

RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(1)", "{=1}", "http://x.test"]
COLUMNS = (
    Column("name", "Bydel", means="Der familien bor."),
    Column("many", "Familier", Kind.WHOLE),
    Column("share", "Andel", Kind.SHARE),
    Column("day", "Dato", Kind.DAY),
)
ROWS = [["Grünerløkka", 25, 0.83333, date(2026, 11, 16)], ["Ullern", None, None, None]]


def table(*rows) -> Table:
    about = [("Revisjon", "2 av 16. november 2026")]
    return Table("oppslutning-2026", "Oppslutning", COLUMNS, rows or ROWS, about)


def one_cell(text) -> Table:
    return Table("x", "x", [Column("a", "a")], [[text]])


def parts(book: bytes) -> dict[str, str]:
    with ZipFile(BytesIO(book)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def workbook(*tables) -> dict[str, str]:
    return parts(xlsx_bytes(tables, definitions="Definisjoner", labels=("Hva", "Betydning")))


def test_csv_is_as_a_norwegian_spreadsheet_reads_it():
    told = csv_bytes(table(), norwegian=True)
    assert told.startswith(b"\xef\xbb\xbf")
    assert told.decode("utf-8-sig").splitlines() == [
        "Bydel;Familier;Andel;Dato", "Grünerløkka;25;0,8333;2026-11-16", "Ullern;;;",
    ]  # fmt: skip


def test_csv_in_english_has_commas_between_cells_and_points_in_numbers():
    told = csv_bytes(table(), norwegian=False).decode("utf-8-sig")
    assert told.splitlines()[1] == "Grünerløkka,25,0.8333,2026-11-16"


@pytest.mark.parametrize("risky", RISKY[:6])
def test_a_csv_cell_that_a_spreadsheet_might_run_is_guarded(risky):
    body = csv_bytes(one_cell(risky), norwegian=True).decode("utf-8-sig")
    assert body.splitlines()[1].strip('"').startswith("'")


def test_a_negative_number_stays_a_number():
    told = csv_bytes(Table("x", "x", [Column("a", "a", Kind.WHOLE)], [[-3]]), norwegian=True)
    assert told.decode("utf-8-sig").splitlines()[1] == "-3"


@pytest.mark.parametrize("risky", RISKY)
def test_a_workbook_has_no_formula_and_no_link_whatever_a_cell_says(risky):
    found = workbook(one_cell(risky))
    sheets = "".join(text for name, text in found.items() if name.startswith("xl/worksheets/"))
    assert "<f>" not in sheets
    assert "<hyperlink" not in sheets
    assert not any("externalLink" in name for name in found)


@given(st.text(max_size=40))
def test_no_text_at_all_becomes_anything_but_text_in_a_workbook(text):
    sheets = workbook(one_cell(text))["xl/worksheets/sheet1.xml"]
    assert "<f" not in sheets.replace("<formula", "")
    assert 't="s"' in sheets or text == ""


def test_a_workbook_has_numbers_as_numbers_and_hidden_cells_empty():
    sheet = workbook(table())["xl/worksheets/sheet1.xml"]
    assert re.search(r'<c r="B2"[^>]*><v>25</v>', sheet)
    assert re.search(r'<c r="C2"[^>]*><v>0.83333</v>', sheet)
    assert 'r="B3"' not in sheet


def test_a_workbook_ends_with_what_is_to_be_known_of_it_said_once():
    found = workbook(table(), replace(table(), name="rekkevidde-2026"))
    assert [*re.findall(r'<sheet name="([^"]*)"', found["xl/workbook.xml"])][-1] == "Definisjoner"
    words = found["xl/sharedStrings.xml"]
    assert words.count("2 av 16. november 2026") == 1
    assert "Der familien bor." in words


def test_the_same_tables_give_the_same_workbook():
    first, again = (xlsx_bytes([table()], definitions="D", labels=("a", "b")) for _ in range(2))
    assert parts(first) == parts(again)


def test_parquet_has_types_names_that_stay_and_what_is_to_be_known_beside_it():
    held = read_parquet(BytesIO(parquet_bytes(table()))).read_all()
    assert held.column_names == ["name", "many", "share", "day"]
    assert held["name"].to_pylist() == ["Grünerløkka", "Ullern"]
    assert held["many"].to_pylist() == [25, None]
    assert held["share"].to_pylist() == [0.83333, None]
    assert held["day"].to_pylist() == ["2026-11-16", None]
    assert held.schema.metadata_str["Revisjon"] == "2 av 16. november 2026"
