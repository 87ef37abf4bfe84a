"""Who an account is, and the port through which an identity provider vouches for it.

The one provider is `nyefamilier.accounts.service.LocalAccounts`. Nothing outside this context ever
sees a password, so that another provider can stand in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from nyefamilier.kernel.actors import Actor, Role
from nyefamilier.kernel.ids import BydelNumber, UserId


@dataclass(frozen=True, slots=True)
class AccountIdentity:
    """What the programme knows of a person who works here. Never holds a secret."""

    id: UserId
    username: str
    display_name: str
    role: Role
    bydel: BydelNumber | None

    @property
    def actor(self) -> Actor:
        """The person as the one who asks."""
        return Actor(self.id, self.role, self.bydel)


class IdentityProvider(Protocol):
    """Somebody who can tell whether a person is who they say they are."""

    def verify(self, username: str, password: str) -> AccountIdentity | None:
        """The identity, or None. Takes as long for an unknown name as for a wrong password."""
