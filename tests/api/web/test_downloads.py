"""No file of figures leaves a page without a line in the log of files."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from werkzeug.routing import AnyConverter

from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.uptake import service

API = Path(__file__).parents[3] / "api"
FORMS = ("csv", "xlsx", "parquet", "pdf")


def downloads(app) -> list[tuple[str, dict[str, str]]]:
    """Every route that ends in a file's format, with what its address needs."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("web.") and (told := _forms(rule)):
            found += [(rule.endpoint, {**_values(rule), **one}) for one in told]
    return found


def _forms(rule) -> list[dict[str, str]]:
    choices = [
        {name: form}
        for name, converter in rule._converters.items()
        if isinstance(converter, AnyConverter)
        for form in converter.items
        if form in FORMS
    ]
    return choices or ([{}] if rule.rule.rpartition(".")[2] in FORMS else [])


def _values(rule) -> dict[str, str]:
    known = {"bydel": "11", "year": "2025", "tabulation": "uptake", "part": "t1", "period": "2025",
             "number": "1", "plan_id": str(uuid4())}  # fmt: skip
    return {name: known.get(name, "x") for name in rule.arguments}


def lines(officer) -> int:
    return officer.read("/export-log").html.count('"nf-nowrap nf-number"')


def test_every_download_writes_one_line_and_a_question_that_was_wrong_writes_none(
    app, reader, programme
):
    with programme.work(SYSTEM, "test") as work:
        service.begin_release(work)
        service.release(work, work.session, [])
    chief, officer = reader(Role.LEAD), reader(Role.PRIVACY_OFFICER, None)
    routes = downloads(app)
    assert {values.get("form") for _, values in routes} >= {"csv", "xlsx", "parquet"}
    with app.test_request_context():
        paths = [app.url_for(endpoint, **values) for endpoint, values in routes]
    handed_out = set()
    for (endpoint, _), path in zip(routes, paths, strict=True):
        before = lines(officer)
        answer = chief.client.get(path)
        is_file = "attachment" in answer.headers.get("Content-Disposition", "")
        assert lines(officer) - before == (1 if is_file else 0), path
        handed_out |= {endpoint} if is_file else set()
    assert handed_out >= {"web.variation_file", "web.report_file"}


def test_only_one_place_hands_out_files():
    by = {
        path.relative_to(API).as_posix()
        for path in API.rglob("*.py")
        if "Content-Disposition" in path.read_text(encoding="utf-8")
        or "send_file" in path.read_text(encoding="utf-8")
    }
    assert by == {"web/downloads.py"}


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_the_privacy_officer_reads_who_took_which_table_home(reader, form):
    chief = reader(Role.LEAD)
    answer = chief.client.get(f"/variation.{form}?from=2019&to=2020")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith(f'"variation-2019-2020.{form}"')

    page = reader(Role.PRIVACY_OFFICER, None).read("/export-log")
    newest = page.html.partition("<tbody>")[2].partition("</tr>")[0]
    for told in ("variation", "2019-2020", form, "alle", chief.identity.display_name):
        assert told in newest


def test_the_log_of_files_is_read_over_rest_too(reader, caller):
    reader(Role.LEAD).client.get("/variation.csv?from=2019&to=2019")
    found = caller(Role.PRIVACY_OFFICER)("GET", "/api/v1/export-log?limit=1").json
    assert found["items"][0]["what"] == "variation"
    assert caller(Role.LEAD)("GET", "/api/v1/export-log").status_code == 403


@pytest.mark.parametrize("role", [Role.NURSE, Role.LEAD, Role.PLANNER])
def test_nobody_else_reads_the_log_of_files(reader, role):
    bydel = None if role is Role.PLANNER else "11"
    assert reader(role, bydel).read("/export-log").answer.status_code == 403
