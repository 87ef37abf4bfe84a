"""Makes a list of synthetic referrals with bad rows of every kind: for tests and for the large run.

    python -m tests.intake_file 100000 --bad 1% > referrals.csv

The share is of each kind, so that with 1 % some ten of a hundred rows are bad. What an import of
the list must count is printed on standard error.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from nyefamilier.families.national_ids import _with_check_digits, synthetic
from nyefamilier.kernel.clock import day_of, system_clock

HEADER = (
    "navn", "fnr", "fnr_type", "telefon", "sprak", "tolkesprak", "forelder2_rolle",
    "forelder2_navn", "forelder2_fnr", "delbydel", "adresse", "postnummer", "adressebeskyttelse",
    "termin", "antall_ventet", "grunnlag", "henvist_dato", "tilbudt_dato", "kanal",
)  # fmt: skip
DELBYDELER = ("0301111101", "0301121207", "0301060605", "0301010104", "0301020203")
FIRST = ("Rask", "Stille", "Lys", "Blå", "Myk", "Kvikk", "Grønn", "Ørliten", "Ærlig", "Åpen")
LAST = ("Bjørk", "Fjell", "Sten", "Elv", "Gran", "Sjø", "Ås", "Lønn", "Furu", "Tind")
LANGUAGES = ("norsk", "somali", "urdu", "polsk", "tigrinja", "arabisk")

Row = dict[str, str]


@dataclass
class Maker:
    """Makes rows that are alike for the same seed and day."""

    today: date
    rng: Random

    def __post_init__(self) -> None:
        self._used: set[str] = set()

    def number(self) -> str:
        """A synthetic national id that no row has had."""
        while True:
            born = date(1980, 1, 1) + timedelta(days=self.rng.randrange(9_000))
            digits = synthetic(born, self.rng).digits
            if digits not in self._used:
                self._used.add(digits)
                return digits

    def name(self) -> str:
        return f"{self.rng.choice(FIRST)} {self.rng.choice(LAST)}"

    def good(self) -> Row:
        rng = self.rng
        row = dict.fromkeys(HEADER, "") | {
            "navn": self.name(),
            "fnr": self.number(),
            "telefon": f"+47 {rng.randrange(40_000_000, 50_000_000)}",
            "sprak": rng.choice(LANGUAGES),
            "delbydel": rng.choice(DELBYDELER),
            "adresse": f"Prøveveien {rng.randrange(1, 200)}",
            "postnummer": f"{rng.randrange(1, 1300):04}",
            "termin": self.shown(self.today + timedelta(days=rng.randrange(1, 200))),
            "henvist_dato": self.shown(self.today - timedelta(days=rng.randrange(30))),
        }
        if rng.random() < 0.7:
            row |= {"forelder2_rolle": rng.choice(("far", "far", "medmor"))}
            row |= {"forelder2_navn": self.name(), "forelder2_fnr": self.number()}
        if rng.random() < 0.5:
            row |= {"grunnlag": "forste_barn", "kanal": "jordmor"}
            row |= {"tilbudt_dato": self.today.isoformat()}
        return row

    def shown(self, day: date) -> str:
        return f"{day:%d.%m.%Y}" if self.rng.random() < 0.8 else day.isoformat()


def unassigned(rng: Random) -> str:
    """A number of a real form that nobody bears: its date and series are of the year 2039."""
    while True:
        head = f"{rng.randrange(1, 29):02}{rng.randrange(1, 13):02}39{rng.randrange(500, 1000)}"
        digits = _with_check_digits(head)
        if digits is not None:
            return digits


def swapped(digits: str) -> str:
    """The number with a wrong last digit."""
    return digits[:-1] + str((int(digits[-1]) + 1) % 10)


BAD: dict[str, Callable[[Maker, Row], Row]] = {
    "unknown-delbydel": lambda _, row: row | {"delbydel": "0301999876"},
    "national-id-check-digits": lambda _, row: row | {"fnr": swapped(row["fnr"])},
    "real-national-id": lambda maker, row: row | {"fnr": unassigned(maker.rng)},
    "no-such-day": lambda _, row: row | {"termin": "31.02.2026"},
    "term-too-far": lambda maker, row: (
        row | {"termin": maker.shown(maker.today + timedelta(days=730))}
    ),
    "required": lambda _, row: row | {"navn": ""},
    "text-length": lambda _, row: row | {"navn": "Lang " * 60},
    "undecodable": lambda _, row: row | {"navn": "Bl\udce5 Bj\udcf8rk"},
    "unknown-value": lambda _, row: row | {"grunnlag": "andre_barn"},
    "ragged-row": lambda _, row: {key: row[key] for key in HEADER[:-2]},
}
"""Rows that are rejected, by the code of their flaw."""


def make(rows: int, share: float, maker: Maker) -> tuple[bytes, dict[str, int]]:
    """The list, and what an import of it must count."""
    each = round(rows * share)
    kinds = [*BAD, "duplicate"]
    fates = [kind for kind in kinds for _ in range(each)]
    fates += ["good"] * (rows - len(fates))
    maker.rng.shuffle(fates)
    fates.sort(key=lambda fate: fate == "duplicate")  # what they repeat has come before
    counts = Counter(fates)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADER)
    writer.writerows(row.values() for row in _rows(fates, maker))
    expected = {
        "read": rows,
        "imported": counts["good"],
        "already_there": counts["duplicate"],
        "rejected": rows - counts["good"] - counts["duplicate"],
    }
    return text.getvalue().encode("utf-8", "surrogateescape"), expected


def _rows(fates: list[str], maker: Maker) -> Iterator[Row]:
    earlier: list[Row] = []
    for fate in fates:
        if fate == "duplicate":
            yield maker.rng.choice(earlier) | {"telefon": "40000000"}
            continue
        row = maker.good()
        if fate == "good" and len(earlier) < 10_000:
            earlier.append(row)
        yield row if fate == "good" else BAD[fate](maker, row)


def _percent(text: str) -> float:
    return float(text.removesuffix("%")) / 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("--bad", type=_percent, default=0.0, help="of each kind, as in 1%%")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    maker = Maker(day_of(system_clock()), Random(asked.seed))  # noqa: S311
    text, expected = make(asked.rows, asked.bad, maker)
    sys.stdout.buffer.write(text)
    print(json.dumps(expected), file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
