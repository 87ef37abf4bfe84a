"""What the machine is, and whose work it did meanwhile."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import structlog

TICKS = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds of the clock, of all cores' work, of our own, and of some servers'."""

    wall: float
    busy: float
    ours: float
    servers: float

    def __sub__(self, earlier: Usage) -> Usage:
        return Usage(
            self.wall - earlier.wall,
            self.busy - earlier.busy,
            self.ours - earlier.ours,
            self.servers - earlier.servers,
        )

    @property
    def foreign(self) -> float:
        """The share of the machine's work that was neither ours nor the servers'."""
        others = self.busy - self.ours - self.servers
        return max(0.0, others) / max(self.wall * CORES, 1e-9)


def usage(roots: Iterable[int] = ()) -> Usage:
    """What has been used so far, by this process and by the trees of processes under *roots*."""
    ours = sum(os.times()[:4])
    return Usage(monotonic(), _busy(), ours, sum(map(_tree, roots)))


def processor() -> str:
    """What the processor calls itself."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(": ")[2] for line in lines if "model name" in line), "unknown")


def children(process: int) -> list[int]:
    """The numbers of the processes that *process* started; none if it is gone."""
    try:
        words = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8")
    except OSError:
        return []
    return [int(word) for word in words.split()]


def parent(process: int) -> int:
    """The number of the process that started *process*."""
    return int(_stat(process)[1])


def _busy() -> float:
    """Seconds that all cores together have worked since the machine started."""
    user, nice, system, _idle, _wait, *rest = map(
        int, Path("/proc/stat").read_text(encoding="utf-8").splitlines()[0].split()[1:9]
    )
    return (user + nice + system + sum(rest)) / TICKS


def _tree(root: int) -> float:
    """Seconds that *root*, all under it, and all of theirs that have ended have worked."""
    try:
        here = sum(map(int, _stat(root)[11:15])) / TICKS
    except OSError:
        return 0.0
    return here + sum(map(_tree, children(root)))


def _stat(process: int) -> list[str]:
    """The fields of its ``stat`` from the state on."""
    line = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    return line.rpartition(")")[2].split()


def quiet() -> None:
    """Let what is measured log warnings only: a line for each request would be part of the page."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
