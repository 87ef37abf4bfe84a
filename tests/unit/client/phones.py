"""Phones for tests: keys that are made once, clocks that are set, a store in a folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import msgspec

from nyefamilier.client.clocks import Clocks, Mark
from nyefamilier.client.standing import Standing
from nyefamilier.client.steps import Step
from nyefamilier.client.store import Store, stand
from nyefamilier.vault.escrow import new_escrow_pair
from nyefamilier.vault.phone import store_cipher, waiting_cipher
from nyefamilier.vault.signing import new_signing_key
from nyefamilier.wire.messages import PushedMutation

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DEVICE, EPOCH, FAMILY = UUID(int=0xD), UUID(int=0xE), UUID(int=0xF)
ACCOUNT = UUID(int=0xA)
SECRET = b"s" * 32
SHARE = b"h" * 32
SIGNING_KEY = new_signing_key()
SIGNING = waiting_cipher(DEVICE, SECRET).seal("signing", DEVICE, DEVICE, 0, SIGNING_KEY)
ESCROW = new_escrow_pair()


class Crash(BaseException):
    """The phone's battery is gone. No `except Exception` of ours may catch it."""


@dataclass
class Hook:
    """Notes each moment; at the one that is named, the phone stops."""

    crash_at: str | None = None
    seen: list[str] = field(default_factory=list)

    def __call__(self, name: str) -> None:
        self.seen.append(name)
        if name == self.crash_at:
            self.crash_at = None
            raise Crash(name)


@dataclass
class Time:
    """Both of a phone's clocks, set by the test."""

    wall: datetime = NOW
    seconds: float = 1000.0
    boot: str = "boot-1"

    def clocks(self) -> Clocks:
        return Clocks(lambda: self.wall, lambda: self.seconds, self.boot)

    def passes(self, by: timedelta) -> None:
        self.wall += by
        self.seconds += by.total_seconds()


def standing(**other) -> Standing:
    told = {
        "account": ACCOUNT,
        "device_id": DEVICE,
        "signing": SIGNING,
        "epoch": EPOCH,
        "escrow_key": ESCROW.public,
        "escrow_key_id": "escrow-1",
        "lease_until": NOW + timedelta(hours=12),
        "leased": Mark(NOW, 1_000_000, "boot-1"),
        "lease_for": timedelta(hours=12),
        "seen": NOW,
    }
    return Standing(**(told | other))


def store_at(path: Path, *, hook=None, opened=True, **other) -> Store:
    """A store of a phone that is enrolled."""
    store = Store(path / "phone.db", SECRET)
    with store.durable(Step.ENROLLED) as cx:
        stand(cx, standing(**other))
    if opened:
        store.cipher = store_cipher(DEVICE, SECRET, SHARE)
    if hook is not None:
        store.hook = hook
    return store


def again(path: Path) -> Store:
    """The store as it is found at the next start."""
    store = Store(path / "phone.db", SECRET)
    store.cipher = store_cipher(DEVICE, SECRET, SHARE)
    return store


def note(text: str = "Barnet trives.", *, family: UUID = FAMILY, **other) -> PushedMutation:
    """A note as a nurse writes it, before it has its seq."""
    op = {"op": "note.write", "note_id": str(uuid4()), "member_id": str(uuid4()), "text": text}
    told = {
        "id": uuid4(),
        "seq": 0,
        "v": 1,
        "type": "note.write",
        "family": family,
        "base_rev": 0,
        "occurred_at": NOW,
        "ops": [msgspec.Raw(msgspec.json.encode(op))],
    }
    return PushedMutation(**(told | other))
