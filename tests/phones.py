"""A phone as tests have it: its key, and what it says when it enrols."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from nyefamilier.vault.signing import new_signing_key, public_key_of, sign
from nyefamilier.wire.messages import Enrol
from nyefamilier.wire.signatures import signed_text
from nyefamilier.wire.texts import as_text


@dataclass
class Phone:
    """An installation that has not enrolled yet."""

    id: UUID = field(default_factory=uuid4)
    key: bytes = field(default_factory=new_signing_key, repr=False)
    name: str = "Telefonen min"
    schema: int = 1

    @property
    def public_key(self) -> str:
        return as_text(public_key_of(self.key))

    @property
    def enrolment(self) -> Enrol:
        return Enrol(
            device_id=self.id, name=self.name, public_key=self.public_key, schema=self.schema
        )

    @property
    def enrolment_body(self) -> dict[str, object]:
        return {
            "device_id": str(self.id),
            "name": self.name,
            "public_key": self.public_key,
            "schema": self.schema,
        }

    def signature(self, path: str, body: bytes, method: str = "POST") -> str:
        """What goes into ``Sync-Signature``."""
        return as_text(sign(self.key, signed_text(method, path, body)))
