"""A family that was registered over REST, and those who call about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from werkzeug.test import TestResponse

from tests.api.callers import Caller
from tests.builders import DAY, NOON, VESTLI

TERM = DAY + timedelta(days=70)
MEMBERS = [
    {"role": "mor", "name": "Rask Bjørk", "phone": "40000001"},
    {"role": "far", "name": "Stille Fjell"},
]
ADDRESS = {"delbydel": VESTLI, "valid_from": str(DAY), "lines": "Prøveveien 1"}


def registration(**more: Any) -> dict[str, Any]:
    """The body that registers a family which expects a child."""
    body = {
        "members": [dict(member) for member in MEMBERS],
        "address": dict(ADDRESS),
        "pregnancy": {"term": str(TERM), "basis": "forste_barn"},
    } | more
    return {name: value for name, value in body.items() if value is not None}


def refusal(answer: TestResponse) -> tuple[int, str, str | None]:
    """Status, code and pointer of a problem document; the pointer of its only flaw, if it has."""
    assert answer.content_type == "application/problem+json", answer.data
    problem = answer.json
    assert problem["detail"]
    flaws = problem.get("errors", [])
    pointer = flaws[0]["pointer"] if len(flaws) == 1 else problem.get("pointer")
    return answer.status_code, problem["code"], pointer


@dataclass
class Home:
    """A family, seen by its nurse."""

    nurse: Caller
    ids: dict[str, Any] = field(default_factory=dict)
    id: str = ""

    def register(self, **more: Any) -> Home:
        answer = self.nurse("POST", "/api/v1/families", json=registration(**more))
        assert answer.status_code == 201, answer.json
        self.id, self.ids = answer.json["family_id"], answer.json["ids"]
        return self

    @property
    def path(self) -> str:
        return f"/api/v1/families/{self.id}"

    @property
    def mother(self) -> str:
        return self.ids["members"][0]

    @property
    def father(self) -> str:
        return self.ids["members"][1]

    @property
    def pregnancy(self) -> str:
        return self.ids["pregnancy"]

    def get(self, path: str = "", **options: Any) -> TestResponse:
        return self.nurse("GET", self.path + path, **options)

    def read(self, path: str = "") -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, answer.json
        return answer.json

    def post(self, path: str, body: dict[str, Any], **options: Any) -> TestResponse:
        return self.nurse("POST", self.path + path, json=body, **options)

    def do(self, path: str, **body: Any) -> dict[str, Any]:
        """A write that goes well; its ids."""
        answer = self.post(path, body)
        assert answer.status_code in {200, 201}, answer.json
        return answer.json["ids"]

    def offer(self, on: date = DAY, **more: Any) -> str:
        body = {
            "pregnancy_id": self.pregnancy,
            "programme": "nye_familier",
            "basis": "forste_barn",
            "channel": "jordmor",
            "offered_on": str(on),
        }
        return self.do("/offers", **body | more)["offer"]

    def says(self, said: str = "ja", on: date = DAY, offer: str | None = None) -> str:
        offer = offer or self.offer(on)
        self.do(f"/offers/{offer}/answers", answer=said, answered_on=str(on))
        return offer

    def gives_birth(self, on: date, *children: dict[str, Any]) -> list[str]:
        body = {"born_on": str(on), "children": list(children) or [{"name": "Liten Sten"}]}
        return self.do(f"/pregnancies/{self.pregnancy}/birth", **body)["children"]

    def visited(self, **more: Any) -> str:
        visit, at = str(uuid4()), (NOON - timedelta(hours=2)).isoformat()
        body = {"outcome": "done", "at": at, "minutes": 60} | more
        self.do(f"/visits/{visit}/record", **body)
        return visit
