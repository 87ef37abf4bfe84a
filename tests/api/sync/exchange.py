"""The worked exchange of `docs/sync-protocol.md`: read from the page, played against the app."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from flask.testing import FlaskClient

from nyefamilier.wire.chain import have_hash
from nyefamilier.wire.digests import content_digest
from nyefamilier.wire.texts import from_text

PAGE: Final = Path(__file__).parents[3] / "docs" / "sync-protocol.md"
STEP: Final = re.compile(
    r"^`POST (?P<path>\S+)` (?P<who>first|second) phone\n\n```json\n(?P<sent>.*?)^```\n\n"
    r"`(?P<status>\d+)`\n\n```json\n(?P<told>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
PLACEHOLDER: Final = re.compile(r"<[a-z0-9-]+>")


@dataclass(frozen=True)
class Step:
    """One request of the page and its answer, with placeholders for what is new each time."""

    path: str
    who: str
    sent: Any
    status: int
    told: Any


def steps() -> Iterator[Step]:
    """The steps of the page, in its order."""
    for found in STEP.finditer(PAGE.read_text("utf-8")):
        sent, told = json.loads(found["sent"]), json.loads(found["told"])
        yield Step(found["path"], found["who"], sent, int(found["status"]), told)


@dataclass
class Play:
    """The exchange so far: who may send, and what the placeholders stand for."""

    client: FlaskClient
    tokens: dict[str, str]
    known: dict[str, Any] = field(default_factory=dict)

    def send(self, step: Step) -> tuple[int, Any]:
        """Send a step's request, each placeholder replaced by what it stands for."""
        body = json.dumps(self.filled(step.sent)).encode()
        headers = {
            "Authorization": f"Bearer {self.tokens[step.who]}",
            "Content-Type": "application/json",
            "Content-Digest": content_digest(body),
        }
        answer = self.client.post(f"/api/v1/sync{step.path}", data=body, headers=headers)
        return answer.status_code, answer.json

    def filled(self, value: Any) -> Any:
        """A value of the page as it is sent."""
        if isinstance(value, dict):
            return {name: self.filled(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self.filled(one) for one in value]
        if isinstance(value, str) and PLACEHOLDER.fullmatch(value):
            return self._stands_for(value)
        return value

    def differs(self, page: Any, real: Any, at: str = "") -> list[str]:
        """Where the real answer is not what the page says; a placeholder learns what it is."""
        if isinstance(page, str) and PLACEHOLDER.fullmatch(page):
            return [] if self.known.setdefault(page, real) == real else [f"{at}: {page}"]
        if isinstance(page, dict) and isinstance(real, dict) and page.keys() == real.keys():
            return self._each(page, real, page, at)
        if isinstance(page, list) and isinstance(real, list) and len(page) == len(real):
            return self._each(page, real, range(len(page)), at)
        return [] if page == real else [f"{at}: {page!r} is {real!r}"]

    def _each(self, page: Any, real: Any, places: Any, at: str) -> list[str]:
        found = (self.differs(page[one], real[one], f"{at}/{one}") for one in places)
        return [flaw for flaws in found for flaw in flaws]

    def _stands_for(self, name: str) -> Any:
        if name.startswith("<have-hash"):
            rev = int(name.rstrip(">").rsplit("-", 1)[1])
            family, chain = UUID(FAMILY), from_text(self.known[f"<chain-{rev}>"])
            return have_hash([(family, rev, chain)])
        return self.known[name]


FAMILY: Final = "0199f0c1-9a10-7c55-8f3e-2b1a7a3c1e55"
MOTHER: Final = "0199f0c1-9a10-7c55-8f3e-2b1a7a3c0001"
FATHER: Final = "0199f0c1-9a10-7c55-8f3e-2b1a7a3c0002"
ADDRESS: Final = "0199f0c1-9a10-7c55-8f3e-2b1a7a3c0003"
NEED: Final = "0199f0c1-9a10-7c55-8f3e-2b1a7a3c0004"
