"""Run every benchmark, or those named: python -m bench [NAME ...] [OPTION ...]. It only reports.

Options are for the one benchmark that is named. When all have run, their tables are written into
``docs/benchmarks.md`` as well.
"""

from __future__ import annotations

import importlib
import io
import pkgutil
import platform
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from functools import partial
from itertools import takewhile
from pathlib import Path
from types import ModuleType

import bench
from bench._machine import CORES, processor, usage
from nyefamilier.kernel.clock import system_clock

DOCUMENT = Path("docs/benchmarks.md")
HEAD = """\
# Benchmarks

Written by `make bench`. Every figure is of one run on one machine: quote the ratios within a
table, never seconds. Servers under comparison took turns; a figure is the median of their turns.

"""


def main(words: Sequence[str]) -> None:
    """Print the machine, then what each benchmark tells, and write it down if all have run."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # servers are stopped, too
    names, options = _split(words)
    pages = [_told(_machine)]
    for name in names or _all_there_are():
        module = _module(name)
        title = (module.__doc__ or "").splitlines()[0]
        print(f"== {name}: {title}", flush=True)
        said = _told(partial(_run, module, options))
        pages.append(f"## {name}\n\n{title}\n\n{said if '|---' in said else _fenced(said)}")
    if not words:
        DOCUMENT.write_text(HEAD + "\n".join(pages), encoding="utf-8")


def _split(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The names that come first, and the options from the first one on."""
    names = list(takewhile(lambda word: not word.startswith("-"), words))
    return names, list(words[len(names) :])


def _all_there_are() -> list[str]:
    found = sorted(one.name for one in pkgutil.iter_modules(bench.__path__))
    return [name for name in found if not name.startswith("_")]


def _module(name: str) -> ModuleType:
    """The benchmark of that name: a module, or a package that can be run."""
    found = importlib.import_module(f"bench.{name}")
    return (
        importlib.import_module(f"bench.{name}.__main__") if hasattr(found, "__path__") else found
    )


def _machine() -> None:
    day = system_clock().date()
    print(
        f"{day}: {processor()}, {CORES} cores, {platform.system()} {platform.release()}, ", end=""
    )
    print(f"Python {platform.python_version()}.\n")


def _run(module: ModuleType, options: list[str]) -> None:
    before = usage()
    module.main(*([options] if options else []))
    share = (usage() - before).foreign
    print(f"(others, our own servers among them, took {share:.0%} of the CPU)\n")


def _told(say: Callable[[], None]) -> str:
    """What is printed meanwhile; it is seen as it comes."""
    both = _Both()
    with redirect_stdout(both):
        say()
    return both.getvalue()


def _fenced(words: str) -> str:
    return f"```text\n{words.strip()}\n```\n"


class _Both(io.StringIO):
    """Keeps what is printed, and prints it."""

    def write(self, words: str) -> int:
        if sys.__stdout__ is not None:
            sys.__stdout__.write(words)
            sys.__stdout__.flush()
        return super().write(words)


if __name__ == "__main__":
    main(sys.argv[1:])
