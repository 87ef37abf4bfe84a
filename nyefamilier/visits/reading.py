"""Reads how long pregnancies last, from the estimate that ships with the package."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

from nyefamilier.visits.forecast import Gestation


@cache
def packaged_gestation() -> Gestation:
    """How likely a birth is on each day of a pregnancy: an estimate, see the file's own words."""
    file = resources.files("nyefamilier.visits") / "data" / "gestation.csv"
    lines = (line for line in file.read_text("utf-8").splitlines() if not line.startswith("#"))
    rows = csv.DictReader(lines)
    return Gestation({int(row["gestation_day"]): float(row["probability"]) for row in rows})
