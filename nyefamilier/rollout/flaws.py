"""What is wrong with a plan document: where, why, and how to mend it. All of it at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

MOST_FLAWS: Final = 500
"""Nobody mends more at a time; a document of a hundred thousand characters can have more."""
_LONGEST: Final = 2500
_CUT: Final = "…"


@dataclass(frozen=True, slots=True, order=True)
class Flaw:
    """One thing that is wrong.

    Args:
        pointer: Where in the document, as a JSON pointer (RFC 6901); TOML is pointed into alike.
        code: Which rule is broken, for programs.
        why: What is wrong, in a sentence.
        mend: How to put it right, in a sentence.
    """

    pointer: str
    code: str
    why: str
    mend: str

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.why} {self.mend}"


class PlanFlawed(ValueError):  # noqa: N818 - a refusal, named for what it says
    """The document is no plan that can be carried out; ``flaws`` says all that is wrong."""

    def __init__(self, flaws: Iterable[Flaw]) -> None:
        found = sorted(set(flaws))
        if len(found) > MOST_FLAWS:
            why = f"There are {len(found)} flaws; these are the first {MOST_FLAWS - 1} of them."
            more = Flaw("", "too-many-flaws", why, "Mend these, and read the plan again.")
            found = [more, *found[: MOST_FLAWS - 1]]
        self.flaws = tuple(map(_printable, found))
        super().__init__("\n".join(map(str, self.flaws)))


def _printable(flaw: Flaw) -> Flaw:
    """The same without what would move a terminal's cursor, and without words of great length."""
    return replace(flaw, pointer=_shown(flaw.pointer), why=_shown(flaw.why), mend=_shown(flaw.mend))


def _shown(text: str) -> str:
    cut = text if len(text) <= _LONGEST else text[:_LONGEST] + _CUT
    return cut if cut.isprintable() else "".join(one if one.isprintable() else "�" for one in cut)
