"""Whatever is wrong with a plan is told in bokmål on pages in bokmål."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import nyefamilier.rollout
from api.web.rollout.flaw_words import flaw_words
from api.web.texts import in_locale
from nyefamilier.kernel.actors import Role
from tests.rollouts import document

FOLDER = Path(nyefamilier.rollout.__file__).parent
TOLD = {"flaw", "Flaw", "_wrong", "_unreadable"}


def sentences():
    """Every sentence that the rollout's code says of a flaw, its values filled in with X."""
    for file in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Assign | ast.AugAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names = [getattr(one, "id", "") for one in targets]
                if names in (["why"], ["mend"]):
                    yield file.name, text_of(node.value)
            elif isinstance(node, ast.Call) and name_of(node.func) in TOLD:
                for one in node.args[1:]:
                    yield file.name, text_of(one)


def name_of(node):
    return getattr(node, "attr", getattr(node, "id", ""))


def text_of(node):
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr():
            return "".join(text_of(one) for one in node.values)
        case ast.FormattedValue():
            return "X"
        case ast.IfExp():
            return text_of(node.body)
    return ""


KINDS = ("a month", "a day", "a number", "a whole number", "a table", "a list of tables",
         "a list of texts", "true or false", "a word that is known here", "a text with words in it",
         "a text that can be printed")  # fmt: skip
ELSEWHERE = {"following.py", "service.py", "telling.py"}
"""What these say is no flaw of a document."""
SENTENCES = sorted(
    {text for file, text in sentences() if text.endswith(".") and file not in ELSEWHERE}
    - {"X is not X.", "X."}
    | {f"x is not {kind}." for kind in KINDS}
)


@pytest.fixture
def reads(reader):
    return reader(Role.PLANNER)


def test_every_sentence_about_a_flaw_is_known(app):
    with app.test_request_context(), in_locale("nb"):
        assert [one for one in SENTENCES if flaw_words(one) is None] == []
        assert flaw_words("Nobody has ever said this.") is None
        assert flaw_words("arsverk is -1.") == "arsverk er -1."
        assert flaw_words("Bydel 11 is observed twice.") == "Bydel 11 er observert to ganger."
    with app.test_request_context(), in_locale("en"):
        for one in SENTENCES:
            assert flaw_words(one) == one


def test_flaws_are_told_in_the_reader_s_language(reads):
    page = reads.read("/plans/new")
    wrong = document(arsverk=-1).replace('"11"', '"77"', 1).replace("ramp_months = 3", "")
    refused = reads.send(page, document=wrong)
    assert "ramp_months mangler. Legg det til." in refused.words
    assert "arsverk er -1. Skriv et tall fra 0 til 1000." in refused.words
    assert 'lang="en"' not in refused.html.partition("<main")[2].partition("<textarea")[0]
