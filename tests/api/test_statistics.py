"""The released figures of every tabulation over REST."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.offers.events import FamilyIdentified, OfferAnswered, OfferMade
from nyefamilier.offers.states import Answer, Basis, Channel
from nyefamilier.uptake.service import load
from nyefamilier.uptake.tabulations import TABULATIONS
from tests.api.conftest import FOR_A_YEAR
from tests.api.homes import refusal
from tests.releasing import release_now

AT = "/api/v1/statistics"
YES, NO = Answer.YES, Answer.NO


@pytest.fixture
def planner(caller):
    return caller(Role.PLANNER, lifetimes=FOR_A_YEAR)


@pytest.fixture
def tell(programme):
    """Families of one bydel, identified in March of a year, that answered so."""

    def told(year, *answers, bydel="11"):
        with programme.work(SYSTEM, "test") as work:
            load(work, [event for said in answers for event in course(year, bydel, said)])

    return told


def course(year, bydel, said):
    key, bydel, month, basis = uuid4(), BydelNumber(bydel), date(year, 3, 1), Basis.FIRST_CHILD
    yield FamilyIdentified(key, bydel, month, basis)
    yield OfferMade(key, bydel, month, "nye_familier", basis, Channel.MIDWIFE)
    yield OfferAnswered(key, bydel, month, "nye_familier", said)


def line_of(sheet, code):
    return next(one for one in sheet["lines"] if one["code"] == code)


def cell(value, held_since=None):
    return {"value": value, "is_hidden": value is None, "held_since": held_since}


def test_every_tabulation_is_listed_with_its_split_its_definitions_and_its_years(
    planner, programme, clock
):
    release_now(programme)
    listed = planner("GET", AT).json["items"]
    indicators = {one["id"] for one in planner("GET", "/api/v1/indicators").json["items"]}

    assert [one["tabulation"] for one in listed] == [one.id for one in TABULATIONS]
    for one in listed:
        assert one["name_nb"] != one["tabulation"] != one["name_en"]
        assert one["years"][-1] == clock.today.year
        named = [each["indicator"] for each in (*one["columns"], *one["shares"])]
        assert {name for name in named if name is not None} <= indicators
        codes = {column["code"] for column in one["columns"]}
        for share in one["shares"]:
            assert {*share["numerator"], *share["denominator"]} <= codes
    by_id = {one["tabulation"]: one for one in listed}
    assert by_id["uptake"]["years"][0] == 2013
    assert by_id["kostra_10"]["years"][0] == 2025
    assert by_id["uptake_by_tertial"]["areas"] == ["bydel"]
    assert by_id["uptake_by_language"]["areas"] == ["city"]
    assert [one["indicator"] for one in by_id["needs_by_theme"]["shares"]] == [
        "needs_reviewed", "needs_met",
    ]  # fmt: skip


def test_every_listed_tabulation_can_be_read(planner, programme):
    release_now(programme)
    for one in planner("GET", AT).json["items"]:
        area = "" if "city" in one["areas"] else "&area=11"
        found = planner("GET", f"{one['address']}?year={one['years'][-1]}{area}")

        assert found.status_code == 200, found.json
        assert found.json["tabulation"] == one["tabulation"]


def test_counts_are_whole_numbers_and_shares_have_their_interval(planner, tell, programme):
    tell(2019, *[YES] * 40, *[NO] * 10)
    release_now(programme)
    found = planner("GET", f"{AT}/uptake?year=2019").json
    (sheet,) = found["sheets"]
    stovner = line_of(sheet, "11")

    assert (found["clock"], found["by"], found["area"]) == ("identified", "bydel", None)
    assert (stovner["name"], stovner["is_empty"], stovner["remark"]) == ("Stovner", False, None)
    assert stovner["counts"]["accepted"] == cell(40)
    assert sheet["total"]["counts"]["offered"] == cell(50)
    uptake = stovner["shares"]["uptake"]
    assert (uptake["said"], uptake["value"]) == ("shown", 0.8)
    assert 0.66 < uptake["low"] < 0.8 < uptake["high"] < 0.9
    assert uptake["numerator"] == cell(40)
    column = next(one for one in found["columns"] if one["code"] == "accepted")
    assert column["part_of"] == "offered"
    assert column["definition"] == "/api/v1/indicators/accepted"
    assert planner("GET", column["definition"]).status_code == 200
    assert sheet["revisions"] == [{"number": 1, "released": sheet["released"]}]
    assert found["behind"][-1] == {"bydel": None, "phones": 0, "phones_behind": 0, "days": 0}


def test_a_small_number_is_marked_as_hidden_and_never_nought_nor_a_bare_null(
    planner, tell, programme
):
    tell(2020, *[YES] * 20, *[NO] * 2)
    release_now(programme)
    (sheet,) = planner("GET", f"{AT}/uptake?year=2020&area=11").json["sheets"]
    (line,) = sheet["lines"]

    assert line["counts"]["declined"] == cell(None)
    assert line["shares"]["uptake"]["said"] == "hidden"
    assert line["shares"]["uptake"]["value"] is None
    for one in (line, sheet["total"]):
        for count in (*one["counts"].values(), *(s["numerator"] for s in one["shares"].values())):
            assert count["is_hidden"] == (count["value"] is None)


def test_an_empty_bydel_says_so_and_has_no_share(planner, tell, programme):
    tell(2023, *[YES] * 12, bydel="11")
    release_now(programme)
    answer = planner("GET", f"{AT}/uptake?year=2023&area=06")
    (line,) = answer.json["sheets"][0]["lines"]

    assert (line["is_empty"], line["remark"]) == (True, "no families yet")
    assert line["counts"]["eligible"] == cell(0)
    assert line["shares"]["uptake"]["said"] == "nobody"
    assert line["shares"]["uptake"]["value"] is None
    assert b"NaN" not in answer.data


@pytest.mark.parametrize(
    ("tabulation", "remark"),
    [("visits", "no visits yet"), ("needs", "no needs yet"), ("funnel", "no families yet")],
)
def test_a_year_of_which_nothing_was_counted_says_so(planner, programme, tabulation, remark):
    release_now(programme)
    (sheet,) = planner("GET", f"{AT}/{tabulation}?year=2014").json["sheets"]

    assert (sheet["revision"], sheet["revisions"]) == (0, [])
    assert {one["remark"] for one in (*sheet["lines"], sheet["total"])} == {remark}


def test_late_data_makes_a_revision_and_the_earlier_ones_can_be_read(
    planner, tell, programme, clock
):
    tell(2021, *[YES] * 20)
    release_now(programme)
    first_day = clock.today
    clock.forward(days=7)
    tell(2021, *[YES] * 9)
    release_now(programme)

    def accepted(query):
        answer = planner("GET", f"{AT}/uptake?year=2021&area=11&{query}")
        assert answer.status_code == 200, answer.json
        (sheet,) = answer.json["sheets"]
        value = sheet["lines"][0]["counts"]["accepted"]["value"]
        return value, sheet["revision"], sheet["released"]

    later = first_day + timedelta(days=7)
    assert accepted("") == (29, 2, str(later))
    assert accepted("revision=1") == (20, 1, str(first_day))
    assert accepted(f"as_of={first_day}") == (20, 1, str(first_day))
    assert accepted(f"as_of={later - timedelta(days=1)}") == (20, 1, str(first_day))
    assert accepted(f"as_of={later}") == (29, 2, str(later))
    (sheet,) = planner("GET", f"{AT}/uptake?year=2021").json["sheets"]
    assert [one["number"] for one in sheet["revisions"]] == [1, 2]


def test_several_years_are_several_sheets_and_are_not_added(planner, tell, programme):
    tell(2015, *[YES] * 15)
    tell(2016, *[YES] * 25)
    release_now(programme)
    found = planner("GET", f"{AT}/uptake?from=2014&to=2016&area=11").json

    assert (found["from"], found["to"]) == (2014, 2016)
    lines = [(sheet["year"], sheet["lines"][0]) for sheet in found["sheets"]]
    assert [(year, one["counts"]["accepted"]["value"]) for year, one in lines] == [
        (2014, 0), (2015, 15), (2016, 25),
    ]  # fmt: skip


def test_one_indicator_has_its_own_columns_alone(planner, tell, programme):
    tell(2018, *[YES] * 15)
    release_now(programme)
    share = planner("GET", f"{AT}/uptake?year=2018&indicator=uptake").json
    count = planner("GET", f"{AT}/uptake?year=2018&indicator=reached").json

    assert [one["code"] for one in share["columns"]] == ["offered", "accepted"]
    assert set(line_of(share["sheets"][0], "11")["counts"]) == {"offered", "accepted"}
    assert [one["indicator"] for one in share["shares"]] == ["uptake"]
    assert ([one["code"] for one in count["columns"]], count["shares"]) == (["reached"], [])


def test_tertials_are_of_one_bydel(planner, tell, programme):
    tell(2017, *[YES] * 15)
    release_now(programme)
    found = planner("GET", f"{AT}/uptake_by_tertial?year=2017&area=11").json
    (sheet,) = found["sheets"]

    assert found["area"] == "11"
    assert line_of(sheet, "t1")["counts"]["accepted"] == cell(15)
    assert sheet["total"]["counts"]["accepted"] == cell(15)


def test_what_has_not_changed_since_is_not_sent_again(planner, tell, programme, clock):
    tell(2022, *[YES] * 20)
    release_now(programme)
    path = f"{AT}/uptake?year=2022"
    first = planner("GET", path)
    again = planner("GET", path, headers={"If-None-Match": first.headers["ETag"]})
    clock.forward(days=7)
    tell(2022, *[YES] * 9)
    release_now(programme)
    later = planner("GET", path, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "private, no-cache"
    assert first.headers["Vary"] == "Authorization"
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert later.status_code == 200
    assert later.headers["ETag"] != first.headers["ETag"]
    assert planner("GET", f"{AT}/nothing?year=2022").headers["Cache-Control"] == "no-store"


def test_it_is_written_down_who_took_which_figures(planner, caller, programme):
    release_now(programme)
    planner("GET", f"{AT}/funnel?from=2013&to=2015")
    (newest, *_) = caller(Role.PRIVACY_OFFICER)("GET", "/api/v1/export-log").json["items"]

    assert (newest["what"], newest["period"], newest["form"]) == ("funnel", "2013-2015", "json")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("ranking?year=2020", (404, "not-found", "/tabulation")),
        ("UPTAKE?year=2020", (404, "not-found", "/tabulation")),
        ("uptake?year=2020&area=77", (422, "unknown-bydel", "/area")),
        ("uptake?year=2020&area=Stovner", (422, "unknown-bydel", "/area")),
        ("uptake?year=2020&indicator=ranking", (422, "unknown-indicator", "/indicator")),
        ("uptake?year=2020&indicator=kostra_10", (422, "unknown-indicator", "/indicator")),
        ("uptake?year=2400", (422, "period-in-future", "/year")),
        ("uptake?from=2020&to=2400", (422, "period-in-future", "/to")),
        ("uptake?year=2012", (422, "period-not-published", "/year")),
        ("kostra_10?year=2024", (422, "period-not-published", "/year")),
        ("uptake?year=last", (422, "period-not-published", "/year")),
        ("uptake?year=%D9%A2%D9%A0%D9%A2%D9%A0", (422, "period-not-published", "/year")),
        ("uptake?from=2021&to=2020", (422, "period-swapped", "/from")),
        ("uptake?year=2020-03", (422, "breakdown-too-fine", "/year")),
        ("uptake?year=2020-t1", (422, "breakdown-too-fine", "/year")),
        ("uptake?from=2020-01-01&to=2020-06-30", (422, "breakdown-too-fine", "/from")),
        ("uptake?year=2020&area=0301111101", (422, "breakdown-too-fine", "/area")),
        ("uptake_by_language?year=2020&area=11", (422, "breakdown-too-fine", "/area")),
        ("uptake_by_tertial?year=2020", (422, "area-required", "/area")),
        ("uptake?year=2020&as_of=2099-01-01", (422, "date-in-future", "/as_of")),
        ("uptake?year=2020&as_of=2014-01-01", (404, "not-found", "/as_of")),
        ("uptake?year=2020&revision=99", (404, "not-found", "/revision")),
        ("uptake?year=2020&revision=0", (422, "invalid-fields", "/revision")),
        ("uptake?from=2019&to=2020&revision=1", (422, "invalid-fields", "/revision")),
        ("uptake?year=2020&from=2020", (422, "invalid-fields", "/year")),
        ("uptake?from=2020", (422, "invalid-fields", "/to")),
        ("uptake", (422, "invalid-fields", "/year")),
        ("uptake?year=2020&by=nurse", (422, "invalid-fields", "/by")),
        ("uptake?year=", (422, "invalid-fields", "/year")),
        ("uptake?year=2020&area=", (422, "invalid-fields", "/area")),
        ("uptake?year=2020&indicator=", (422, "invalid-fields", "/indicator")),
        ("uptake?year=2020&as_of=", (422, "invalid-fields", "/as_of")),
    ],
)
def test_what_is_not_published_is_refused_and_it_is_said_where_and_how_to_mend_it(
    planner, programme, path, expected
):
    release_now(programme)
    answer = planner("GET", f"{AT}/{path}")

    assert refusal(answer) == expected
    told = answer.json.get("errors", [answer.json])[0]["detail"]
    assert len(told.split()) > 3
    for echoed in ("ranking", "Stovner", "0301111101", "nurse"):
        assert echoed not in told


@pytest.mark.parametrize(
    ("path", "finest"),
    [
        ("uptake?year=2020-03", "year"),
        ("uptake?year=2020&area=0301111101", "bydel"),
        ("needs_by_theme?year=2020&area=11", "city"),
    ],
)
def test_too_fine_a_breakdown_is_told_the_finest_that_there_is(planner, path, finest):
    assert planner("GET", f"{AT}/{path}").json["finest"] == finest


def test_whoever_asks_for_a_part_of_a_year_is_shown_where_tertials_are(planner):
    told = planner("GET", f"{AT}/uptake?year=2020-t1").json["detail"]
    assert "`uptake_by_tertial`" in told


def test_of_a_year_that_no_release_holds_nothing_is_told(caller, clock):
    clock.forward(days=5 * 365)
    answer = caller(Role.PLANNER)("GET", f"{AT}/uptake?year={clock.today.year}")
    assert refusal(answer) == (404, "not-found", "/year")


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.LEAD, 200),
        (Role.PLANNER, 200),
        (Role.NURSE, 403),
        (Role.PRIVACY_OFFICER, 403),
    ],
)
def test_they_are_for_those_who_see_the_pages_of_figures(caller, programme, role, status):
    release_now(programme)
    for path in (AT, f"{AT}/uptake?year=2020"):
        assert caller(role)("GET", path).status_code == status
