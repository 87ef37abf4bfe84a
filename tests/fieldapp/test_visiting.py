"""What is written about a family becomes operations that the server's own catalogue reads."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from nyefamilier.door.operations import operation_of
from nyefamilier.journal.intents import NOTE_CHARS
from nyefamilier.needs.intents import CloseNeed, ReviewNeed, StateNeed
from nyefamilier.visits.intents import Outcome, RecordVisit
from tests.fieldapp.conftest import ModulePage


def number(last: int) -> str:
    return f"0199f0c1-9a10-7c55-8f3e-{last:012x}"


FAMILY, MOTHER, FATHER, CHILD, VISIT, NEED, OTHER = (number(one) for one in range(1, 8))
NOW = "2026-11-23T11:00:00Z"  # noon in Oslo
RECORDS = [
    ["member", MOTHER, {"role": "mor", "name": "Rask Bjørk"}],
    ["member", FATHER, {"role": "far", "name": "Stille Fjell"}],
    ["member", CHILD, {"role": "barn", "born_on": "2026-11-10"}],
    [
        "visit",
        VISIT,
        {"state": "booked", "kind": "nyfodt", "at": "2026-11-23T09:30:00Z", "minutes": 60},
    ],
    ["need", NEED, {"state": "open", "words": "Mer søvn", "stated_by": FATHER}],
    ["need", OTHER, {"state": "being_met", "words": "Noen å ringe", "stated_by": MOTHER}],
]
WITH_FAMILY = """
  const { Family } = await import("/felt/src/client/showing.js");
  const told = (kind, id, body) => [`${kind}:${id}`, { kind, id, rev: 1, body, pending: [] }];
  const family = new Family(given.family, 1, new Map(given.records.map((one) => told(...one))), []);
"""
VISITED = f"""async (given) => {{ {WITH_FAMILY}
  const {{ begun, flawsOf, operationsOf }} = await import("/felt/src/shown/visiting.js");
  const now = new Date(given.now);
  const visit = family.records.get(`visit:${{given.visit}}`) ?? null;
  const draft = {{ ...begun(family, visit, now), ...given.typed }};
  Object.assign(draft.ids, given.ids ?? {{}});
  const flaws = flawsOf(draft, now);
  return {{ draft, flaws, ops: Object.keys(flaws).length ? [] : operationsOf(draft) }};
}}"""
TOLD = """async ([what, draft, more]) => {
  const made = await import("/felt/src/shown/telling.js");
  const { newId } = await import("/felt/src/wire/ids.js");
  const begun = what === "birth" ? made.beginBirth("2026-11-23", 1, newId)
    : what === "loss" ? made.beginLoss() : what === "register" ? made.beginRegister(newId) : {};
  const whole = { ...begun, ...draft };
  const flaws = made[`${what}Flaws`](whole, "2026-11-23");
  return { flaws, ops: Object.keys(flaws).length ? [] : made[`${what}Ops`](whole, more) };
}"""


def visited(module_page: ModulePage, typed=None, *, ids=None, visit=VISIT, now=NOW, records=None):
    """The form as it begins with what is typed: its flaws, and what is saved of it."""
    given = {"family": FAMILY, "records": records or RECORDS, "visit": visit, "now": now}
    return module_page(VISITED, {**given, "typed": typed or {}, "ids": ids})


def intents(ops):
    """The operations as the server reads them."""
    return [operation_of(one) for one in ops]


def test_an_ordinary_visit_needs_nothing_to_be_filled_in(module_page):
    found = visited(module_page)
    (visit,) = intents(found["ops"])
    assert isinstance(visit, RecordVisit)
    assert (str(visit.visit_id), visit.outcome, visit.minutes) == (VISIT, Outcome.DONE, 60)
    assert (visit.at.isoformat(), visit.place) == ("2026-11-23T09:30:00+00:00", "hjemme")
    assert list(visit.present) == ["mor", "barn"]


def test_what_the_parents_said_goes_with_the_visit_in_one_mutation(module_page):
    looks = {
        NEED: {"state": "met", "words": "", "by": FATHER},
        OTHER: {"state": "open", "words": "Ringer i morgen", "by": ""},
    }
    need = {"words": "Å få dusje i fred", "wish": "", "by": MOTHER}
    typed = {"needs": looks, "need": need, "note": "Vekt 3480 g.", "themes": ["sovn"]}
    ids = {NEED: number(20), OTHER: number(21)}
    visit, *told = intents(visited(module_page, typed, ids=ids)["ops"])
    assert list(visit.themes) == ["sovn"]
    closed = next(one for one in told if isinstance(one, CloseNeed))
    looked = next(one for one in told if isinstance(one, ReviewNeed))
    stated = next(one for one in told if isinstance(one, StateNeed))
    assert (str(closed.need_id), str(closed.closed_by)) == (NEED, FATHER)
    assert (str(looked.need_id), looked.words) == (OTHER, "Ringer i morgen")
    assert (stated.words, str(stated.stated_by)) == ("Å få dusje i fred", MOTHER)
    assert {str(one.visit_id) for one in told} == {VISIT}


def test_the_plans_day_is_offered_for_the_next_visit(module_page):
    planned = [
        ["visit", number(50), {"state": "planned", "opens": "2026-12-20"}],
        ["visit", number(51), {"state": "planned", "ideal": "2026-12-08", "opens": "2026-12-01"}],
        ["visit", number(52), {"state": "planned", "ideal": "2026-11-20"}],
        ["visit", number(53), {"state": "done", "ideal": "2026-11-30"}],
    ]
    ask = f"""async (given) => {{ {WITH_FAMILY}
      const {{ nextInPlan }} = await import("/felt/src/shown/visiting.js");
      return nextInPlan(family, given.visit, "2026-11-23"); }}"""
    given = {"family": FAMILY, "records": [*RECORDS, *planned], "visit": VISIT}
    assert module_page(ask, given) == "2026-12-08"
    assert module_page(ask, {**given, "records": RECORDS}) == ""


def test_a_visit_that_nobody_planned_ended_just_now(module_page):
    draft = visited(module_page, visit="new")["draft"]
    assert (draft["day"], draft["time"], draft["minutes"]) == ("2026-11-23", "11:00", "60")


def test_nobody_at_home_tells_no_more_than_that(module_page):
    (visit,) = intents(visited(module_page, {"outcome": "not_home", "themes": ["sovn"]})["ops"])
    assert (visit.outcome, visit.minutes, tuple(visit.present)) == (Outcome.NOT_HOME, 0, ())


def test_the_next_visit_is_at_oslos_clock(module_page):
    following = {"day": "2026-12-01", "time": "10:15", "place": "helsestasjon"}
    (visit,) = intents(visited(module_page, {"next": following})["ops"])
    assert visit.next_visit.at.isoformat() == "2026-12-01T09:15:00+00:00"
    assert (str(visit.next_visit.on), visit.next_visit.place) == ("2026-12-01", "helsestasjon")


def test_a_visit_that_nobody_planned_is_one_of_its_own(module_page):
    found = visited(module_page, visit="new")
    (visit,) = intents(found["ops"])
    assert str(visit.visit_id) == found["draft"]["visitId"] != VISIT


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"minutes": "en time"}, "minutes"),
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "601"}, "minutes"),
        ({"day": "2026-11-24"}, "day"),
        ({"day": ""}, "day"),
        ({"time": ""}, "day"),
        ({"note": "a" * (NOTE_CHARS + 1)}, "note"),
        ({"next": {"day": "2026-11-22", "time": "", "place": "hjemme"}}, "next"),
        ({"next": {"day": "", "time": "10:00", "place": "hjemme"}}, "next"),
        ({"interpreter": "ukvalifisert", "language": "so"}, "why"),
        ({"interpreter": "A", "language": ""}, "interpreter"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(module_page, typed, field):
    assert list(visited(module_page, typed)["flaws"]) == [field]


def test_as_long_a_note_as_there_is_room_for_is_taken(module_page):
    assert intents(visited(module_page, {"note": "ø" * NOTE_CHARS})["ops"])


def test_twins_are_told_with_their_own_ids_and_what_is_known_of_each(module_page):
    children = [
        {"name": "Lykke", "nationalId": "", "stillborn": False},
        {"name": "", "nationalId": "", "stillborn": True},
    ]
    draft = {"bornOn": "2026-11-22", "homeOn": "2026-11-23", "children": children}
    (birth,) = intents(module_page(TOLD, ["birth", draft, number(30)])["ops"])
    assert [(one.name, one.stillborn) for one in birth.children] == [("Lykke", False), (None, True)]
    assert len({one.member_id for one in birth.children}) == 2
    assert str(birth.homecoming_on) == "2026-11-23"


@pytest.mark.parametrize(
    ("what", "draft", "fields"),
    [
        ("birth", {"bornOn": "2026-11-24"}, ["bornOn"]),
        ("birth", {"bornOn": "2026-11-20", "homeOn": "2026-11-19"}, ["homeOn"]),
        ("loss", {}, ["outcome", "on"]),
        ("loss", {"outcome": "tapt", "on": "2026-11-24"}, ["on"]),
        ("register", {}, ["oneName", "term", "delbydel"]),
        ("handover", {"text": " ", "about": MOTHER}, ["text"]),
    ],
)
def test_bad_input_is_told_at_its_field_before_it_is_saved(module_page, what, draft, fields):
    assert list(module_page(TOLD, [what, draft, None])["flaws"]) == fields


def test_a_loss_is_told_plainly(module_page):
    draft = {"outcome": "tapt", "on": "2026-11-20"}
    (loss,) = intents(module_page(TOLD, ["loss", draft, number(30)])["ops"])
    assert (loss.outcome, str(loss.on)) == ("tapt", "2026-11-20")


def test_a_family_is_registered_with_the_child_that_it_expects(module_page):
    draft = {
        "oneName": "Rask Bjørk",
        "oneLanguage": "so",
        "oneInterpreter": True,
        "twoName": "Stille Fjell",
        "term": "2027-02-01",
        "expected": "2",
        "delbydel": "0301111101",
        "lines": "Prøveveien 1",
        "postalCode": "0980",
    }
    family, pregnancy = intents(module_page(TOLD, ["register", draft, "2026-11-23"])["ops"])
    assert [one.name for one in family.members] == ["Rask Bjørk", "Stille Fjell"]
    assert family.members[0].interpreter.language == "so"
    assert (family.address.delbydel, pregnancy.expected) == ("0301111101", 2)


def test_a_need_is_closed_by_a_parent_and_looked_at_by_the_nurse(module_page):
    looks = {
        NEED: {"id": number(20), "state": "no_longer_wished", "words": ""},
        OTHER: {"id": number(21), "state": "being_met", "words": ""},
    }
    ops = module_page(TOLD, ["review", {"looks": looks, "closedBy": MOTHER}, None])["ops"]
    closed, looked = intents(ops)
    assert (type(closed), str(closed.closed_by)) == (CloseNeed, MOTHER)
    assert type(looked) is ReviewNeed


def test_words_to_the_next_nurse_are_a_note_that_parents_are_not_shown(module_page):
    draft = {"id": number(40), "text": "Ring alltid først.", "about": MOTHER}
    (note,) = intents(module_page(TOLD, ["handover", draft, None])["ops"])
    assert (note.text, note.visible_to_parents) == ("Ring alltid først.", False)


def test_a_choice_can_be_taken_back_and_the_focus_stays_with_it(module_page):
    module_page(
        """async () => {
          const { render } = await import("/static/vendor/lit-html/lit-html.js");
          const { oneOf } = await import("/felt/src/screens/inputs.js");
          const told = { id: "by", legend: "Who?", choices: [["a", "A"], ["b", "B"]] };
          const draw = (value) => {
            document.body.dataset.value = value;
            render(oneOf({ ...told, value, chosen: draw, takesBack: true }), document.body);
          };
          draw("");
        }"""
    )
    page, back = module_page.page, module_page.page.get_by_role("button")
    expect(back).to_have_count(0)
    for choice in ("B", "A", "B"):
        page.get_by_role("radio", name=choice).check()
        expect(back).to_have_accessible_name("Take the choice back: Who?")
        back.click()
        expect(page.get_by_role("radio", checked=True)).to_have_count(0)
        expect(page.locator("body")).to_have_attribute("data-value", "")
        expect(page.get_by_role("group", name="Who?")).to_be_focused()


def test_a_look_that_was_taken_back_is_not_sent(module_page):
    looks = {
        NEED: {"id": number(70), "state": "", "words": "Tatt tilbake"},
        OTHER: {"id": number(71), "state": "being_met", "words": ""},
    }
    ops = module_page(TOLD, ["review", {"looks": looks, "closedBy": MOTHER}, None])["ops"]
    assert [op["need_id"] for op in ops] == [OTHER]


def test_who_said_it_is_asked_for_when_it_was_taken_back(module_page):
    need = {"words": "Mer søvn", "wish": "", "by": ""}
    assert list(visited(module_page, {"need": need})["flaws"]) == ["need-by"]
    assert module_page(
        """async () => {
          const { needFlaws } = await import("/felt/src/shown/telling.js");
          return needFlaws({ words: "Mer søvn", wish: "", by: "" });
        }"""
    ) == {"by": "Choose who said it."}
