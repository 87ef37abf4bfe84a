"""Run every benchmark, or those named: python -m bench [NAME ...]. It only reports."""

import importlib
import os
import pkgutil
import platform
import sys
import time
from pathlib import Path

import bench

TICKS = os.sysconf("SC_CLK_TCK")


def main(names: list[str]) -> None:
    """Print the machine, then each benchmark's tables with the share of foreign CPU beside them."""
    known = sorted(found.name for found in pkgutil.iter_modules(bench.__path__))
    chosen = names or [name for name in known if not name.startswith("_")]
    print(f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}")
    print(f"Python {platform.python_version()}; quote ratios of one run, never absolute figures\n")
    for name in chosen:
        module = importlib.import_module(f"bench.{name}")
        print(f"== {name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
        began, busy, ours = time.monotonic(), _busy(), sum(os.times()[:4])
        module.main()
        foreign = (_busy() - busy) - (sum(os.times()[:4]) - ours)
        share = foreign / (time.monotonic() - began) / (os.cpu_count() or 1)
        print(f"(others, our own servers among them, took {max(0.0, share):.0%} of the CPU)\n")


def _busy() -> float:
    """Seconds that all cores together have worked since the machine started."""
    user, nice, system, _idle, _wait, *rest = map(
        int, Path("/proc/stat").read_text(encoding="utf-8").splitlines()[0].split()[1:9]
    )
    return (user + nice + system + sum(rest)) / TICKS


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(": ")[2] for line in lines if "model name" in line), "unknown")


if __name__ == "__main__":
    main(sys.argv[1:])
