"""Files of every kind, read without a crash and without losing a row."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.intake.columns import Kind
from nyefamilier.intake.source import LINE_BYTES, RECORD_LINES, Source
from nyefamilier.kernel.errors import Malformed

HEADER = "navn;fnr;delbydel;termin;henvist_dato\n"
ROW = "Rask Bjørk;;0301111101;15.01.2027;20.10.2026\n"


def opened(text, kind=Kind.REFERRALS):
    return Source(io.BytesIO(text if isinstance(text, bytes) else text.encode()), kind)


def rows(text):
    return [
        (one.line, one.cells[0] if one.cells else None, one.flaw and one.flaw.code)
        for one in opened(text).records()
    ]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ((HEADER + ROW).encode(), "utf-8"),
        ((HEADER + ROW).encode("utf-8-sig"), "utf-8"),
        ((HEADER + ROW).encode("cp1252"), "cp1252"),
        ((HEADER + ROW).encode("cp1252").replace(b"\n", b"\r\n"), "cp1252"),
        (HEADER.encode(), "utf-8"),
    ],
)
def test_the_encoding_is_found_out(text, encoding):
    source = opened(text)
    assert source.encoding == encoding
    assert [one.cells[0] for one in source.records()] in ([], ["Rask Bjørk"])


def test_a_row_of_damaged_bytes_does_not_make_a_utf_8_file_another():
    text = (HEADER + ROW * 3).encode() + ROW.encode("cp1252")
    source = opened(text)
    assert source.encoding == "utf-8"
    assert [one.cells[0] for one in source.records()] == ["Rask Bjørk"] * 3 + ["Rask Bj\ufffdrk"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_delimiter_is_found_out(delimiter):
    text = (HEADER + ROW).replace(";", delimiter)
    source = opened(text)
    assert source.delimiter == delimiter
    assert source.values(next(source.records()))["termin"] == "15.01.2027"


def test_quoted_names_and_a_spreadsheets_hint_are_a_header_too():
    quoted = ";".join(f'"{name}"' for name in HEADER.strip().split(";"))
    assert len(rows(f"\r\nsep=;\r\n{quoted}\r\n{ROW}")) == 1


def test_a_row_is_known_by_its_first_line():
    text = HEADER + "\n" + ROW + '"Lys\nElv";;;;\n' + "\r\n;;;;\n" + ROW
    assert rows(text) == [
        (3, "Rask Bjørk", None),
        (4, "Lys\nElv", None),
        (8, "Rask Bjørk", None),
    ]


def test_a_ragged_row_is_bad_and_its_neighbours_are_not():
    text = HEADER + ROW + "A;B\n" + "1;2;3;4;5;6\n" + ROW
    assert [code for _, _, code in rows(text)] == [None, "ragged-row", "ragged-row", None]


@pytest.mark.parametrize("torn", ['"A;;;;\n', '"A"B;;;;\n', 'A;"B;;;\n'])
def test_a_stray_quotation_mark_costs_one_row_and_no_more(torn):
    text = HEADER + ROW + torn + ROW * (RECORD_LINES + 5)
    found = rows(text)
    assert found[1] == (3, torn.strip(), "quoting")
    assert [code for _, _, code in found].count(None) == RECORD_LINES + 6


def test_two_stray_quotation_marks_do_not_swallow_the_good_rows_between_them():
    text = HEADER + '"A;;;;\n' + ROW * 3 + 'B";;;;\n' + ROW
    assert [code for _, _, code in rows(text)].count(None) >= 4


def test_a_line_without_end_is_one_bad_row():
    text = HEADER + ROW + "x" * (3 * LINE_BYTES) + "\n" + ROW
    assert rows(text) == [
        (2, "Rask Bjørk", None),
        (3, None, "line-too-long"),
        (4, "Rask Bjørk", None),
    ]


def test_a_last_line_without_newline_is_a_row():
    assert rows(HEADER + ROW.strip()) == [(2, "Rask Bjørk", None)]


def test_a_nul_is_left_to_the_cell_that_it_is_in():
    assert rows(HEADER + "A\0B;;;;\n") == [(2, "A\0B", None)]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n\n",
        b"PK\x03\x04" + b"\0" * 100,
        b"\xd0\xcf\x11\xe0" + b"\0" * 100,
        HEADER.encode("utf-16"),
        HEADER.encode("utf-16-le"),
        HEADER.encode("utf-16-be"),
        b"\x7fELF\x02\x01\x01\0\0\0\0\n",
        b"x" * (2 * LINE_BYTES),
        HEADER.replace("\n", "\r").encode() * 2,
    ],
)
def test_what_is_no_list_is_refused_as_a_whole(text):
    with pytest.raises(Malformed, match="import-file"):
        opened(text)


@pytest.mark.parametrize("text", [b"\xff" * 100 + b"\n", b'"\n', b";;;\n", b"a;b;c\n"])
def test_a_first_line_without_a_known_name_is_refused(text):
    with pytest.raises(Malformed, match="names no column"):
        opened(text)


PIECES = [b'"', b";", b"\n", b"\r\n", b"a", b"'=", b"\xe5", b"\0", "å".encode(), ROW.encode(), b" "]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join) | st.binary(max_size=300))
def test_whatever_follows_the_header_is_read_to_its_end(text):
    source = opened(HEADER.encode() + text)
    found = list(source.records())

    lines = [one.line for one in found]
    assert lines == sorted(set(lines))
    assert all(2 <= line <= 2 + text.count(b"\n") for line in lines)
    for one in found:
        assert one.flaw is not None or set(source.values(one)) == set(HEADER.strip().split(";"))


@given(st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join))
def test_every_line_that_says_something_is_in_some_row(text):
    source = opened(HEADER.encode() + text)
    told = "".join(cell for one in source.records() for cell in source.told(one))
    said = (HEADER.encode() + text).decode(source.encoding, "replace").split("\n", 1)[1]

    def letters(words):
        return sorted(one for one in words if one.isalnum() or one == "\ufffd")

    assert letters(told) == letters(said)
