"""Read a row of either kind. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from nyefamilier.intake.births import read_birth
from nyefamilier.intake.cells import Cells, Surroundings
from nyefamilier.intake.columns import Kind
from nyefamilier.intake.flaws import Flaw
from nyefamilier.intake.referrals import read_referral
from nyefamilier.intake.rows import Row

_READERS: Final[dict[Kind, Callable[[Cells], Row | None]]] = {
    Kind.REFERRALS: read_referral,
    Kind.BIRTHS: read_birth,
}


def read_row(kind: Kind, values: Mapping[str, str], around: Surroundings) -> Row | list[Flaw]:
    """What a row says, or everything that is wrong with it."""
    cells = Cells(values, around)
    row = _READERS[kind](cells)
    return cells.flaws if row is None or cells.flaws else row
