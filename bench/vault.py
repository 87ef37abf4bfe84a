"""How long the vault takes: python -m bench.vault."""

import os
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from nyefamilier.vault.keyring import LocalKeyring
from nyefamilier.vault.vault import Vault, bydel_kek


def microseconds(work: Callable[[], object], times: int) -> float:
    """The best of five runs, for one call."""
    best = float("inf")
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(times):
            work()
        best = min(best, time.perf_counter() - began)
    return best / times * 1e6


def main() -> None:
    """Measure, and print one line for each."""
    with tempfile.TemporaryDirectory() as directory:
        vault = Vault(LocalKeyring.open(Path(directory, "keyring.json")), "oslo")
        cells(vault)
        keys(vault)
        memory(vault)


def cells(vault: Vault) -> None:
    """Sealing and opening, by the length of the text."""
    family, record = uuid4(), uuid4()
    cipher = vault.open_family_key(family, vault.new_family_key(family, bydel_kek("11")))
    for size in (20, 1_000, 8_000, 100_000):
        place = ("note", "text", record, 1)
        text = os.urandom(size)
        blob = cipher.seal(*place, text)
        seal = microseconds(partial(cipher.seal, *place, text), 2_000)
        opened = microseconds(partial(cipher.open, *place, blob), 2_000)
        print(f"{size:>7} B   seal {seal:5.1f} us   open {opened:5.1f} us   sealed {len(blob)} B")


def keys(vault: Vault) -> None:
    """Making, opening and moving family keys, and finding by a blind index."""
    family = uuid4()
    key = vault.new_family_key(family, bydel_kek("11"))

    def forgotten() -> None:
        vault.forget()
        vault.open_family_key(family, key)

    measured: dict[str, Callable[[], object]] = {
        "new family key": partial(vault.new_family_key, family, bydel_kek("11")),
        "open, forgotten": forgotten,
        "open, remembered": partial(vault.open_family_key, family, key),
        "move": partial(vault.move_family_key, family, key, bydel_kek("12")),
        "blind index": partial(vault.blind_index, "fnr", "01817012345"),
    }
    for name, work in measured.items():
        print(f"{name:<18} {microseconds(work, 2_000):6.1f} us")


def memory(vault: Vault) -> None:
    """What five thousand remembered keys take."""
    wrapped = {each: vault.new_family_key(each, bydel_kek("11")) for each in new_ids(5_000)}
    tracemalloc.start()
    for family, key in wrapped.items():
        vault.open_family_key(family, key)
    print(f"remembered key     {tracemalloc.get_traced_memory()[0] / len(wrapped):6.0f} B")


def new_ids(count: int) -> list[UUID]:
    """Random ids."""
    return [uuid4() for _ in range(count)]


if __name__ == "__main__":
    main()
