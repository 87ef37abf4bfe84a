"""What a nurse's screens show of her families' records, worked out by pure functions."""

import pytest

from tests.fieldapp.names import PLACE, names

ONE, OTHER = "0199f0c1-9a10-7c55-8f3e-0000000000a1", "0199f0c1-9a10-7c55-8f3e-0000000000b2"
NOW = "2026-11-23T09:00:00Z"  # ten o'clock in Oslo
DAY = """async ([rows, now, me]) => {
  const { dayShown, familiesShown } = await import("/felt/src/shown/today.js");
  const day = dayShown(rows, new Date(now), me);
  return { ...day, opened: familiesShown(rows.visits, new Date(now)) };
}"""
FIND = """async ([rows, typed]) => {
  const { entries, matching } = await import("/felt/src/shown/search.js");
  return matching(entries(rows, "2026-11-23"), typed).map((one) => one.name);
}"""
LINE = """async (now) => (await import("/felt/src/shown/state_line.js")).stateLine(now)"""


def row(kind, family, number, pending=(), /, **body):
    told = {"family": family, "kind": kind, "id": f"{kind}-{number}", "rev": 1, "body": body}
    return {**told, "pending": list(pending)}


def booked(number, at, family=ONE, **body):
    told = {"state": "booked", "kind": "nyfodt", "place": "hjemme", "minutes": 60, **body}
    return row("visit", family, number, at=at, **told)


def day(module_page, visits, members=(), addresses=(), *, now=NOW, me=None):
    rows = {
        "visits": list(visits),
        "members": list(members),
        "addresses": list(addresses),
        "families": 2,
    }
    return module_page(DAY, [rows, now, me])


def ids(cards):
    return [one["visit"] for one in cards]


def test_the_next_visit_is_the_first_that_has_not_ended(module_page):
    found = day(
        module_page,
        [
            booked(1, "2026-11-23T07:00:00Z"),  # ended an hour ago and not written
            booked(3, "2026-11-23T13:00:00Z"),
            booked(2, "2026-11-23T08:30:00Z"),  # goes on
        ],
    )
    assert found["next"]["visit"] == "visit-2"
    assert ids(found["rest"]) == ["visit-1", "visit-3"]


def test_when_all_are_over_the_first_that_is_not_written_stands_first(module_page):
    found = day(module_page, [booked(1, "2026-11-23T07:00:00Z")], now="2026-11-23T15:00:00Z")
    assert (found["next"]["visit"], found["rest"]) == ("visit-1", [])


def test_days_are_oslos(module_page):
    found = day(
        module_page,
        [booked(1, "2026-11-23T23:30:00Z"), booked(2, "2026-11-22T23:30:00Z")],
    )
    assert ids(found["tomorrow"]) == ["visit-1"]
    assert found["next"]["visit"] == "visit-2"


def test_late_is_what_was_agreed_for_an_earlier_day_and_is_not_written(module_page):
    found = day(module_page, [booked(1, "2026-11-20T09:00:00Z"), booked(2, "2026-11-25T09:00:00Z")])
    assert ids(found["late"]) == ["visit-1"]
    assert found["opened"] == [ONE]
    assert found["next"] is None


@pytest.mark.parametrize(
    ("opens", "closes", "is_due"),
    [
        ("2026-11-20", "2026-11-24", True),
        ("2026-11-10", "2026-11-14", True),  # its days have passed: it is late, not gone
        ("2026-11-24", "2026-11-28", False),
        (None, None, False),  # a rhythm is a suggestion
    ],
)
def test_a_window_is_due_from_its_first_day_on(module_page, opens, closes, is_due):
    visit = row("visit", ONE, 1, state="planned", kind="nyfodt", opens=opens, closes=closes)
    assert bool(day(module_page, [visit])["due"]) is is_due


def test_what_was_recorded_today_is_done_and_marked_while_it_waits(module_page):
    at = "2026-11-23T07:00:00Z"
    visit = row("visit", ONE, 1, ["m"], state="done", kind="nyfodt", at=at, place="hjemme")
    [done] = day(module_page, [visit])["done"]
    assert done["unsent"] is True


def test_a_card_says_who_where_and_what_is_agreed(module_page):
    interpreter = {"language": "so", "remote": True, "confirmed": False, "ask_again": True}
    visit = booked(
        1,
        "2026-11-23T10:00:00Z",
        agreed="Amming og søvn.",
        interpreter=interpreter,
        not_alone=True,
        safety_note="Hund.",
    )
    members = [
        row("member", ONE, 3, role="barn", name="Sara", born_on="2026-11-14"),
        row("member", ONE, 2, role="far", name="Yusuf Ali"),
        row("member", ONE, 1, role="mor", name="Amina Hassan", phone="912 34 567"),
    ]
    addresses = [
        row("address", ONE, 1, delbydel="0301111105", lines="Gammel vei 1", valid_from="2024-01-01",
            valid_to="2026-06-01"),
        row("address", ONE, 2, delbydel="0301111101", lines="Vestlisvingen 42", postal_code="0969",
            valid_from="2026-06-01", valid_to=None),
    ]  # fmt: skip
    card = day(module_page, [visit], members, addresses)["next"]
    assert card["name"] == "Amina Hassan and Yusuf Ali"
    assert (card["area"], card["address"]) == ("Vestli", "Vestlisvingen 42, 0969")
    assert [one["name"] for one in card["people"]] == ["Amina Hassan", "Yusuf Ali", "Sara"]
    assert card["people"][2]["age"] == "9 days old"
    assert (card["agreed"], card["notAlone"], card["safety"]) == ("Amming og søvn.", True, "Hund.")
    assert card["interpreter"]["language"] == "Somali"
    assert card["interpreter"]["askAgain"] is True


def test_a_child_who_died_is_not_among_the_people_of_a_visit(module_page):
    members = [
        row("member", ONE, 1, role="mor", name="Mor"),
        row("member", ONE, 2, role="barn", name="Lille", born_on="2026-11-01", stillborn=True),
        row("member", ONE, 3, role="barn", name="Eldre", died_on="2026-11-02"),
    ]
    card = day(module_page, [booked(1, "2026-11-23T10:00:00Z")], members)["next"]
    assert [one["name"] for one in card["people"]] == ["Mor"]


def test_a_colleagues_visit_is_told_from_hers(module_page):
    visits = [
        booked(1, "2026-11-23T10:00:00Z", nurse_id="she"),
        booked(2, "2026-11-23T11:00:00Z", nurse_id="he"),
        booked(3, "2026-11-23T12:00:00Z", nurse_id="he", second_nurse_id="she"),
    ]
    found = day(module_page, visits, me="she")
    assert [one["others"] for one in [found["next"], *found["rest"]]] == [False, True, False]


MEMBERS = [
    row("member", ONE, 1, role="mor", name="Åse Bjørnstad", phone="+47 912 34 567"),
    row("member", ONE, 2, role="barn", name="Émile"),
    row("member", OTHER, 3, role="far", name="Jan Asell", phone="40000000"),
]
ADDRESSES = [
    row("address", ONE, 1, delbydel="0301111101", lines="Storgata 9", postal_code="0912",
        valid_from="2025-01-01"),
    row("address", OTHER, 2, delbydel="0301111105", lines="Flyttet fra veien 2",
        valid_from="2020-01-01", valid_to="2024-01-01"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["Jan Asell", "Åse Bjørnstad"]),
        ("emile", ["Åse Bjørnstad"]),  # a child, without its accent
        ("bjørn ås", ["Åse Bjørnstad"]),
        ("ase", ["Jan Asell"]),  # å is a letter of its own, and a word is found from its start
        ("asell", ["Jan Asell"]),
        ("912 34", ["Åse Bjørnstad"]),
        ("4000", ["Jan Asell"]),
        ("storgata 9", ["Åse Bjørnstad"]),
        ("vestli", ["Åse Bjørnstad"]),
        ("flyttet", []),  # an address that is no longer theirs
        ("<script>", []),
    ],
)
def test_a_family_is_found_by_what_is_remembered_of_it(module_page, typed, found):
    rows = {"members": MEMBERS, "addresses": ADDRESSES}
    assert module_page(FIND, [rows, typed]) == found


CALM = {
    "running": False,
    "step": None,
    "here": 0,
    "of": 0,
    "unsent": 0,
    "deciding": 0,
    "stopped": None,
    "upgrade": False,
    "stuck": None,
    "online": True,
    "full": False,
    "closed": False,
    "lastAt": "today at 09:14",
}


@pytest.mark.parametrize(
    ("told", "tone", "says"),
    [
        ({}, "sent", "All is sent Today at 09:14"),
        ({"online": False}, "sent", "All is sent No coverage now. Last in contact today at 09:14."),
        ({"lastAt": None}, "waiting", "Nothing is fetched yet"),
        ({"unsent": 1, "online": False}, "waiting", "1 waits to be sent Saved on the phone. Sent"),
        ({"unsent": 2, "stopped": "no-connection"}, "waiting", "Sent when you have coverage."),
        ({"unsent": 2, "stopped": "overloaded"}, "waiting", "The server is busy"),
        ({"unsent": 2, "running": True, "step": "pushing"}, "working", "Sending 2 …"),
        ({"running": True, "step": "pulling", "here": 3, "of": 60}, "working", "3 of 60"),
        ({"unsent": 2, "stopped": "not-signed-in"}, "failed", "2 wait to be sent Sign in again"),
        ({"deciding": 1}, "failed", "1 thing needs you to decide"),
        ({"unsent": 1, "stuck": "malformed"}, "failed", "(malformed). It stays on the phone."),
        (
            {"unsent": 1, "stopped": "something-new", "puzzled": True},
            "failed",
            "1 waits to be sent The server said no (something-new)",
        ),
        ({"stopped": "something-new", "puzzled": True}, "failed", "Tell support the code."),
        ({"upgrade": True}, "failed", "A newer version of the app is needed"),
        ({"closed": True, "unsent": 3}, "failed", "Your families are closed"),
        ({"full": True, "unsent": 3}, "failed", "The phone is full"),
    ],
)
def test_the_line_about_sending_says_the_truth(module_page, told, tone, says):
    line = module_page(LINE, {**CALM, **told})
    assert line["tone"] == tone
    assert says in f"{line['text']} {line['more']}"


@pytest.mark.parametrize("stopped", ["no-connection", "timeout", "answer-not-ours", "quiet"])
def test_having_no_coverage_is_never_a_failure(module_page, stopped):
    assert module_page(LINE, {**CALM, "unsent": 4, "stopped": stopped})["tone"] == "waiting"


def test_whatever_fails_leads_to_where_it_is_mended(module_page):
    for told in ({"stopped": "not-signed-in"}, {"deciding": 2}, {"full": True}, {"closed": True}):
        line = module_page(LINE, {**CALM, **told})
        assert line["to"].startswith("#/")
        assert line["action"]


def test_the_names_that_the_app_carries_are_the_programmes_own():
    assert PLACE.read_text(encoding="utf-8") == names(), "python -m tests.fieldapp.names"
