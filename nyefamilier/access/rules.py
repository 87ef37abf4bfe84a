"""The access rules, as one function over facts.

Sources: helsepersonelloven sections 21 and 21 a; pasientjournalloven sections 16 and 22;
docs/adr/0003-access-by-team.md.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from nyefamilier.kernel.actors import Actor, Role
from nyefamilier.kernel.errors import NotAllowed, NotFound
from nyefamilier.kernel.ids import BydelNumber, FamilyId, UserId


class Action(StrEnum):
    """What an actor wants to do to a family's records."""

    READ = "read"
    WRITE = "write"
    ASSIGN = "assign"
    AUDIT = "audit"
    PURGE = "purge"
    """A copy of it that was on a phone is gone."""


class Ground(StrEnum):
    """Why the actor was let through; it stands in the access log."""

    PRIMARY = "primary_nurse"
    COVERING = "covering_nurse"
    REGISTERING = "registering"
    EMERGENCY = "emergency_access"
    LEAD = "lead_of_bydel"
    PRIVACY_OFFICER = "privacy_officer"
    PROGRAMME = "programme"
    FORMER = "former_nurse"
    """Followed the family once: what she wrote then is filed, and nothing is shown to her."""


READS_TEXT = frozenset(
    {
        Ground.PRIMARY,
        Ground.COVERING,
        Ground.EMERGENCY,
        Ground.REGISTERING,
        Ground.PROGRAMME,
    }
)
"""The grounds on which notes and needs may be read in words."""


@dataclass(frozen=True, slots=True)
class Circle:
    """The people around a family: the bydel that serves it and the nurses who follow it now.

    ``bydel`` is None for a family with a protected address: no bydel has a claim on it.
    """

    family_id: FamilyId
    bydel: BydelNumber | None
    primary: AbstractSet[UserId]
    covering: AbstractSet[UserId]
    emergency: AbstractSet[UserId] = frozenset()
    """Those who were let in for some hours, and who answer for it afterwards."""


def ground_of(actor: Actor, action: Action, circle: Circle) -> Ground:
    """On what ground *actor* may do *action*.

    Raises:
        NotFound: the actor may not even know that the family exists.
        NotAllowed: the actor may know of the family and may not do this.
    """
    ground = _relation(actor, circle)
    if ground is None:
        raise NotFound("family")
    require_allowed(ground, action)
    return ground


def require_allowed(ground: Ground, action: Action) -> None:
    """Refuse what this relation to a family does not include.

    Raises:
        NotAllowed: the actor may know of the family and may not do this.
    """
    if action not in _MAY[ground]:
        raise NotAllowed(f"Your relation to this family ({ground}) does not allow: {action}.")


_MAY: dict[Ground, frozenset[Action]] = {
    Ground.PROGRAMME: frozenset(Action),
    Ground.REGISTERING: frozenset({Action.READ, Action.WRITE, Action.ASSIGN}),
    Ground.PRIMARY: frozenset({Action.READ, Action.WRITE, Action.ASSIGN}),
    Ground.COVERING: frozenset({Action.READ, Action.WRITE}),
    # Whoever gives health care writes down what she did, in an emergency too.
    Ground.EMERGENCY: frozenset({Action.READ, Action.WRITE}),
    Ground.LEAD: frozenset({Action.READ, Action.ASSIGN}),
    Ground.PRIVACY_OFFICER: frozenset({Action.AUDIT}),
    Ground.FORMER: frozenset(),
}


def _relation(actor: Actor, circle: Circle) -> Ground | None:
    if actor.role is Role.SYSTEM:
        return Ground.PROGRAMME
    if actor.role is Role.NURSE:
        return _of_nurse(actor, circle)
    if actor.role is Role.LEAD and _works_in(actor, circle):
        return Ground.LEAD
    if actor.role is Role.PRIVACY_OFFICER:
        return Ground.PRIVACY_OFFICER
    return None


def _of_nurse(actor: Actor, circle: Circle) -> Ground | None:
    if actor.id in circle.primary:
        return Ground.PRIMARY
    if actor.id in circle.covering:
        return Ground.COVERING
    if actor.id in circle.emergency and _works_in(actor, circle):
        return Ground.EMERGENCY
    return None


def _works_in(actor: Actor, circle: Circle) -> bool:
    """Whether the actor's bydel serves the family; none does where the address is protected."""
    return circle.bydel is not None and actor.bydel == circle.bydel
