"""The uptake page: the order of bydeler, and what is said of the figures."""

from datetime import date
from types import SimpleNamespace
from uuid import uuid4

from api.web.asking import Row, _order
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.offers.events import FamilyIdentified, OfferAnswered, OfferMade
from nyefamilier.offers.states import Answer, Basis, Channel
from nyefamilier.uptake.service import load
from tests.releasing import release_now


def row(bydel: str, share: float | None, *, own: bool = False) -> Row:
    value = None if share is None else SimpleNamespace(value=share)
    return Row(bydel, own, SimpleNamespace(bydel=bydel, uptake=value, offered=10))


def test_bydeler_stand_by_number_and_never_by_share_so_that_nobody_is_ranked():
    rows = [row("12", 0.9), row("02", None), row("11", 0.1, own=True), row("01", 0.5)]

    assert [one.name for one in sorted(rows, key=_order)] == ["11", "01", "02", "12"]


SUBTRACTION = "Flere år sammen viser bare tall som kan vises for hvert eneste av årene"


def tell(programme, year, *answers):
    """Families identified in Stovner that answered so."""
    with programme.work(SYSTEM, "test") as work:
        load(work, [event for said in answers for event in course(date(year, 3, 1), said)])
    release_now(programme)


def course(month, said):
    key, bydel, basis = uuid4(), BydelNumber("11"), Basis.FIRST_CHILD
    yield FamilyIdentified(key, bydel, month, basis)
    yield OfferMade(key, bydel, month, "nye_familier", basis, Channel.MIDWIFE)
    yield OfferAnswered(key, bydel, month, "nye_familier", said)


def test_a_lead_who_sees_several_years_hidden_reads_why_though_one_of_them_is_shown(
    programme, reader
):
    tell(programme, 2024, *[Answer.YES] * 12, *[Answer.NO] * 6)
    tell(programme, 2025, *[Answer.YES] * 5, Answer.NO)
    chief = reader(Role.LEAD)
    one, both = (chief.read(f"/uptake?from=2024&to={to}").words for to in (2024, 2025))
    chief.client.set_cookie("nf_language", "en")

    assert SUBTRACTION not in one
    assert "Stovner: 67 % av familiene som fikk tilbudet, takket ja." in one
    assert both.count(SUBTRACTION) == 1
    assert both.index(SUBTRACTION) < both.index("takket ja, bydel for bydel")
    assert "Stovner: skjult for disse årene samlet" in both
    assert "små til å vises" not in both
    assert "Det er for få familier" not in both
    assert "Several years together show only" in chief.read("/uptake?from=2024&to=2025").words


def test_years_that_hide_nothing_are_not_excused(programme, reader):
    release_now(programme)
    assert SUBTRACTION not in reader(Role.PLANNER).read("/uptake?from=2013&to=2014").words


def test_a_lead_reads_what_the_interval_beside_a_share_is(visited, reader):
    for path in ("/", "/uptake"):
        page = reader(Role.LEAD).read(path)
        assert "95 %-intervallet" in page.words


def test_the_menu_has_one_link_to_each_page_and_marks_the_one_at_hand(reader):
    for role, path in ((Role.PLANNER, "/figures"), (Role.PRIVACY_OFFICER, "/access-log")):
        page = reader(role).read("/")
        assert page.html.count('aria-current="page"') == 1
        assert page.html.count(f'<li><a href="{path}"') == 1
