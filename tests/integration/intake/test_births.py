"""Lists of births, into families that are there."""

from dataclasses import replace
from datetime import timedelta
from threading import Timer

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from config.settings import Settings
from nyefamilier.families.states import MemberRole, Outcome
from nyefamilier.families.tables import FamilyRow
from nyefamilier.families.views import family, find_by_national_id
from nyefamilier.intake.columns import Kind
from nyefamilier.intake.desk import Became
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Unavailable
from nyefamilier.offers.states import EnrolmentState
from nyefamilier.offers.views import enrolments
from nyefamilier.storage.engine import make_engine
from nyefamilier.storage.sessions import WriteBehind
from tests.builders import DAY, VESTLI, Household, send
from tests.integration.intake.lists import run_in

TERM = DAY + timedelta(days=30)


@pytest.fixture
def expecting(city, run, maker):
    """The national ids of three mothers in the records, whose term is in thirty days."""
    numbers = [maker.number() for _ in range(3)]
    rows = [f"Rask Bjørk,{number},{VESTLI},{TERM},{DAY}" for number in numbers]
    text = "\n".join(["name,national_id,delbydel,term,referred_on", *rows])
    assert run(text).counts["imported"] == 3
    city.clock.forward(days=31)
    return numbers


def born(city, run, *rows, header="fnr;fodt_dato;barn1_navn;barn2_navn;barn2_dodfodt", **how):
    return run("\n".join([header, *rows]), Kind.BIRTHS, **how)


def seen(city, number):
    with city.programme.work(SYSTEM, "test") as work:
        (found,) = find_by_national_id(work, number)
        return family(work, found)


def test_a_birth_goes_to_the_mothers_family_once(city, run, expecting):
    rows = [f"{number};{TERM};Liten Sten;;" for number in expecting]

    assert born(city, run, *rows).counts["imported"] == 3
    assert born(city, run, *rows).counts == {
        "read": 3,
        "imported": 0,
        "already_there": 3,
        "rejected": 0,
    }
    found = seen(city, expecting[0])
    assert [one.outcome for one in found.pregnancies] == [Outcome.BORN]
    assert [one.name for one in found.members if one.role is MemberRole.CHILD] == ["Liten Sten"]


def test_twins_of_whom_one_did_not_live(city, run, expecting):
    born(city, run, f"{expecting[0]};{TERM};Liten Sten;Stille Sten;ja")

    found = seen(city, expecting[0])
    children = [one for one in found.members if one.role is MemberRole.CHILD]
    assert [(one.name, one.stillborn) for one in children] == [
        ("Liten Sten", False),
        ("Stille Sten", True),
    ]
    assert found.pregnancies[0].outcome is Outcome.BORN


def test_a_stillbirth_ends_the_programme(city, run, maker):
    home = Household()
    number = maker.number()
    send(
        city.programme,
        city.ours,
        home.id,
        home.registration(national_id=number),
        home.expects(TERM),
        home.is_offered(),
        home.says(),
    )
    born(city, run, f"{number};{DAY};ja", header="fnr;fodt_dato;barn1_dodfodt")

    with city.programme.work(SYSTEM, "test") as work:
        assert [one.state for one in enrolments(work, home.id)] == [EnrolmentState.ENDED_BY_LOSS]


def test_the_same_birth_in_other_words_is_there_already(city, run, expecting):
    born(city, run, f"{expecting[0]};{TERM};Liten Sten;;")

    again = born(city, run, f"{expecting[0]};{TERM};Bitte Liten Sten;;")
    assert [one.became for one in again.handled] == [Became.ALREADY_THERE]


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_birth_twice_in_one_list_is_one(city, run, expecting, dry_run):
    rows = [f"{expecting[0]};{TERM};{name};;" for name in ("Liten Sten", "Bitte Liten Sten")]
    found = born(city, run, *rows, dry_run=dry_run)
    assert [one.became for one in found.handled] == [Became.IMPORTED, Became.ALREADY_THERE]


def test_a_mother_whom_nobody_knows_is_told(city, run, maker):
    found = born(city, run, f"{maker.number()};{DAY};;;")
    assert found.flaws == [(2, "fnr", "unknown-mother")]


def test_a_second_birth_of_the_same_pregnancy_on_another_day_is_told(city, run, expecting):
    born(city, run, f"{expecting[0]};{TERM};;;")
    found = born(city, run, f"{expecting[0]};{DAY};;;")
    assert found.flaws == [(2, "termin", "no-open-pregnancy")]


def test_a_term_that_is_not_the_pregnancys_is_told(city, run, expecting):
    row = f"{expecting[0]};{TERM};{DAY}"
    found = born(city, run, row, header="fnr;fodt_dato;termin")
    assert found.flaws == [(2, "termin", "no-open-pregnancy")]


def test_a_mother_with_two_open_pregnancies_needs_the_pregnancys_name(city, run, expecting, maker):
    """She is in two families: registered once more, by a nurse who did not know."""
    home = Household()
    again = home.registration(national_id=expecting[0])
    send(city.programme, city.ours, home.id, again, home.expects(TERM))

    found = born(city, run, f"{expecting[0]};{TERM};;;")
    assert found.flaws == [(2, "termin", "several-pregnancies")]
    row = f"{expecting[0]};{TERM};{home.pregnancy}"
    assert born(city, run, row, header="fnr;fodt_dato;pregnancy").counts["imported"] == 1


def test_a_birth_far_from_its_term_is_told_at_its_day(city, run, expecting):
    found = born(city, run, f"{expecting[0]};{TERM - timedelta(days=200)};;;")
    assert found.flaws == [(2, "fodt_dato", "birth-before-20-weeks")]


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_child_that_is_in_the_records_is_not_born_again(city, run, expecting, maker, dry_run):
    child = maker.number()
    rows = [f"{number};{TERM};{child}" for number in expecting[:2]]
    found = born(city, run, *rows, header="fnr;fodt_dato;barn1_fnr", dry_run=dry_run)
    assert found.flaws == [(3, "barn1_fnr", "child-known")]


def test_a_row_that_the_door_refuses_costs_no_other_row_of_its_batch(city, run, expecting):
    early = TERM - timedelta(days=200)
    days = (TERM, early, TERM)
    rows = [f"{number};{day};;;" for number, day in zip(expecting, days, strict=True)]

    for dry_run in (True, False):
        found = born(city, run, *rows, dry_run=dry_run)
        assert found.counts["imported"] == 2
        assert found.flaws == [(3, "fodt_dato", "birth-before-20-weeks")]


@pytest.fixture
def hurried(real_city):
    """A city whose connections wait a tenth of a second for a lock."""
    url = real_city.programme.engine.url.render_as_string(hide_password=False)
    engine = make_engine(url, Settings(environment="test", lock_timeout_ms=100))
    sessions = sessionmaker(engine, class_=WriteBehind, expire_on_commit=False)
    yield replace(real_city, programme=replace(real_city.programme, sessions=sessions))
    engine.dispose()


def test_a_family_that_somebody_is_writing_is_waited_for(hurried, folder, maker):
    number, rows = maker.number(), "fnr;fodt_dato\n{};{}\n"
    header = "name,national_id,delbydel,term,referred_on"
    run_in(hurried, folder, f"{header}\nRask Bjørk,{number},{VESTLI},{DAY},{DAY}\n")
    births = rows.format(number, DAY)

    with hurried.programme.engine.connect() as other:
        other.execute(select(FamilyRow).with_for_update())
        with pytest.raises(Unavailable, match="database-busy"):
            run_in(hurried, folder, births, Kind.BIRTHS)
        let_go = Timer(0.15, other.rollback)
        let_go.start()
        assert run_in(hurried, folder, births, Kind.BIRTHS).counts["imported"] == 1
        let_go.join()
