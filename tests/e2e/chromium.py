"""The browser of the browser tests: the system's Chromium, installed where we may; no skip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin"
APT = ("apt-get", "-q", "-o", "DPkg::Lock::Timeout=600")


class NoBrowserError(Exception):
    """There is no Chromium, and we may not install one."""


def find_chromium() -> str | None:
    """The path of a Chromium on this machine, if there is one."""
    return next(filter(None, (shutil.which(name, path=SYSTEM_PATH) for name in NAMES)), None)


def ensure_chromium() -> str:
    """The path of a Chromium, installed with apt when we are root on a Debian.

    Raises:
        NoBrowserError: there is none, and it is not ours to install.
    """
    return find_chromium() or _install()


def _install() -> str:
    apt = shutil.which("apt-get", path=SYSTEM_PATH)
    if apt is None or os.geteuid() != 0:
        raise NoBrowserError(
            "The browser tests need Chromium and found none. Install it (Debian: "
            "'sudo apt-get install chromium') or run the tests as root on a Debian machine."
        )
    print("Installing Chromium for the browser tests ...", flush=True)  # noqa: T201
    _apt("update")
    _apt("install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core")
    found = find_chromium()
    if found is None:
        raise NoBrowserError("apt-get installed Chromium, and it still cannot be found.")
    return found


def _apt(*arguments: str) -> None:
    environment = {**os.environ, "PATH": SYSTEM_PATH, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        [*APT, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise NoBrowserError(f"apt-get {arguments[0]} failed:\n{done.stderr[-2000:]}")


if __name__ == "__main__":
    try:
        print(f"Chromium: {ensure_chromium()}")  # noqa: T201
    except NoBrowserError as missing:
        sys.exit(str(missing))
