"""The phone's own half of its key, in a file of its own, where there is no hardware to keep it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from nyefamilier.vault.phone import SECRET_BYTES, new_secret

_PRIVATE: Final = 0o600


class KeyRefused(Exception):  # noqa: N818 - an answer, not a defect
    """The file is not one that a key may lie in; the message says why."""


def secret_at(path: Path) -> bytes:
    """The secret that lies at *path*; a new one, if nothing lies there.

    Raises:
        KeyRefused: others may read the file, or it holds no secret.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    except FileExistsError:
        return _read(path)
    secret = new_secret()
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
        file.flush()
        # The store's first rows are worth nothing without it.
        os.fsync(file.fileno())
    return secret


def _read(path: Path) -> bytes:
    if path.stat().st_mode & 0o077:
        raise KeyRefused(f"Others may read {path}. Let only its owner: chmod 600.")
    secret = path.read_bytes()
    if len(secret) != SECRET_BYTES:
        raise KeyRefused(f"{path} holds no key of a phone.")
    return secret
