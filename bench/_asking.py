"""Asks one application several kinds of questions in turn, and sets them beside the bare one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import quantiles
from time import perf_counter
from typing import Final, TypeAlias

from flask.testing import FlaskClient

Kind: TypeAlias = Callable[[], None]
Took: TypeAlias = dict[str, list[float]]
"""Seconds that each question of each kind took."""

BARE: Final = "bare"
"""The kind that all others are set beside."""
LEFT_OUT: Final = 5
"""So many turns at first are not counted."""


def ask_of(client: FlaskClient, headers: Mapping[str, str], path: str) -> None:
    """Ask once; whatever is not answered with 200 ends the run."""
    answer = client.get(path, headers=dict(headers))
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.text}")


def in_turns(turns: int, kinds: Mapping[str, Kind]) -> Took:
    """Ask each kind, turn by turn, so that what else the machine does meets all of them alike."""
    took: Took = {kind: [] for kind in kinds}
    for turn in range(turns + LEFT_OUT):
        for kind, ask in kinds.items():
            begun = perf_counter()
            ask()
            if turn >= LEFT_OUT:
                took[kind].append(perf_counter() - begun)
    return took


def percentile(took: Took, percent: int) -> dict[str, float]:
    """So many of a hundred questions of each kind took no longer, in seconds."""
    return {kind: quantiles(one, n=100)[percent - 1] for kind, one in took.items()}


def print_ratios(took: Took, title: str) -> None:
    """A table of medians and 95th percentiles, and how they are to the bare one's."""
    p50, p95 = percentile(took, 50), percentile(took, 95)
    print(f"| {title} | median ms | p95 ms | median, of the bare one | p95, of the bare one |")
    print("|---|---|---|---|---|")
    for kind in took:
        ratios = f"{p50[kind] / p50[BARE]:.2f} | {p95[kind] / p95[BARE]:.2f}"
        print(f"| {kind} | {p50[kind] * 1000:.1f} | {p95[kind] * 1000:.1f} | {ratios} |")
