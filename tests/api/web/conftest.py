"""Readers of the pages, and a family whose nurse reads them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.kernel.actors import Role
from tests.api.web.readers import Page, Reader
from tests.builders import DAY, VESTLI

TERM = DAY + timedelta(days=30)


@pytest.fixture
def reader(app: Flask, person: Callable[..., AccountIdentity]) -> Callable[..., Reader]:
    """Somebody of a role who has signed in on the page for it."""

    def sign_in(role: Role = Role.NURSE, bydel: str = "11") -> Reader:
        return Reader(app.test_client(), person(role, bydel)).sign_in()

    return sign_in


@dataclass
class Visited:
    """A family and the nurse who reads its pages."""

    nurse: Reader
    path: str

    def read(self, below: str = "") -> Page:
        return self.nurse.read(self.path + below)

    def do(self, below: str, **filled: object) -> Page:
        """Open a form of the family, fill it in, send it."""
        return self.nurse.send(self.read(below), **filled)


@pytest.fixture
def nurse(reader: Callable[..., Reader]) -> Reader:
    return reader()


@pytest.fixture
def visited(nurse: Reader) -> Visited:
    """A family in Stovner, registered on the page for it."""
    page = nurse.send(
        nurse.read("/families/new"),
        one_name="Myk Skog",
        one_phone="40000001",
        two_role="far",
        two_name="Stille Fjell",
        term=TERM,
        basis="forste_barn",
        lines="Prøveveien 1",
        postal_code="0980",
        delbydel=VESTLI,
        valid_from=DAY,
    )
    assert page.answer.status_code == 200, page.words
    return Visited(nurse, page.path.partition("?")[0])


@pytest.fixture
def enrolled(visited: Visited) -> Visited:
    """The same family after it has said yes."""
    page = visited.do("/offers/new", channel="jordmor")
    offer = page.html.partition("/answer")[0].rpartition("/offers/")[2]
    visited.do(f"/offers/{offer}/answer", answer="ja")
    return visited
