"""Emergency access: who is let in, for how long, who is told, and who looks at it afterwards."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from nyefamilier.access.emergency import EmergencyState, Verdict
from nyefamilier.access.rules import Ground
from nyefamilier.access.tables import AccessRow, EmergencyRow
from nyefamilier.accounts.service import Attempt
from nyefamilier.families.emergencies import (
    MOST_A_DAY,
    EmergencyAsk,
    count_to_review,
    emergencies,
    end_emergency,
    open_emergency,
    review_emergency,
)
from nyefamilier.families.intents import AssignNurse, MoveFamily, SetAddress
from nyefamilier.families.views import family, own_families
from nyefamilier.journal.intents import WriteNote
from nyefamilier.journal.views import notes
from nyefamilier.kernel.actors import Actor, Role
from nyefamilier.kernel.errors import (
    Conflict,
    NotAllowed,
    NotFound,
    RuleBroken,
    TooMany,
    Unavailable,
)
from nyefamilier.kernel.ids import UserId
from tests.builders import TEISEN, Household, address, lead, protected, send
from tests.cities import PASSWORD

NUMBER = "17859058213"
OTHERS = "01859060680"
WHY = "Mor ringer, barnet er gult, og fast helsesykepleier er syk."
HOURS = timedelta(hours=2)


@pytest.fixture
def home(city):
    """A family of our nurse's, whose colleague has nothing to do with it."""
    household = Household()
    send(city.programme, city.ours, household.id, household.registration(national_id=NUMBER))
    send(city.programme, city.ours, household.id, WriteNote(uuid4(), household.mother, "Hvilte."))
    return household


@pytest.fixture
def bosses():
    return lead("11"), Actor(UserId(uuid4()), Role.PRIVACY_OFFICER)


def asks(city, who=None, *, number=NUMBER, reason=WHY, password=PASSWORD, username="stovner2"):
    attempt = Attempt(username, password, "192.0.2.1")
    with city.programme.work(who or city.colleague, "test") as work:
        return open_emergency(work, EmergencyAsk(number, None, reason, 2), attempt)


def reads(city, home, who=None):
    with city.programme.work(who or city.colleague, "test") as work:
        return [one.text for one in notes(work, home.id)]


def seen_by(city, who):
    with city.programme.work(who, "test") as work:
        return emergencies(work)


def reviews(city, who, grant, verdict=Verdict.JUSTIFIED, remark=None):
    with city.programme.work(who, "test") as work:
        return review_emergency(work, grant, verdict, remark)


def test_a_nurse_of_the_bydel_is_let_in_for_some_hours_and_no_longer(city, home):
    with pytest.raises(NotFound):
        reads(city, home)
    (grant,) = asks(city)

    assert (grant.family_id, grant.state, grant.reason) == (home.id, EmergencyState.OPEN, WHY)
    assert reads(city, home) == ["Hvilte."]
    send(city.programme, city.colleague, home.id, WriteNote(uuid4(), home.mother, "Sendt videre."))
    assert sorted(reads(city, home, city.ours)) == ["Hvilte.", "Sendt videre."]
    city.clock.forward(hours=2)
    with pytest.raises(NotFound):
        reads(city, home)


def test_it_is_no_family_of_hers(city, home):
    asks(city)
    with city.programme.work(city.colleague, "test") as work:
        assert own_families(work) == []
    with pytest.raises(NotAllowed):
        send(city.programme, city.colleague, home.id, AssignNurse(uuid4(), city.colleague.id))


def test_everything_that_she_does_then_stands_in_the_log_on_that_ground(city, home):
    asks(city)
    reads(city, home)
    with city.programme.work(city.ours, "test") as work:
        query = select(AccessRow.object).where(
            AccessRow.family_id == home.id, AccessRow.ground == Ground.EMERGENCY
        )
        assert set(work.session.scalars(query)) == {"emergency", "notes"}


@pytest.mark.parametrize(
    ("place", "who"),
    [(None, "theirs"), (TEISEN, "colleague"), ("protected", "colleague")],
    ids=["another bydel's nurse", "another bydel's family", "a protected address"],
)
def test_who_is_not_let_in_hears_what_she_would_hear_of_a_number_that_nobody_has(
    city, home, place, who
):
    if place == "protected":
        send(city.programme, city.ours, home.id, SetAddress(protected(city.clock.today)))
    elif place is not None:
        there = address(place, city.clock.today)
        move = MoveFamily(uuid4(), there, city.theirs.id, uuid4(), "Flytter.")
        send(city.programme, city.ours, home.id, move)
    actor = getattr(city, who)
    name = "alna1" if who == "theirs" else "stovner2"
    refused, unknown = (
        asks(city, actor, username=name),
        asks(city, actor, number=OTHERS, username=name),
    )

    assert isinstance(refused, NotFound)
    assert (refused.code, refused.detail, refused.pointer) == (
        unknown.code,
        unknown.detail,
        unknown.pointer,
    )
    with pytest.raises(NotFound):
        reads(city, home, actor)


def test_a_family_that_is_protected_meanwhile_is_closed_at_once_and_its_reason_too(
    city, home, bosses
):
    asks(city)
    send(city.programme, city.ours, home.id, SetAddress(protected(city.clock.today)))
    with pytest.raises(NotFound):
        reads(city, home)
    for boss in bosses:
        (grant,) = seen_by(city, boss)
        assert (grant.nurse_id, grant.reason) == (city.colleague.id, None)


def test_a_family_that_moves_away_meanwhile_is_closed_at_once(city, home):
    asks(city)
    there = address(TEISEN, city.clock.today)
    send(
        city.programme,
        city.ours,
        home.id,
        MoveFamily(uuid4(), there, city.theirs.id, uuid4(), "Flytter."),
    )
    with pytest.raises(NotFound):
        reads(city, home)


def test_her_password_is_asked_for_anew_and_guesses_are_counted(city, home):
    for _ in range(5):
        refused = asks(city, password="feil")
        assert (refused.code, refused.pointer) == ("password-wrong", "/password")
    assert isinstance(asks(city, password="feil"), TooMany | RuleBroken)
    assert isinstance(asks(city), TooMany)
    with pytest.raises(NotFound):
        reads(city, home)


def test_somebody_elses_password_is_not_hers(city, home):
    assert asks(city, username="stovner1").code == "password-wrong"


def test_numbers_that_lead_nowhere_are_counted(city, home):
    outcomes = [asks(city, number=OTHERS) for _ in range(8)]
    assert [type(one) for one in outcomes[:5]] == [NotFound] * 5
    assert (type(outcomes[-1]), outcomes[-1].code) == (TooMany, "emergency-too-often")


def test_nobody_has_that_many_emergencies(city, home, monkeypatch):
    monkeypatch.setattr("nyefamilier.families.emergencies.MOST_A_DAY", 1)
    assert MOST_A_DAY == 10
    asks(city)
    assert asks(city).code == "emergency-too-often"


@pytest.mark.parametrize("reason", ["", "Haster", "  Mor ringer, haster. "])
def test_a_reason_that_says_nothing_opens_nothing(city, home, reason):
    with pytest.raises(RuleBroken) as refused:
        asks(city, reason=reason)
    assert (refused.value.code, refused.value.pointer) == ("reason-too-short", "/reason")


def test_who_follows_the_family_needs_none(city, home):
    with pytest.raises(Conflict) as refused:
        asks(city, city.ours, username="stovner1")
    assert refused.value.code == "follows-already"


@pytest.mark.parametrize("role", [Role.LEAD, Role.PLANNER, Role.PRIVACY_OFFICER])
def test_only_nurses_are_let_in(city, home, role):
    with pytest.raises(NotAllowed):
        asks(city, Actor(UserId(uuid4()), role, "11" if role is Role.LEAD else None))


def test_asked_again_while_it_lasts_it_is_the_same(city, home):
    (first,), (second,) = asks(city), asks(city, reason="En helt annen grunn, men like lang.")
    assert (first.id, first.until, first.reason) == (second.id, second.until, second.reason)


@pytest.mark.parametrize("who", ["nurse", "lead", "officer"])
def test_it_ends_at_once_when_it_is_said_to_end(city, home, bosses, who):
    (grant,) = asks(city)
    actor = {"nurse": city.colleague, "lead": bosses[0], "officer": bosses[1]}[who]
    for _ in range(2):
        with city.programme.work(actor, "test") as work:
            ended = end_emergency(work, grant.id)
    assert ended.state is EmergencyState.TO_REVIEW
    with pytest.raises(NotFound):
        reads(city, home)


@pytest.mark.parametrize("who", ["ours", "theirs", "lead"])
def test_it_is_nobody_elses_to_end_or_to_see(city, home, who):
    (grant,) = asks(city)
    actor = lead("12") if who == "lead" else getattr(city, who)
    with pytest.raises(NotFound), city.programme.work(actor, "test") as work:
        end_emergency(work, grant.id)
    assert seen_by(city, actor) == []


def test_somebody_else_looks_at_it_when_it_is_over_and_once(city, home, bosses):
    (grant,) = asks(city)
    boss, officer = bosses
    with pytest.raises(Conflict) as early:
        reviews(city, boss, grant.id)
    city.clock.forward(hours=3)
    with pytest.raises(NotAllowed):
        reviews(city, city.colleague, grant.id)
    with pytest.raises(RuleBroken) as silent:
        reviews(city, boss, grant.id, Verdict.UNJUSTIFIED, " ")
    found = reviews(city, boss, grant.id, Verdict.UNJUSTIFIED, "Fast helsesykepleier var på jobb.")
    with pytest.raises(Conflict) as twice:
        reviews(city, officer, grant.id)

    assert (early.value.code, silent.value.code, twice.value.code) == (
        "emergency-lasts",
        "remark-missing",
        "reviewed-already",
    )
    assert found.state is EmergencyState.REVIEWED
    (hers,) = seen_by(city, city.colleague)
    assert (hers.verdict, hers.remark) == (
        Verdict.UNJUSTIFIED,
        "Fast helsesykepleier var på jobb.",
    )


def test_what_waits_is_counted_for_those_who_look_and_is_overdue_after_seven_days(
    city, home, bosses
):
    def waits(who):
        with city.programme.work(who, "test") as work:
            return count_to_review(work)

    asks(city)
    assert [waits(one) for one in bosses] == [0, 0]
    city.clock.forward(hours=2)
    assert [waits(one) for one in (*bosses, lead("12"), city.colleague)] == [1, 1, 0, 0]
    assert seen_by(city, bosses[0])[0].state is EmergencyState.TO_REVIEW
    city.clock.forward(days=7, seconds=1)
    (grant,) = seen_by(city, bosses[0])
    assert grant.state is EmergencyState.OVERDUE
    reviews(city, bosses[0], grant.id)
    assert [waits(one) for one in bosses] == [0, 0]


def test_the_reason_lies_sealed_to_its_own_grant(city, home, bosses):
    asks(city)
    with city.programme.work(city.ours, "test") as work:
        row = work.session.scalars(select(EmergencyRow)).one()
        assert WHY.encode() not in row.sealed
        work.session.execute(text("UPDATE emergency_access SET version = version + 1"))
        work.session.expire_all()
    with pytest.raises(Unavailable) as refused:
        seen_by(city, bosses[0])
    assert refused.value.code == "record-damaged"


def test_that_a_reason_was_read_stands_in_the_familys_log(city, home, bosses):
    asks(city)
    seen_by(city, bosses[1])
    with city.programme.work(city.ours, "test") as work:
        query = select(AccessRow.ground).where(
            AccessRow.family_id == home.id, AccessRow.actor_id == bosses[1].id
        )
        assert list(work.session.scalars(query)) == [Ground.PRIVACY_OFFICER]


def test_what_she_may_read_is_all_that_the_familys_own_nurse_reads(city, home):
    asks(city)
    with city.programme.work(city.colleague, "test") as work:
        hers = family(work, home.id)
    assert hers.reads_text
    assert hers.ground is Ground.EMERGENCY
