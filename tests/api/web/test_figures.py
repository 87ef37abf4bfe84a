"""The uptake page's order of bydeler."""

from types import SimpleNamespace

from api.web.figures import Row, _order


def row(bydel: str, share: float | None, *, own: bool = False) -> Row:
    value = None if share is None else SimpleNamespace(value=share)
    return Row(bydel, own, SimpleNamespace(bydel=bydel, uptake=value, offered=10))


def test_bydeler_stand_by_number_and_never_by_share_so_that_nobody_is_ranked():
    rows = [row("12", 0.9), row("02", None), row("11", 0.1, own=True), row("01", 0.5)]

    assert [one.name for one in sorted(rows, key=_order)] == ["11", "01", "02", "12"]
