"""What nurses and parents say in the demonstration city: sentences by occasion, put together."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from nyefamilier.demo import reference


@dataclass(frozen=True, slots=True)
class Names:
    """Whom a note is about."""

    mother: str
    partner: str | None
    child: str | None


@dataclass(frozen=True, slots=True)
class Wish:
    """A need: what it is about, the parents' words, and what they want to come of it."""

    theme: str
    words: str
    wish: str


def note(occasion: str, names: Names, rng: Random) -> str:
    """A note of a visit: an opening, one or two observations, an end.

    Args:
        occasion: ``svangerskap``, ``nyfodt``, ``spedbarn`` or ``smabarn``.
        names: Whom it is about.
        rng: Where the choice comes from.
    """
    words = reference.words()
    told = [
        rng.choice(words[f"{occasion}_start"]),
        *rng.sample(words[f"{occasion}_midt"], rng.choice((1, 2, 2, 3))),
        rng.choice(words[f"{occasion}_slutt"]),
    ]
    return fill(" ".join(told), names)


def say(occasion: str, rng: Random, names: Names | None = None) -> str:
    """One sentence of an occasion, with the names filled in if there are any."""
    text = rng.choice(reference.words()[occasion])
    return text if names is None else fill(text, names)


def need(occasion: str, rng: Random) -> Wish:
    """A need that parents might state on an occasion."""
    stage = occasion if occasion in {"svangerskap", "smabarn"} else "spedbarn"
    theme, words, wish = rng.choice(reference.words()[f"behov_{stage}"]).split(" | ")
    return Wish(theme, words, wish)


def fill(text: str, names: Names) -> str:
    """*text* with the family's own names in it."""
    return (
        text.replace("{mor}", names.mother)
        .replace("{partner}", names.partner or "Bestemor")
        .replace("{barn}", names.child or "barnet")
    )
