"""A process that sends texts and dies by SIGKILL where it is told to; for `test_dying.py`.

Arguments: the database's address, the folder of the keyring, the instant, where to die (``never``,
``before``: as the gateway is asked, ``after``: when it has sent, before that is written down), and
after how many texts. What the gateway gets is a line in ``sent.log``, whole or not at all.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from config.settings import Settings
from nyefamilier.storage.engine import make_engine
from nyefamilier.texts.gateway import Message
from nyefamilier.texts.sending import send_due
from tests.builders import HandClock
from tests.cities import build_programme


@dataclass
class Deadly:
    """A gateway in whose hands its caller dies."""

    log: Path
    where: str
    left: int

    def send(self, message: Message) -> None:
        self.left -= 1
        if self.where == "before" and self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        with self.log.open("ab", buffering=0) as log:
            log.write(f"{message.key} {message.number}\n".encode())
        if self.where == "after" and self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, folder: str, now: str, where: str, after: str) -> None:
    engine = make_engine(url, Settings(environment="test"))
    programme = build_programme(engine, Path(folder))
    programme = replace(programme, clock=HandClock(datetime.fromisoformat(now)))
    gateway = Deadly(Path(folder) / "sent.log", where, int(after))
    send_due(partial(programme.work, doorway="job"), gateway)
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
