"""What a module's database is told once, whichever test comes first. Tests come in any order."""

from __future__ import annotations

from nyefamilier.bootstrap import Programme

_SEEN: set[tuple[str, str]] = set()


def is_first(programme: Programme, what: str = "") -> bool:
    """Whether nobody has asked this of the database before."""
    asked = str(programme.engine.url), what
    if asked in _SEEN:
        return False
    _SEEN.add(asked)
    return True
