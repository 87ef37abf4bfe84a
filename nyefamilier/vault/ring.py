"""A ring of named keys in versions, as a value: what the keyring file says, and how it may change.

Knows nothing of files; ``keyfile`` reads and writes, ``keyring`` uses.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, NamedTuple

_FORMAT = "nyefamilier-keyring/1"


class NotAKeyring(Exception):  # noqa: N818 - what is wrong, not where
    """The text is not a keyring that can be trusted. Says nothing of its contents."""


class Use(StrEnum):
    """What a key is for. The two are never one key."""

    WRAP = "wrap"
    MAC = "mac"


class State(StrEnum):
    """What a version of a key may still do."""

    PRIMARY = "primary"
    """Seals and opens. One version of each name."""
    DECRYPT_ONLY = "decrypt_only"
    """Opens what it sealed before a newer version took over."""
    DISABLED = "disabled"
    """Does nothing until enabled again."""
    DESTROYED = "destroyed"
    """Its bytes are gone; the number stays, so that it is never used twice."""


class Name(NamedTuple):
    """A key's use and name."""

    use: Use
    name: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a key."""

    number: int
    state: State
    key: bytes = field(repr=False)

    @property
    def opens(self) -> bool:
        """Whether it may open what it sealed."""
        return self.state in {State.PRIMARY, State.DECRYPT_ONLY}


@dataclass(frozen=True, slots=True)
class Ring:
    """All keys, by use and name. Never changed: each method that changes gives a new ring."""

    keys: Mapping[Name, tuple[Version, ...]] = field(default_factory=dict)

    def primary(self, name: Name) -> Version:
        """The version that seals.

        Raises:
            KeyError: the name is new.
        """
        return next(each for each in self.keys[name] if each.state is State.PRIMARY)

    def opener(self, name: Name, number: int) -> Version | None:
        """The version *number*, when it exists and may open."""
        versions = self.keys.get(name, ())
        return next((each for each in versions if each.number == number and each.opens), None)

    def with_new_primary(self, name: Name) -> Ring:
        """With a new random key as primary of *name*; the primary before it opens only."""
        old = self.keys.get(name, ())
        demoted = tuple(
            replace(each, state=State.DECRYPT_ONLY) if each.state is State.PRIMARY else each
            for each in old
        )
        new = Version(len(old) + 1, State.PRIMARY, secrets.token_bytes(32))
        return self._with(name, (*demoted, new))

    def with_state(self, name: Name, number: int, state: State) -> Ring:
        """With version *number* of *name* in *state*.

        Raises:
            ValueError: it is the primary, it is destroyed already, or there is none such.
        """
        versions = self.keys.get(name, ())
        found = next((each for each in versions if each.number == number), None)
        if found is None:
            raise ValueError(f"{name.name} has no version {number}")
        if found.state is State.PRIMARY:
            raise ValueError(f"version {number} of {name.name} is the primary: rotate it first")
        if found.state is State.DESTROYED:
            raise ValueError(f"version {number} of {name.name} is destroyed, and stays so")
        key = b"" if state is State.DESTROYED else found.key
        new = replace(found, state=state, key=key)
        return self._with(name, tuple(new if each is found else each for each in versions))

    def _with(self, name: Name, versions: tuple[Version, ...]) -> Ring:
        return Ring({**self.keys, name: versions})


def dump(ring: Ring) -> bytes:
    """The ring as the text of a keyring file. Holds keys in clear: write it nowhere else."""
    uses: dict[str, dict[str, list[dict[str, object]]]] = {use: {} for use in Use}
    for name, versions in sorted(ring.keys.items()):
        uses[name.use][name.name] = [_dump_version(name, each) for each in versions]
    return json.dumps({"format": _FORMAT, **uses}, indent=1).encode() + b"\n"


def parse(text: bytes) -> Ring:
    """The ring that *text* describes.

    Raises:
        NotAKeyring: not JSON, another format, a damaged key, or not exactly one primary per name.
    """
    try:
        return _ring(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # `from None`: the decoder's own message may quote the text, and the text holds keys.
        raise NotAKeyring("it is damaged, or no keyring at all") from None


def _ring(loaded: Any) -> Ring:  # noqa: ANN401 - JSON, until it is proved to be a ring
    if loaded["format"] != _FORMAT:
        raise ValueError(_FORMAT)
    keys = {
        Name(use, name): _versions(Name(use, name), entries)
        for use in Use
        for name, entries in loaded[use].items()
    }
    return Ring(keys)


def _versions(name: Name, entries: list[dict[str, Any]]) -> tuple[Version, ...]:
    versions = tuple(_version(name, entry) for entry in entries)
    in_order = [each.number for each in versions] == list(range(1, len(versions) + 1))
    primaries = sum(each.state is State.PRIMARY for each in versions)
    if not in_order or primaries != 1:
        raise ValueError(name)
    return versions


def _version(name: Name, entry: dict[str, Any]) -> Version:
    version = Version(entry["version"], State(entry["state"]), bytes.fromhex(entry["key"]))
    length = 0 if version.state is State.DESTROYED else 32
    if len(version.key) != length or entry["check"] != _check(name, version):
        raise ValueError(name)
    return version


def _dump_version(name: Name, version: Version) -> dict[str, object]:
    return {
        "version": version.number,
        "state": version.state,
        "key": version.key.hex(),
        "check": _check(name, version),
    }


def _check(name: Name, version: Version) -> str:
    # A key with one wrong digit would wrap new data keys that nothing could ever open again.
    about = f"nyefamilier-keyring-check\0{name.use}\0{name.name}\0{version.number}"
    return hmac.digest(version.key, about.encode(), "sha256")[:8].hex()
