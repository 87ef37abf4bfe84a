"""Each import contract goes red when it is broken: a contract that cannot fail protects nobody."""

from __future__ import annotations

import tomllib

import pytest

from tests.architecture.breaking import ROOT, Break, copy_of_the_project, run

BREAKS = {
    "1. Doorways open inward": Break("nyefamilier/uptake/service.py", "import api.app"),
    "2. The contexts are stacked": Break(
        "nyefamilier/families/store.py", "import nyefamilier.visits.tables"
    ),
    "3. A context has known rooms, and they are stacked": Break(
        "nyefamilier/journal/helpers.py", '"""A room that no context has."""'
    ),
    "4. Rules are pure: the standard library, the kernel, each other": Break(
        "nyefamilier/families/rules.py", "import sqlalchemy"
    ),
    "5. Only the vault knows cryptography": Break(
        "nyefamilier/journal/service.py", "import cryptography"
    ),
    "6. The programme knows no doorway": Break("nyefamilier/door/service.py", "import flask"),
    "7. A doorway calls services, never tables or queries": Break(
        "scheduler/__init__.py", "import nyefamilier.families.store"
    ),
    "8. Statistics never meet a note or a family": Break(
        "nyefamilier/uptake/store.py", "import nyefamilier.families.tables"
    ),
    "9. Settings are read at the root": Break(
        "nyefamilier/visits/service.py", "import config.settings"
    ),
    "10. A migration remembers; it does not import": Break(
        "migrations/versions/__init__.py", "import nyefamilier.schema"
    ),
    "11. No circles": Break("nyefamilier/kernel/ids.py", "import nyefamilier.vault.vault"),
    "12. A phone knows the wire and no server": Break(
        "nyefamilier/client/store.py", "import nyefamilier.families.tables"
    ),
    "13. Who is out alone is for doorways and jobs": Break(
        "nyefamilier/sync/scope.py", "import nyefamilier.safety.store"
    ),
}


def contracts() -> list[str]:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    return [contract["name"] for contract in tools["importlinter"]["contracts"]]


def test_every_contract_has_its_break():
    assert contracts() == list(BREAKS)


@pytest.mark.parametrize("contract", BREAKS)
def test_a_broken_contract_is_noticed(contract, tmp_path):
    tree = copy_of_the_project(tmp_path)
    BREAKS[contract].do(tree)

    said = run(tree, "lint-imports", "--no-cache")

    assert said.returncode == 1, said.stdout + said.stderr
    assert f"{contract} BROKEN" in said.stdout


def test_the_whole_project_keeps_its_contracts(tmp_path):
    said = run(copy_of_the_project(tmp_path), "lint-imports", "--no-cache")

    assert said.returncode == 0, said.stdout
