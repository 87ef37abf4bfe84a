"""The key provider that is a key server: OpenBao's transit engine, or Vault's, which is the same.

A kek ``x`` is the derived transit key ``wrap-x``; a MAC key is ``mac-x``. The server makes either
on first use, from `encrypt` alone, so that the programme's token needs no right over keys. What
the token may do, and how a server is set up: ``docs/keys.md``.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from nyefamilier.vault.cobblestone import CannotOpen
from nyefamilier.vault.provider import Health, KeyProvider, ProviderAway, Versions, Wrapped
from nyefamilier.vault.transit import Refused, Transit

BATCH: Final = 200
"""The server refuses a body of too many strings: 500 keys are too many, 200 are not."""

_T = TypeVar("_T")
_NAME = re.compile(r"[a-z0-9-]{1,64}")
_SEALED = re.compile(r"vault:v([1-9][0-9]{0,8}):([A-Za-z0-9+/]+=*)")


@dataclass(frozen=True, slots=True)
class _Reach:
    """Which versions of a key there are: those from *kept* on; from *opens* on they open."""

    newest: int
    kept: int
    opens: int


class OpenBao(KeyProvider):
    """Keys in a server that never gives one out.

    The server withdraws versions from the oldest on, never one in the middle: whoever asks for
    that is refused, so that no version goes that was not named.
    """

    name = "openbao"
    fit_for_production = True
    withdraws_any = False

    def __init__(self, transit: Transit) -> None:
        """Ask *transit*."""
        self._transit = transit

    def __repr__(self) -> str:
        return f"<OpenBao {self._transit!r}>"

    def wrap(self, kek: str, dek: bytes, context: bytes) -> Wrapped:
        """*dek* sealed under the primary version of *kek*, which is made if it is new.

        Raises:
            ValueError: *kek* is not a key's name.
            ProviderAway: the server cannot be asked.
        """
        asked = {"plaintext": _text(dek), "context": _bound(context)}
        return self._sealed(kek, self._do(f"encrypt/wrap-{_checked(kek)}", asked))

    def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        """The data key inside *wrapped*.

        Raises:
            CannotOpen: wrong context, damage, or a version that is disabled, destroyed or unknown.
            ProviderAway: the server cannot be asked.
        """
        data = self._open(f"decrypt/wrap-{self._of_ours(wrapped)}", _asked(wrapped, context))
        return _bytes(data.get("plaintext"))

    def unwrap_many(self, items: Sequence[tuple[Wrapped, bytes]]) -> list[bytes]:
        """The data keys inside *items*, each with its context: a request for each 200 of a kek.

        Raises:
            CannotOpen: one of them does not open.
            ProviderAway: the server cannot be asked.
        """
        return self._in_batches(items, self._open_batch)

    def rewrap(self, wrapped: Wrapped, context: bytes) -> Wrapped:
        """The same data key under the primary version of the same kek; it never comes here.

        Raises:
            CannotOpen: *wrapped* does not open.
            ProviderAway: the server cannot be asked.
        """
        kek = self._of_ours(wrapped)
        return self._sealed(kek, self._open(f"rewrap/wrap-{kek}", _asked(wrapped, context)))

    def rewrap_to(self, wrapped: Wrapped, kek: str, context: bytes) -> Wrapped:
        """The same data key under the primary version of *kek*.

        Raises:
            CannotOpen: *wrapped* does not open.
            ProviderAway: the server cannot be asked.
        """
        return self.wrap(kek, self.unwrap(wrapped, context), context)

    def rewrap_many(self, items: Sequence[tuple[Wrapped, bytes]]) -> list[Wrapped]:
        """The same data keys, each under the primary version of its kek; none comes here.

        Raises:
            CannotOpen: one of them does not open.
            ProviderAway: the server cannot be asked.
        """
        return self._in_batches(items, self._rewrap_batch)

    def versions(self, kek: str) -> Versions:
        """Which versions of *kek* there are just now, and which of them open.

        Raises:
            ValueError: there is no key of that name.
            ProviderAway: the server cannot be asked, or the token may not know.
        """
        reach = self._reach(kek)
        first = max(reach.kept, reach.opens)
        return Versions(reach.newest, frozenset(range(first, reach.newest + 1)))

    def mac(self, key_name: str, data: bytes) -> tuple[int, bytes]:
        """The version used and the HMAC-SHA256 of *data* under the MAC key of that name.

        Raises:
            ValueError: *key_name* is not a key's name.
            ProviderAway: the server cannot be asked.
        """
        key = f"mac-{_checked(key_name)}"
        asked = {"input": _text(data), "algorithm": "sha2-256"}
        try:
            answer = self._transit.post(f"hmac/{key}", asked)
        except Refused as refused:
            if not refused.no_such_key:
                raise ProviderAway("The key server refuses a MAC.") from None
            self._do(f"encrypt/{key}", {"plaintext": _text(b"")})
            answer = self._do(f"hmac/{key}", asked)
        return _parts(answer.get("hmac"))

    def rotate(self, kek: str) -> int:
        """Make a new primary version of *kek* and return it; older versions still open.

        Raises:
            ValueError: there is no key of that name; a mistyped one must not come to be.
            ProviderAway: the server cannot be asked, or the token may not rotate.
        """
        self._reach(kek)
        answer = self._do(f"keys/wrap-{kek}/rotate", {})
        return _number(answer, "latest_version")

    def disable(self, kek: str, version: int) -> None:
        """Stop *version* from opening anything until it is enabled again.

        Raises:
            ValueError: it is the primary, it is destroyed, there is none such, or an older one
                still opens.
            ProviderAway: the server cannot be asked, or the token may not do it.
        """
        reach = self._named(kek, version)
        if version > reach.opens:
            raise ValueError(f"an older version of {kek} opens: disable {reach.opens} first")
        if version == reach.opens:
            self._configure(kek, min_decryption_version=version + 1)

    def enable(self, kek: str, version: int) -> None:
        """Let a disabled *version* open again; it does not become primary.

        Raises:
            ValueError: it is the primary, destroyed, there is none such, or a newer one is
                disabled too.
            ProviderAway: the server cannot be asked, or the token may not do it.
        """
        reach = self._named(kek, version)
        if version < reach.opens - 1:
            newer = reach.opens - 1
            raise ValueError(f"a newer version of {kek} is disabled: enable {newer} first")
        if version == reach.opens - 1:
            self._configure(kek, min_decryption_version=version)

    def destroy(self, kek: str, version: int) -> None:
        """Delete the key material of *version*: what only it wraps is lost, backups aside.

        Raises:
            ValueError: it is the primary, destroyed, there is none such, or an older one is kept.
            ProviderAway: the server cannot be asked, or the token may not do it.
        """
        reach = self._named(kek, version)
        if version > reach.kept:
            raise ValueError(f"an older version of {kek} is kept: destroy {reach.kept} first")
        self._configure(
            kek,
            min_decryption_version=max(reach.opens, version + 1),
            min_encryption_version=reach.newest,
        )
        self._do(f"keys/wrap-{kek}/trim", {"min_available_version": version + 1})

    def health(self) -> Health:
        """Whether the server answers and is unsealed."""
        try:
            return Health(ok=True, detail=f"OpenBao {self._transit.version()}")
        except ProviderAway as away:
            return Health(ok=False, detail=str(away))

    def close(self) -> None:
        """Let go of the connections to the server."""
        self._transit.close()

    def _in_batches(
        self,
        items: Sequence[tuple[Wrapped, bytes]],
        ask: Callable[[str, list[dict[str, str]]], list[_T]],
    ) -> list[_T]:
        """What *ask* answers for each item, asked by kek and `BATCH` at a time."""
        by_kek: dict[str, list[int]] = {}
        for place, (wrapped, _) in enumerate(items):
            by_kek.setdefault(self._of_ours(wrapped), []).append(place)
        answered: dict[int, _T] = {}
        for kek, places in by_kek.items():
            for start in range(0, len(places), BATCH):
                some = places[start : start + BATCH]
                asked = [_asked(*items[place]) for place in some]
                answered.update(zip(some, ask(kek, asked), strict=True))
        return [answered[place] for place in range(len(items))]

    def _open_batch(self, kek: str, asked: list[dict[str, str]]) -> list[bytes]:
        return [_bytes(one.get("plaintext")) for one in self._batch(f"decrypt/wrap-{kek}", asked)]

    def _rewrap_batch(self, kek: str, asked: list[dict[str, str]]) -> list[Wrapped]:
        return [self._sealed(kek, one) for one in self._batch(f"rewrap/wrap-{kek}", asked)]

    def _batch(self, path: str, asked: list[dict[str, str]]) -> list[dict[str, Any]]:
        results = self._open(path, {"batch_input": asked}).get("batch_results")
        if not isinstance(results, list) or len(results) != len(asked):
            raise ProviderAway("The key server answers another number of keys.")
        if any(one.get("error") for one in results):
            raise CannotOpen
        return results

    def _of_ours(self, wrapped: Wrapped) -> str:
        # The name goes into a path, and comes from a row that somebody may have written.
        if wrapped.provider != self.name or not _NAME.fullmatch(wrapped.kek) or wrapped.version < 1:
            raise CannotOpen
        return wrapped.kek

    def _sealed(self, kek: str, answer: dict[str, Any]) -> Wrapped:
        version, blob = _parts(answer.get("ciphertext"))
        return Wrapped(self.name, kek, version, blob)

    def _open(self, path: str, asked: object) -> dict[str, Any]:
        try:
            return self._transit.post(path, asked)
        except Refused:
            raise CannotOpen from None

    def _do(self, path: str, asked: object) -> dict[str, Any]:
        try:
            return self._transit.post(path, asked)
        except Refused:
            raise ProviderAway("The key server refuses it; its audit log says why.") from None

    def _configure(self, kek: str, **settings: int) -> None:
        self._do(f"keys/wrap-{kek}/config", settings)

    def _reach(self, kek: str) -> _Reach:
        found = self._transit.get(f"keys/wrap-{_checked(kek)}")
        if found is None:
            raise ValueError(f"there is no key {kek}")
        newest, opens = (_number(found, f"{one}_version") for one in ("latest", "min_decryption"))
        # Before the first trim the server says 0.
        return _Reach(newest, max(1, found.get("min_available_version", 0)), max(1, opens))

    def _named(self, kek: str, version: int) -> _Reach:
        reach = self._reach(kek)
        if not 1 <= version <= reach.newest:
            raise ValueError(f"{kek} has no version {version}")
        if version < reach.kept:
            raise ValueError(f"version {version} of {kek} is destroyed, and stays so")
        if version == reach.newest:
            raise ValueError(f"version {version} of {kek} is the primary: rotate it first")
        return reach


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("a key's name is 1 to 64 of a-z, 0-9 and hyphen")
    return name


def _asked(wrapped: Wrapped, context: bytes) -> dict[str, str]:
    ciphertext = f"vault:v{wrapped.version}:{_text(wrapped.blob)}"
    return {"ciphertext": ciphertext, "context": _bound(context)}


def _bound(context: bytes) -> str:
    # The kek and its version are bound by the key that the server derives from them.
    return _text(b"nyefamilier-wrap/1\0" + context)


def _text(of: bytes) -> str:
    return b64encode(of).decode()


def _bytes(text: object) -> bytes:
    # The word None would be three bytes of base64.
    if not isinstance(text, str):
        raise ProviderAway("What answers is no key server.")
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise ProviderAway("What answers is no key server.") from None


def _parts(sealed: object) -> tuple[int, bytes]:
    found = _SEALED.fullmatch(str(sealed))
    if found is None:
        raise ProviderAway("What answers is no key server.")
    return int(found[1]), _bytes(found[2])


def _number(answer: dict[str, Any], key: str) -> int:
    value = answer.get(key)
    if not isinstance(value, int):
        raise ProviderAway("What answers is no key server.")
    return value
