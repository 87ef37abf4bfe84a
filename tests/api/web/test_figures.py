"""The uptake page: the order of bydeler, and what is said of the figures."""

from types import SimpleNamespace

from api.web.figures import Row, _order
from nyefamilier.kernel.actors import Role


def row(bydel: str, share: float | None, *, own: bool = False) -> Row:
    value = None if share is None else SimpleNamespace(value=share)
    return Row(bydel, own, SimpleNamespace(bydel=bydel, uptake=value, offered=10))


def test_bydeler_stand_by_number_and_never_by_share_so_that_nobody_is_ranked():
    rows = [row("12", 0.9), row("02", None), row("11", 0.1, own=True), row("01", 0.5)]

    assert [one.name for one in sorted(rows, key=_order)] == ["11", "01", "02", "12"]


def test_a_lead_reads_what_the_interval_beside_a_share_is(visited, reader):
    for path in ("/", "/uptake"):
        page = reader(Role.LEAD).read(path)
        assert "95 %-intervallet" in page.words


def test_the_menu_has_one_link_to_each_page_and_marks_the_one_at_hand(reader):
    for role, path in ((Role.PLANNER, "/uptake"), (Role.PRIVACY_OFFICER, "/access-log")):
        page = reader(role).read("/")
        assert page.html.count('aria-current="page"') == 1
        assert page.html.count(f'<li><a href="{path}"') == 1
