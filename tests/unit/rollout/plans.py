"""Plans to test with: a small whole one, and how to change it."""

from __future__ import annotations

from copy import deepcopy

from nyefamilier.rollout.assumptions import KNOWN
from nyefamilier.rollout.reading import read_plan

SMALL = {
    "schema": 1,
    "name": "A small plan",
    "first_month": "2024-01",
    "months": 48,
    "policy": {
        "eligible": ["forste_barn", "forste_barn_i_norge"],
        "hiring_lead_months": 4,
        "longest_wait_months": 3,
        "price_level": 2024,
    },
    "waves": [
        {
            "bydel": "11",
            "programme": "nye_familier",
            "start": "2024-07",
            "preparation_months": 2,
            "ramp_months": 6,
            "source": "test",
        },
        {
            "bydel": "09",
            "programme": "nye_familier",
            "start": "2025-01",
            "preparation_months": 2,
            "ramp_months": 0,
            "source": "test",
        },
    ],
    "staffing": [
        {
            "bydel": bydel,
            "decided": decided,
            "arsverk": arsverk,
            "position_percentage": 80,
            "source": "test",
        }
        for bydel, decided, arsverk in (("11", "2024-01", 5.0), ("09", "2024-06", 4.5))
    ],
    "budget": [
        {
            "line": "Nye familier",
            "year": 2024,
            "nok": 8_000_000,
            "kind": "level",
            "price_level": 2024,
            "source": "test",
        }
    ],
    "births": {
        "source": "test",
        "estimate": True,
        "city": {str(year): 9000 for year in range(2024, 2028)},
    },
}


def document(**parts):
    """The small plan's document with parts of it replaced."""
    return {**deepcopy(SMALL), **parts}


def plan(**parts):
    """The small plan with parts of its document replaced."""
    return read_plan(document(**parts))


def assuming(**values):
    """Assumptions that are certain, as a document has them, by their names."""
    return {
        name: {"value": value, "unit": str(KNOWN[name].unit), "source": "test", "estimate": True}
        for name, value in values.items()
    }
