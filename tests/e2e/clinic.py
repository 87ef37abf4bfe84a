"""A nurse at her desk in the clinic, by REST: what she makes there comes to her phone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from tests.e2e.served import Served

VESTLI = "0301111101"
"""A delbydel of Stovner."""


class Clinic:
    """Signed in as one nurse."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def families(self) -> list[str]:
        """The families that she follows and may have on a phone, by their ids."""
        found = self.all_of("/families")
        return [one["id"] for one in found if one["protection"] == "ugradert"]

    def register(self, number: int) -> str:
        """A family that expects its first child; a note and two needs of theirs. Its id."""
        today = datetime.now(UTC).date()
        address = {"delbydel": VESTLI, "valid_from": str(today), "lines": f"Prøveveien {number}"}
        told = {
            "members": [
                {"role": "mor", "name": f"Prøve Mor {number}", "phone": f"400{number:05}"},
                {"role": "far", "name": f"Prøve Far {number}"},
            ],
            "address": address | {"postal_code": "0980"},
            "pregnancy": {"term": str(today + timedelta(days=60)), "basis": "forste_barn"},
        }
        family = str(self._post("/families", told)["family_id"])
        mother = self._get(f"/families/{family}")["members"][0]["id"]
        self._post(f"/families/{family}/notes", {"member_id": mother, "text": f"Notat {number}."})
        for words in ("Søvn", "Hvem vi ringer til"):
            self._post(f"/families/{family}/needs", {"stated_by": mother, "words": words})
        return family

    def records(self, families: Iterable[str]) -> dict[str, Counter[tuple[str, str]]]:
        """Each family's notes, needs and visits that took place, and how often each is there."""
        found = {}
        for family in families:
            path = f"/families/{family}"
            visits = [one for one in self.all_of(f"{path}/visits") if one["state"] == "done"]
            found[family] = Counter(
                [("note", one["text"]) for one in self.all_of(f"{path}/notes")]
                + [("need", one["words"]) for one in self.all_of(f"{path}/needs")]
                + [("visit", one["id"]) for one in visits]
            )
        return found

    def all_of(self, path: str) -> list[dict[str, Any]]:
        """Every item of a list, page after page."""
        items: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            asked = {"cursor": cursor} if cursor else {}
            page = self._get(path, **asked)
            items += page if isinstance(page, list) else page["items"]
            cursor = None if isinstance(page, list) else page.get("next")
            if not cursor:
                return items
            cursor = httpx.URL(cursor).params.get("cursor", cursor)

    def _get(self, path: str, **asked: str) -> Any:
        return self._client.get(path, params=asked).raise_for_status().json()

    def _post(self, path: str, told: dict[str, Any]) -> Any:
        key = {"Idempotency-Key": str(uuid4())}
        return self._client.post(path, json=told, headers=key).raise_for_status().json()


@contextmanager
def clinic(served: Served, username: str) -> Generator[Clinic]:
    """The desk of one nurse, for a while."""
    with httpx.Client(base_url=f"{served.address}/api/v1", timeout=60) as client:
        sign_in = {"username": username, "password": served.passwords[username]}
        token = client.post("/tokens", json=sign_in).raise_for_status().json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield Clinic(client)
