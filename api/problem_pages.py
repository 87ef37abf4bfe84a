"""The pages that a problem's ``type`` points to, read from `docs/problems.md`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, render_template

from nyefamilier.kernel.errors import NotFound

DOCUMENT = Path(__file__).parent.parent / "docs" / "problems.md"

_ROW = re.compile(r"\| `([a-z0-9-]+)` \| (\d{3}) \| (.+?) \| (.+?) \|")

blueprint = Blueprint("problems", __name__, url_prefix="/problems")


@dataclass(frozen=True, slots=True)
class Explained:
    """One code, what it means, and how to mend it."""

    code: str
    status: int
    meaning: str
    mending: str


@cache
def explained() -> dict[str, Explained]:
    """Every code that the document explains."""
    rows = map(_ROW.fullmatch, DOCUMENT.read_text(encoding="utf-8").splitlines())
    return {row[1]: Explained(row[1], int(row[2]), row[3], row[4]) for row in rows if row}


@blueprint.get("")
def all_codes() -> str:
    """Every code."""
    return render_template("problem_code.html", title="Problems", codes=explained().values())


@blueprint.get("/<code>")
def one_code(code: str) -> str:
    """One code.

    Raises:
        NotFound: there is no such code.
    """
    if code not in explained():
        raise NotFound("problem")
    return render_template("problem_code.html", title=code, codes=[explained()[code]])
