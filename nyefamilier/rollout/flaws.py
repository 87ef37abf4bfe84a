"""What is wrong with a plan document: where, why, and how to mend it. All of it at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


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
        self.flaws = tuple(sorted(set(flaws)))
        super().__init__("\n".join(map(str, self.flaws)))
