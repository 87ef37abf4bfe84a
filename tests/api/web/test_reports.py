"""The report of a bydel's year or tertial: as page, as files, over REST; and what is refused."""

from __future__ import annotations

import csv
from datetime import date
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from arro3.io import read_parquet

from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake import service
from nyefamilier.uptake.sheets import Behind
from tests.api.homes import refusal
from tests.api.once import is_first
from tests.api.web.test_variation import tell

PAGE = "/reports/11/2025"
CODES = ["uptake", "answers", "funnel", "timeliness", "kostra", "dose", "continuity",
         "other_parent", "interpreter", "needs"]  # fmt: skip
FAMILIES = {"11": (20, 10), "03": (15, 15)}


@pytest.fixture
def released(programme):
    """Thirty families of Stovner in 2025, of whom twenty said yes, and their release."""
    if not is_first(programme):
        return
    tell(programme, 2025, FAMILIES)
    with programme.work(SYSTEM, "test") as work:
        service.begin_release(work)
        service.release(work, work.session, [Behind(BydelNumber("11"), 4, 1, 3)])


def test_a_year_is_a_page_with_counts_shares_intervals_and_what_to_know(reader, released):
    page = reader(Role.PLANNER, None).read(PAGE)

    assert page.answer.status_code == 200
    assert [code for code in CODES if f'id="{code}"' in page.html] == CODES
    assert "Sa ja (oppslutning) 20 30 67 % 49–81 %" in page.words
    assert "1 av 4 telefoner i Stovner var ikke synkronisert" in page.words
    assert "Kan ikke påstås" in page.words
    assert "KOSTRA" in page.words
    assert "%%" not in page.words


def test_a_tertial_has_its_own_uptake_and_says_what_is_of_the_whole_year(reader, released):
    page = reader(Role.LEAD).read("/reports/11/2025-t1")

    assert "Første tertial 2025" in page.words
    assert page.words.count("Bare per år i denne rapporten") == len(CODES) - 1


def test_a_bydel_without_families_has_none_yet_and_no_share(reader, released):
    page = reader(Role.LEAD).read("/reports/16/2025")
    assert "ingen ennå" in page.words
    assert "NaN" not in page.words
    assert "0 %" not in page.words


def test_a_report_says_what_the_last_release_did_not_have(reader, released, programme):
    """As where a new version of the programme counts a table that was never released."""
    said = "ikke publisert noe om: Svar innen 14 dager"
    before = reader(Role.LEAD).read(PAGE)
    with programme.engine.begin() as connection:
        kept = connection.exec_driver_sql("SELECT tabulations::text FROM release_day").scalar_one()
        connection.exec_driver_sql(
            "UPDATE release_day SET tabulations = tabulations - 'answered_in_time'"
        )
    try:
        after = reader(Role.LEAD).read(PAGE)
    finally:
        with programme.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE release_day SET tabulations = %s::jsonb", (kept,))
    assert said not in before.words
    assert after.answer.status_code == 200
    assert said in after.words


def test_oslo_has_a_report_of_a_year_with_what_was_published_of_the_city(reader, released):
    planner = reader(Role.PLANNER, None)
    page = planner.read("/reports?bydel=oslo&period=2025")

    assert "Oslo Året 2025" in page.words
    assert "Sa ja (oppslutning) 35 60 58 % 46–70 %" in page.words
    assert "Familier med besøk på minst én time" in page.words
    file = planner.client.get("/reports/oslo/2025.csv")
    assert "report-oslo-2025.csv" in file.headers["Content-Disposition"]
    assert "oslo;2025;" in file.get_data(as_text=True)


def test_the_files_hold_the_pages_figures(reader, released):
    chief = reader(Role.LEAD)
    text = chief.client.get(f"{PAGE}.csv").get_data().decode("utf-8-sig")
    row = next(
        one for one in csv.DictReader(StringIO(text), delimiter=";") if one["figure"] == "accepted"
    )
    assert (row["Teller"], row["Nevner"], row["Andel"]) == ("20", "30", "0,6667")

    held = read_parquet(BytesIO(chief.client.get(f"{PAGE}.parquet").get_data())).read_all()
    at = held["figure"].to_pylist().index("accepted")
    assert held["numerator"].to_pylist()[at] == 20

    with ZipFile(BytesIO(chief.client.get(f"{PAGE}.xlsx").get_data())) as book:
        words = book.read("xl/sharedStrings.xml").decode()
        assert "Kan ikke påstås" in words
        assert "Stovner, Året 2025" in words
        assert "%%" not in words
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_the_pdf_is_handed_out_as_one(reader, released):
    answer = reader(Role.LEAD).client.get("/reports/11/2025-t2.pdf")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"].endswith('"report-11-2025-t2.pdf"')
    assert answer.get_data().startswith(b"%PDF-")


def test_it_is_read_over_rest_with_the_same_figures_and_written_down(reader, caller, released):
    found = caller(Role.PLANNER, None)("GET", "/api/v1/reports/11/2025").json
    assert (found["period"], found["behind"]["phones_behind"]) == ("2025", 1)
    assert [one["code"] for one in found["sections"]] == CODES
    accepted = next(one for one in found["sections"][0]["figures"] if one["code"] == "accepted")
    assert (accepted["part"], accepted["whole"]) == (
        {"value": 20, "held_since": None},
        {"value": 30, "held_since": None},
    )
    assert accepted["share"]["value"] == pytest.approx(2 / 3)

    newest = caller(Role.PRIVACY_OFFICER, None)("GET", "/api/v1/export-log?limit=1").json["items"][
        0
    ]
    told = tuple(newest[name] for name in ("what", "period", "area", "form", "doorway"))
    assert told == ("report", "2025", "11", "json", "rest")


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ("98/2025", (404, "not-found", "/bydel")),
        ("oslo/2025/t1", (422, "period-not-published", "/part")),
        ("11/2026/t1", (422, "period-not-over", "/part")),
        ("11/2026", (422, "period-not-over", "/year")),
        ("11/2027/t1", (422, "period-in-future", "/year")),
        ("11/2012", (422, "period-not-published", "/year")),
        ("11/2025/m03", (422, "period-not-published", "/part")),
        ("11/x", (422, "period-not-published", "/year")),
    ],
)
def test_what_cannot_be_reported_is_refused_and_pointed_at(caller, released, path, refused):
    answer = caller(Role.LEAD)("GET", f"/api/v1/reports/{path}")
    assert (answer.status_code, answer.json["code"], answer.json["pointer"]) == refused


@pytest.mark.parametrize(
    "path",
    ["reports/11/2025", "reports/11/2025/t1", "indicators", "indicators/uptake", "statistics"],
)
def test_a_name_that_the_address_does_not_know_is_refused_and_not_passed_over(
    caller, released, path
):
    refused = refusal(caller(Role.LEAD)("GET", f"/api/v1/{path}?part=t2"))
    assert refused == (422, "invalid-fields", "/part")


def test_a_tertial_that_is_not_over_says_until_when_it_lasts(caller, reader, released):
    answer = caller(Role.LEAD)("GET", "/api/v1/reports/11/2026/t1").json
    assert answer["last_day"] == "2026-04-30"

    page = reader(Role.LEAD).read("/reports/11/2026-t1")
    assert page.answer.status_code == 422
    assert "Perioden er ikke over ennå" in page.words


def test_bydel_and_period_are_chosen_among_those_that_can_be_reported(reader, clock):
    chief = reader(Role.LEAD)
    page = chief.read("/reports")
    assert f'value="{date(2025, 1, 1).year}-t3"' in page.html
    assert "2026-t1" not in page.html
    assert chief.read("/reports?bydel=11&period=2025-t2").path == "/reports/11/2025-t2"
    assert chief.read("/reports?bydel=98&period=2025-t2").answer.status_code == 422


@pytest.mark.parametrize("role", [Role.NURSE, Role.PRIVACY_OFFICER])
def test_neither_a_nurse_nor_a_privacy_officer_has_reports(reader, caller, role):
    bydel = "11" if role is Role.NURSE else None
    assert reader(role, bydel).read(PAGE).answer.status_code == 403
    assert caller(role, bydel)("GET", "/api/v1/reports/11/2025").status_code == 403
