"""What a nurse tells by her phone without a network, and what the server has of it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.e2e import families
from tests.e2e.felt import SMALL, Phone, at_the_clinic
from tests.e2e.test_inbox import Nurse

NURSE = "alna2"
FURUSET = "0301121201"
NOTE, BETTER = "Vekt 3480 g.", "Vekt 3840 g. Tallene var byttet om."
NEED = "Vi får ikke sove."


@dataclass
class Home:
    """A family of hers, as the server knows it over REST."""

    clinic: httpx.Client
    id: str = ""
    mother: str = ""
    need: str = ""
    note: str = ""

    def register(self) -> Home:
        """With a need and a note, so that they are on the phone when it is set up."""
        self.id, ids = self._made(
            "",
            members=[{"role": "mor", "name": "Rask Bjørk"}],
            address={"delbydel": FURUSET, "valid_from": str(families.today())},
            pregnancy={"term": str(families.today()), "basis": "forste_barn"},
        )
        self.mother = ids["members"][0]
        _, stated = self._made("/needs", stated_by=self.mother, words=NEED)
        self.need = stated["need"]
        _, written = self._made("/notes", member_id=self.mother, text=NOTE)
        self.note = written["note"]
        return self

    @property
    def address(self) -> str:
        """Of its screen on the phone."""
        return f"#/family/{self.id}"

    def items(self, what: str) -> list[dict[str, Any]]:
        """What the server has of a kind."""
        return list(
            self.clinic.get(f"/families/{self.id}/{what}").raise_for_status().json()["items"]
        )

    def read(self) -> dict[str, Any]:
        """The family itself."""
        return dict(self.clinic.get(f"/families/{self.id}").raise_for_status().json())

    def state(self) -> str:
        """How the need stands."""
        return str(self.items("needs")[0]["state"])

    def closes(self, state: str) -> None:
        """Somebody at the clinic closes the need with the mother."""
        self._made(f"/needs/{self.need}/close", closed_by=self.mother, state=state)

    def corrects(self, text: str) -> None:
        """Somebody at the clinic corrects the note."""
        self._made(f"/notes/{self.note}/corrections", text=text)

    def inbox(self) -> list[dict[str, Any]]:
        """What waits for a decision about it."""
        found = self.clinic.get("/sync/reviews").raise_for_status().json()["items"]
        return [one for one in found if one["family_id"] == self.id]

    def _made(self, path: str, **body: Any) -> tuple[str, dict[str, Any]]:
        whole = f"/families/{self.id}{path}" if self.id else "/families"
        key = {"Idempotency-Key": str(uuid4())}
        made = self.clinic.post(whole, json=body, headers=key)
        assert made.is_success, made.text
        return made.json()["family_id"], made.json()["ids"]


@pytest.fixture
def clinic(served) -> Iterator[httpx.Client]:
    """The server, as it answers whoever follows her families."""
    with at_the_clinic(served, NURSE) as line:
        yield line


@pytest.fixture
def begun(arrives):
    """A phone that is set up; the families that are there by then are on it."""

    def begin() -> Phone:
        phone = Phone(arrives(**SMALL))
        phone.begin(NURSE)
        return phone

    return begin


def away(phone: Phone) -> None:
    phone.visitor.context.set_offline(True)


def sends(phone: Phone) -> None:
    """The network is there again, and all gets through."""
    phone.visitor.context.set_offline(False)
    expect(phone.state).not_to_contain_text("vente", timeout=60_000)
    expect(phone.page.get_by_role("button", name="Vent")).to_have_count(0, timeout=60_000)


def saves(phone: Phone, waiting: int) -> None:
    phone.page.locator("form button[type=submit]").click()
    expect(phone.state).to_contain_text(f"{waiting} venter på sending")


def looks(phone: Phone, home: Home, state: str, words: str = "") -> None:
    """How the parents see the need now."""
    phone.visit(f"{home.address}/needs")
    phone.page.locator(".ff-chip", has_text=state).click()
    if words:
        phone.page.fill(f"#words-{home.need}", words)


def corrects(phone: Phone, home: Home, text: str) -> None:
    phone.visit(home.address)
    phone.page.locator(f"a[href='{home.address}/note/{home.note}']").click()
    phone.page.fill("#text", text)


def test_what_is_told_without_a_network_is_on_the_server_once_there_is_one(begun, clinic):
    home = Home(clinic).register()
    phone = begun()
    page = phone.page
    away(phone)
    corrects(phone, home, BETTER)
    saves(phone, 1)
    expect(page.get_by_text(BETTER)).to_be_visible()
    looks(phone, home, "Møtt")
    phone.press("Angre valget")
    looks(phone, home, "Vi er i gang", "Bedre siden søndag.")
    saves(phone, 2)
    phone.visit(f"{home.address}/birth")
    page.fill("#bornOn", str(families.today()))
    page.fill("#child0-name", "Liten Sten")
    saves(phone, 3)
    page.reload()
    phone.unlock()
    expect(phone.state).to_contain_text("3 venter på sending")
    assert (len(home.items("notes")), home.state()) == (1, "open")
    sends(phone)
    old, new = home.items("notes")
    assert (old["text"], old["corrected_by"]) == (NOTE, [new["id"]])
    assert (new["text"], new["corrects"], new["version"]) == (BETTER, home.note, 2)
    (need,) = home.items("needs")
    assert (need["state"], need["words"]) == ("being_met", NEED)
    assert [one["words"] for one in need["reviews"]] == ["Bedre siden søndag."]
    children = [one for one in home.read()["members"] if one["role"] == "barn"]
    assert [(one["name"], one["born_on"]) for one in children] == [
        ("Liten Sten", str(families.today()))
    ]
    assert home.read()["pregnancies"][0]["outcome"] == "fodt"
    assert home.inbox() == []


def item_card(phone: Phone, item: dict[str, Any]) -> Locator:
    """What waits, as it is shown with both versions."""
    phone.visit("#/inbox")
    return phone.page.locator(f"section:has(#item-{item['id']})")


def decides(phone: Phone, card: Locator, choice: str) -> None:
    """One tap, without a network; then it gets through."""
    away(phone)
    card.get_by_role("button", name=choice).click()
    expect(card).to_have_count(0)
    expect(phone.state).to_contain_text("1 venter på sending")
    sends(phone)


def test_what_the_parents_closed_stays_closed_and_she_keeps_it_by_one_tap(begun, clinic):
    home = Home(clinic).register()
    phone = begun()
    away(phone)
    looks(phone, home, "Møtt")
    saves(phone, 1)
    home.closes("no_longer_wished")
    sends(phone)
    (item,) = home.inbox()
    assert (item["kind"], home.state()) == ("conflict", "no_longer_wished")
    expect(phone.state).to_contain_text("må du avgjøre")
    card = item_card(phone, item)
    expect(card).to_contain_text("Møtt")
    expect(card).to_contain_text("Ikke lenger ønsket")
    # The server would refuse that, and another item would wait.
    expect(card.get_by_role("button", name="Bruk det som ble sendt")).to_have_count(0)
    decides(phone, card, "Behold det som står nå")
    assert (home.inbox(), home.state()) == ([], "no_longer_wished")


@pytest.mark.parametrize(
    ("choice", "stands"),
    [("Behold det som står nå", "41111111"), ("Bruk det som ble sendt", "42222222")],
)
def test_one_tap_decides_which_of_two_numbers_stands(begun, served, clinic, choice, stands):
    home = Home(clinic).register()
    two_phones = Nurse(served, clinic, NURSE)
    assert two_phones.number(f"/families/{home.id}", "41111111")["status"] == "applied"
    assert two_phones.number(f"/families/{home.id}", "42222222")["status"] == "conflict"
    phone = begun()
    (item,) = home.inbox()
    card = item_card(phone, item)
    expect(card).to_contain_text("41111111")
    expect(card).to_contain_text("42222222")
    decides(phone, card, choice)
    assert home.inbox() == []
    assert home.read()["members"][0]["phone"] == stands


def test_two_corrections_of_one_note_both_stand_and_she_is_told(begun, clinic):
    home = Home(clinic).register()
    phone = begun()
    away(phone)
    corrects(phone, home, BETTER)
    saves(phone, 1)
    home.corrects("Vekt 3482 g.")
    sends(phone)
    (item,) = home.inbox()
    decides(phone, item_card(phone, item), "Jeg har lest det")
    assert home.inbox() == []
    texts = {one["text"] for one in home.items("notes")}
    assert texts == {NOTE, BETTER, "Vekt 3482 g."}


def test_a_phone_that_was_set_up_anew_shows_that_she_is_out_and_ends_it(begun, clinic):
    outing = f"/safety/outings/{uuid4()}"
    told = {"step": 1, "began_seconds_ago": 60, "minutes": 60, "ended_seconds_ago": None}
    clinic.put(outing, json={**told, "family_id": None}).raise_for_status()
    phone = begun()
    phone.page.get_by_role("link", name="Ute alene, tilbake kl.").click()
    phone.press("Sjekk ut: Jeg er trygg")
    expect(phone.page.locator(".ff-out")).to_have_count(0)
    sends(phone)
    found = clinic.get("/safety/outings").raise_for_status().json()["items"]
    assert [one["state"] for one in found if one["id"] == outing.rpartition("/")[2]] == ["back"]
