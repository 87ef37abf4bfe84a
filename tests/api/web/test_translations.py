"""Every text of pages and field app is there in bokmål, and what is compiled is what is written."""

from __future__ import annotations

import gettext
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from api.felt.words import texts_in

API = Path(__file__).parents[3] / "api"
FIELD = API.parent / "fieldapp" / "src"
NB = API / "translations" / "nb" / "LC_MESSAGES"
KEYWORDS = {"_": None, "_l": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    with (NB / "messages.po").open("rb") as written:
        return read_po(written, locale="nb")


@pytest.fixture(scope="module")
def texts() -> set[Any]:
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
    pages = {found[2] for found in extract_from_dir(API, methods, keywords=KEYWORDS)}
    return pages | {
        said[0] if len(said) == 1 else said
        for module in FIELD.rglob("*.js")
        for _, _, said in texts_in(module.read_text("utf-8"))
    }


def test_every_text_of_the_pages_and_of_the_app_has_a_translation(catalog, texts):
    translated = {message.id for message in catalog if message.id and _is_whole(message.string)}

    assert texts - translated == set()


def test_no_translation_is_left_over_or_a_guess(catalog, texts):
    assert {message.id for message in catalog if message.id} - texts == set()
    assert not any(message.fuzzy for message in catalog if message.id)
    assert not catalog.obsolete


def test_a_translation_fills_in_what_its_text_fills_in(catalog):
    for message in catalog:
        if message.id:
            assert _holes(message.string) == _holes(message.id), message.id


def test_a_percent_sign_in_a_template_is_written_twice():
    """Jinja formats each text, also one that has nothing to fill in."""
    found = extract_from_dir(API, [("templates/**.html", "jinja2")], keywords=KEYWORDS)
    for _file, _line, text, _comments, _context in found:
        rest = re.sub(r"%\(\w+\)[sd]|%%", "", " ".join(text) if isinstance(text, tuple) else text)
        assert "%" not in rest, text


def test_what_is_compiled_is_what_is_written(catalog):
    fresh = BytesIO()
    write_mo(fresh, catalog)
    with (NB / "messages.mo").open("rb") as compiled:
        assert _texts(compiled) == _texts(BytesIO(fresh.getvalue()))


def _is_whole(translation: str | tuple[str, ...]) -> bool:
    return bool(translation) if isinstance(translation, str) else all(translation)


def _holes(text: str | tuple[str, ...]) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|%%", text if isinstance(text, str) else " ".join(text)))


def _texts(compiled: Any) -> dict[Any, str]:
    return {key: text for key, text in gettext.GNUTranslations(compiled)._catalog.items() if key}
