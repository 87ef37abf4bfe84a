"""Every number on a page of plans leads to what it comes of in one click, and that has a source."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from uuid import uuid4

import pytest

from api.web.rollout.grounds import GROUNDS
from api.web.rollout.sources import SOURCES
from api.web.texts import in_locale
from nyefamilier.kernel.actors import Role
from nyefamilier.rollout import service
from nyefamilier.rollout.assumptions import KNOWN
from nyefamilier.rollout.reading import packaged_assumptions, packaged_plan
from tests.api.web.test_variation import tell
from tests.rollouts import past_document, planner

LEADS = re.compile(r"/plans/[^/]+/\d+/(grounds/\w+|assumptions(/\w+)?)$")
VOID = {"br", "input", "img", "hr", "path", "line", "rect", "circle", "use", "link", "meta"}


class Walk(HTMLParser):
    """Walks a page's tree and notes each number, with the links that lie near it."""

    def __init__(self, html):
        super().__init__()
        self.stack, self.numbers, self.root = [], [], None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        node = {
            "tag": tag,
            "attrs": dict(attrs),
            "kids": [],
            "up": self.stack[-1] if self.stack else None,
        }
        if self.stack:
            self.stack[-1]["kids"].append(node)
        if tag not in VOID:
            self.stack.append(node)

    def handle_endtag(self, tag):
        if any(node["tag"] == tag for node in self.stack):
            while self.stack.pop()["tag"] != tag:
                pass

    def handle_data(self, text):
        above = list(self.above(self.stack[-1])) if self.stack else []
        if re.search(r"\d", text) and any(one["tag"] == "main" for one in above):
            self.numbers.append((text.strip(), self.stack[-1]))

    @staticmethod
    def above(node):
        while node:
            yield node
            node = node["up"]


def leads(node):
    """The links to what figures come of that lie in a part of a page."""
    href = node["attrs"].get("href") or ""
    found = [href] if LEADS.search(href) else []
    return found + [one for kid in node["kids"] for one in leads(kid)]


def excused(node):
    """Headings, dates, names and versions, and rows that name their source themselves."""
    for one in Walk.above(node):
        attrs = one["attrs"]
        if one["tag"] in {"h1", "h2", "th", "form"} or {"data-sourced", "data-label"} & set(attrs):
            return True
        if {"nf-lede", "nf-back", "nf-actions"} & set((attrs.get("class") or "").split()):
            return True
        if attrs.get("aria-labelledby") in {"who", "changes"} or "alert" in (
            attrs.get("class") or ""
        ):
            return True
    return False


def link_of(node):
    """What leads from a number to what it comes of: about it, or at the head of its column."""
    for one in Walk.above(node):
        if one["tag"] == "td":
            row = one["up"]
            at = next(place for place, kid in enumerate(row["kids"]) if kid is one)
            table = next(up for up in Walk.above(one) if up["tag"] == "table")
            head = table["kids"][0]["kids"][0]["kids"][at]
            return leads(one) or leads(head) or leads(row["kids"][0])
        if one["tag"] in {"p", "figure", "th", "li"}:
            return leads(one)
    return []


@pytest.fixture
def planned(programme):
    """A decided plan that has begun, of which something has happened and something was told."""
    plan_id = uuid4()
    with programme.work(planner(), "test") as work:
        service.create_plan(work, plan_id, past_document())
        service.decide(work, plan_id, 1)
    return f"{plan_id}"


def test_every_number_leads_to_what_it_comes_of_and_that_names_a_source(reader, planned, programme):
    tell(programme, 2025, {"11": (30, 9), "12": (2, 8), "13": (3, 9)})
    reads, targets = reader(Role.PLANNER), set()
    own = f"/plans/{planned}/1"
    asked = reads.read(f"{own}/follow-up/arsverk")
    reads.send(asked, bydel="11", year="2025", arsverk="9,5", source="Budsjett 2025")
    beside = f"/plans/compare?a={planned}.1&b={planned}.1"
    for path in (own, beside, f"{own}/follow-up?year=2025"):
        walk = Walk(reads.read(path).html)
        lost = [text for text, node in walk.numbers if not excused(node) and not link_of(node)]
        assert lost == [], path
        followed = [one for _, node in walk.numbers if not excused(node) for one in link_of(node)]
        assert len(followed) > 20, path
        targets |= set(followed)
    for target in sorted(targets):
        page = reads.read(target)
        assert page.answer.status_code == 200, target
        assert "Kilde" in page.words, target
        assert "<td></td>" not in page.html, target


def test_all_that_a_number_can_come_of_is_used_and_known(reader, programme):
    plan_id = uuid4()
    with programme.work(planner(), "test") as work:
        service.create_plan(work, plan_id, packaged_plan("history"))
    reads = reader(Role.PLANNER)
    for code, ground in GROUNDS.items():
        assert set(ground.assumptions) <= set(KNOWN)
        page = reads.read(f"/plans/{plan_id}/1/grounds/{code}")
        assert page.answer.status_code == 200
        assert ground.assumptions or ground.places or ground.sources
    assert reads.read(f"/plans/{plan_id}/1/grounds/luck").answer.status_code == 404


def test_the_sources_of_the_programme_s_own_assumptions_have_words_in_both_languages(app):
    packaged = {name: one.source for name, one in packaged_assumptions().items()}
    with app.test_request_context(), in_locale("en"):
        assert {name: str(one) for name, one in SOURCES.items()} == packaged
    with app.test_request_context(), in_locale("nb"):
        assert [name for name, one in SOURCES.items() if str(one) == packaged[name]] == []
