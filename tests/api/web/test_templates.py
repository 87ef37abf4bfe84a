"""The templates keep what has to stay in one place in one place."""

from __future__ import annotations

import re
from pathlib import Path

from api.web import refusals, site, wording
from nyefamilier.door.mutations import Operation

TEMPLATES = Path(__file__).parents[3] / "api" / "templates"
DOCS = Path(__file__).parents[3] / "docs"


def test_only_one_file_names_the_design_systems_classes():
    of_theirs = re.compile(r'class="(?:[^"]* )?ds-')
    texts = {path.name: path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")}
    naming = {name for name, text in texts.items() if of_theirs.search(text)}

    assert naming == {"ui.html"}


def test_no_template_writes_a_style_or_a_script_that_the_policy_refuses():
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text("utf-8")
        assert " style=" not in text, path.name
        assert not re.search(r"<script(?! src=)", text), path.name
        assert not re.search(r"\son[a-z]+=", text), path.name


def test_no_template_lets_text_through_unescaped():
    for path in TEMPLATES.rglob("*.html"):
        assert not re.search(r"\|\s*safe\b|autoescape", path.read_text("utf-8")), path.name


def test_every_member_of_every_enumeration_has_words(app):
    with app.test_request_context():
        for kind, table in wording._TABLES.items():
            assert set(table) == set(kind), kind
            assert all(str(wording.words(member)) for member in kind)


def test_the_access_log_has_words_for_every_operation_of_the_door():
    assert {operation.__name__ for operation in Operation.__args__} <= wording.objects()


def test_every_refusal_that_a_form_can_meet_has_words():
    told = set(re.findall(r"^\| `([a-z0-9-]+)` \| 422 ", _problems(), re.MULTILINE))

    assert told - refusals.codes() - NOT_ON_PAGES == set()


def test_no_words_are_kept_for_a_refusal_that_is_gone():
    known = set(re.findall(r"^\| `([a-z0-9-]+)` \|", _problems(), re.MULTILINE))

    assert refusals.codes() - known == set()


def test_what_a_page_says_was_done_is_in_its_table():
    modules = (Path(__file__).parents[3] / "api" / "web").glob("*.py")
    text = "".join(path.read_text("utf-8") for path in modules)
    said = set(re.findall(r'Errand\(\s*"([a-z-]+)"|done="([a-z-]+)"', text))

    assert {one for pair in said for one in pair if one} <= set(site.DONE)


def _problems() -> str:
    return (DOCS / "problems.md").read_text("utf-8")


NOT_ON_PAGES = {
    "account-bydel",
    "area-required",
    "backup-in-future",
    "escrow-unreadable",
    "instant",
    "invalid-fields",
    "key-version",
    "no-operations",
    "online-only",
    "password-length",
    "protocol-addition",
    "public-key",
    "reform-contradicts",
    "reform-incomplete",
    "reform-number-used",
    "reform-too-early",
    "registration-first",
    "token-digest",
    "unknown-indicator",
    "unknown-operation",
    "unknown-protocol",
    "username",
}
"""Met by programs and on the command line only."""
