"""The words of a family: roles, protection, how a pregnancy ends, who follows the family."""

from __future__ import annotations

from enum import StrEnum


class MemberRole(StrEnum):
    """What a person is in the family."""

    MOTHER = "mor"
    FATHER = "far"
    CO_MOTHER = "medmor"
    GUARDIAN = "foresatt"
    CHILD = "barn"


MEMBER_ORDER = {role: place for place, role in enumerate(MemberRole)}
"""In which order a family's members are shown."""

OTHER_PARENT = frozenset({MemberRole.FATHER, MemberRole.CO_MOTHER})


class Protection(StrEnum):
    """How strictly an address is protected.

    Sources: Folkeregisteret, ``adressebeskyttelse``.
    """

    NONE = "ugradert"
    CONFIDENTIAL = "fortrolig"
    STRICTLY_CONFIDENTIAL = "strengt_fortrolig"


class Outcome(StrEnum):
    """How a pregnancy stands or ended."""

    EXPECTED = "ventet"
    BORN = "fodt"
    LOST = "tapt"
    STILLBORN = "dodfodt"


LOSSES = frozenset({Outcome.LOST, Outcome.STILLBORN})
"""How a pregnancy ends without a living child."""


class AddressSource(StrEnum):
    """Where an address comes from. A home visit needs one that the family has confirmed."""

    FAMILY = "familien"
    REGISTER = "folkeregisteret"
    REFERRAL = "henvisning"


class TeamPart(StrEnum):
    """What a nurse is to a family."""

    PRIMARY = "primary"
    COVERING = "covering"
