"""Tells what is wrong with one mutation from what is away for all of them, for now."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import Final

from nyefamilier.kernel.errors import STAYS_AWAY, Refusal, Unavailable
from nyefamilier.storage.engine import unavailable_from

_GONE: Final = frozenset({"database-away", "database-url", "database-too-old"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Why we could not process a mutation. Holds no value of it: an error's text may quote one."""

    reason: str
    error: str
    frames: tuple[str, ...]


def away_for_now(error: BaseException) -> Unavailable | None:
    """The refusal of something that will be back; None when *error* is no such thing."""
    away = unavailable_from(error)
    return None if away is None or away.code in STAYS_AWAY else away


def is_database_gone(error: BaseException) -> bool:
    """Whether there is no use in trying again at once."""
    away = unavailable_from(error)
    return away is not None and away.code in _GONE


def fault_of(error: BaseException) -> Fault:
    """What is told to the operator of *error*."""
    frames = traceback.extract_tb(error.__traceback__)
    return Fault(
        error.code if isinstance(error, Refusal) else "defect",
        f"{type(error).__module__}.{type(error).__qualname__}",
        tuple(f"{one.filename.rsplit('/', 1)[-1]}:{one.lineno}:{one.name}" for one in frames),
    )
