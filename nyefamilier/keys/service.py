"""Rotation of key-encryption keys, while the system is read and written.

A new version wraps whatever is made from then on. The data keys under older ones are brought after
it, batch by batch, and only where they are still what was read; whoever is killed begins again and
goes on. Nothing that they seal is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from nyefamilier.kernel.errors import Conflict, RuleBroken, Unavailable
from nyefamilier.keys import store
from nyefamilier.keys.store import Lying, Owned, Place
from nyefamilier.storage.work import Work
from nyefamilier.vault.provider import ProviderAway, Versions, Wrapped
from nyefamilier.vault.vault import KeyUse, Vault

BATCH: Final = 200
_PASSES: Final = 3
_FIRST: Final = UUID(int=0)

OpenWork = Callable[[], AbstractContextManager[Work]]


@dataclass(slots=True)
class Brought:
    """What became of the data keys that lay under older versions."""

    keys: int = 0
    busy: int = 0
    """Were being written each time that they were come to; another run takes them."""
    closed: list[tuple[KeyUse, UUID]] = field(default_factory=list)
    """Whose do not open: damage, or a version that was withdrawn."""

    @property
    def whole(self) -> bool:
        """Whether nothing was left."""
        return not (self.busy or self.closed)


Tell = Callable[[KeyUse, str, int], None]
"""Hears, after each batch, of what use and under which kek how many keys were brought over."""


def inventory(work: Work) -> list[Lying]:
    """How many data keys lie under each version, by provider, kek and version."""
    return sorted(store.lying(work.session), key=lambda one: (*one[:3], one.use.name))


def require_own_keys(work: Work) -> None:
    """Refuse to begin where data keys lie under another provider than the one that is set.

    Raises:
        Unavailable: ``keys-elsewhere``.
    """
    here = work.vault.provider.name
    others = sorted({one.provider for one in store.lying(work.session)} - {here})
    if others:
        raise Unavailable(
            "keys-elsewhere",
            f"Data keys in the database lie under {', '.join(others)}, and NYEFAMILIER_KEYS names "
            f"{here}: nothing would open, and new families would lie apart. Set it back.",
        )


def versions(vault: Vault, kek: str) -> Versions | None:
    """Which versions of *kek* there are; None where there is no such key.

    Raises:
        Unavailable: the key provider is away, or the token may not know.
    """
    with _asked():
        try:
            return vault.provider.versions(kek)
        except ValueError:
            return None


def rotate(vault: Vault, kek: str) -> int:
    """Make a new version of *kek*, which wraps from now on in every process.

    Raises:
        RuleBroken: ``key-version``: there is no such key.
        Unavailable: the key provider is away, or the token may not rotate.
    """
    with _asked():
        return vault.provider.rotate(kek)


def enable(vault: Vault, kek: str, version: int) -> None:
    """Let a disabled version open again.

    Raises:
        RuleBroken: ``key-version``: the detail says why not.
        Unavailable: the key provider is away, or the token may not.
    """
    with _asked():
        vault.provider.enable(kek, version)


def disable(work: Work, kek: str, version: int) -> None:
    """Have *version* open nothing until it is enabled.

    Raises:
        Conflict: ``key-in-use``: data keys lie under it.
        RuleBroken: ``key-version``: the detail says why not.
        Unavailable: the key provider is away, or the token may not.
    """
    _require_unused(work, kek, version)
    with _asked():
        work.vault.provider.disable(kek, version)


def destroy(work: Work, kek: str, version: int) -> None:
    """Delete *version* for good.

    Raises:
        Conflict: ``key-in-use``: data keys lie under it.
        RuleBroken: ``key-version``: the detail says why not.
        Unavailable: the key provider is away, or the token may not.
    """
    _require_unused(work, kek, version)
    with _asked():
        work.vault.provider.destroy(kek, version)


def rewrap(open_work: OpenWork, tell: Tell, batch: int = BATCH) -> Brought:
    """Bring every data key under the newest version of its kek.

    Raises:
        Unavailable: the key provider or the database is away. What was brought over stays so.
    """
    brought = Brought()
    with open_work() as work:
        vault, found = work.vault, {(one.use, one.kek) for one in inventory(work)}
    for place in store.PLACES:
        for kek in sorted(kek for use, kek in found if use is place.use):
            there = versions(vault, kek)
            # Where there is no such key nothing opens, and all that lies under it shows as closed.
            newest = there.newest if there else 0
            _Bringing(open_work, vault, tell, place, kek, newest, batch).run(brought)
    return brought


@dataclass(frozen=True, slots=True)
class _Bringing:
    """The data keys of one use under one kek."""

    open_work: OpenWork
    vault: Vault
    tell: Tell
    place: Place
    kek: str
    newest: int
    batch: int

    def run(self, brought: Brought) -> None:
        passed = Brought()
        for _ in range(_PASSES):
            passed = self._pass()
            brought.keys += passed.keys
            if not passed.busy:
                break
        brought.busy += passed.busy
        brought.closed += passed.closed

    def _pass(self) -> Brought:
        passed, after = Brought(), _FIRST
        while owned := self._read(after):
            fresh = self._rewrapped(owned)
            done = self._put(owned, fresh)
            passed.keys += done
            passed.busy += len(fresh) - done
            passed.closed += [
                (self.place.use, one.owner) for one in owned if one.owner not in fresh
            ]
            after = owned[-1].owner
            self.tell(self.place.use, self.kek, passed.keys)
        return passed

    def _read(self, after: UUID) -> list[Owned]:
        with self.open_work() as work:
            return store.under_older(
                work.session, self.place, self.kek, self.newest, after=after, most=self.batch
            )

    def _rewrapped(self, owned: list[Owned]) -> dict[UUID, Wrapped]:
        # No transaction is open while the provider is asked, however long it takes.
        told = self.vault.rewrap_keys(self.place.use, owned)
        both = zip(owned, told, strict=True)
        return {one.owner: fresh for one, fresh in both if fresh is not None}

    def _put(self, owned: list[Owned], fresh: dict[UUID, Wrapped]) -> int:
        """Write those whose row is still what was read, and say how many they were."""
        with self.open_work() as work:
            held = store.hold_unchanged(
                work.session, self.place, [one for one in owned if one.owner in fresh]
            )
            store.put(work.session, self.place, {owner: fresh[owner] for owner in held})
            return len(held)


def _require_unused(work: Work, kek: str, version: int) -> None:
    here = (work.vault.provider.name, kek, version)
    keys = sum(one.keys for one in store.lying(work.session) if one[:3] == here)
    if keys:
        raise Conflict(
            "key-in-use",
            f"{keys} data keys lie under version {version} of {kek}. Rotate it, bring them to the "
            "newest version (nyefamilier keys rewrap), and ask again.",
        )


@contextmanager
def _asked() -> Generator[None, None, None]:
    """Within, the provider is asked for whoever keeps the keys, who is told what it said."""
    try:
        yield
    except ProviderAway as away:
        raise Unavailable("key-provider-away", str(away)) from away
    except ValueError as error:
        raise RuleBroken("key-version", f"It was not done: {error}.") from error
