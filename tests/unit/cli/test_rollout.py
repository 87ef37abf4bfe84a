"""The command reads plans and says what is wrong, without a database."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from nyefamilier.cli.rollout import rollout
from tests.unit.rollout.plans import document


@pytest.fixture
def written(tmp_path):
    def write(name, **parts):
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps(document(**parts)), "utf-8")
        return str(file)

    return write


def run(*words):
    return CliRunner().invoke(rollout, words)


def test_a_plan_without_flaws_is_told_so(written):
    said = run("check", written("plan"))
    assert said.exit_code == 0
    assert "nothing is wrong" in said.output


def test_every_flaw_is_printed_with_its_place(written):
    said = run("check", written("plan", budget=[], months=0), "--json")
    assert said.exit_code == 1
    assert [flaw["pointer"] for flaw in json.loads(said.stdout)["flaws"]] == ["/months"]


def test_a_file_that_is_not_text_is_told_so(tmp_path):
    file = tmp_path / "plan.toml"
    file.write_bytes(b"\xff\xfe")
    said = run("check", str(file))
    assert said.exit_code == 1
    assert "This is not TOML" in said.stderr


def test_two_plans_are_compared(written):
    said = run("diff", written("one"), written("two", months=36), "--json")
    assert json.loads(said.stdout) == [{"pointer": "/months", "before": 48, "after": 36}]


def test_a_plan_is_simulated_the_same_with_the_same_seed(written):
    plan = written("plan")
    said = [run("simulate", plan, "--draws", "20", "--seed", "5", "--json") for _ in range(2)]
    assert said[0].stdout == said[1].stdout
    found = json.loads(said[0].stdout)
    assert [year["year"] for year in found["years"]] == [2024, 2025, 2026, 2027]
    assert {row["bydel"] for row in found["bydeler"]} == {"11", "09"}
    assert found["bydeler"][0]["first_possible_start"] == "2024-07"
    assert found["assumptions"]["uptake"]["source"]
    spent = sum(cost["ore"] for cost in found["costs_ore"])
    assert spent == sum(year["expected_cost_ore"] for year in found["years"])


def test_a_plan_whose_money_or_nurses_are_too_few_is_warned_of(written):
    poor = {**document()["budget"][0], "nok": 1_000_000}
    few = [{**row, "arsverk": 1} for row in document()["staffing"]]
    said = run("simulate", written("plan", budget=[poor], staffing=few), "--draws", "5", "--json")
    codes = {warning["code"] for warning in json.loads(said.stdout)["warnings"]}
    assert codes == {"under-funded", "families-wait"}


def test_a_simulation_is_told_as_a_table(written):
    said = run("simulate", written("plan"), "--draws", "5")
    assert said.exit_code == 0
    assert "2027" in said.output


def test_the_best_starts_are_searched_and_explained(written):
    said = run("search", written("plan"), "--arsverk-a-year", "5")
    found = json.loads(said.stdout)
    assert found["proven"]
    assert found["starts"].keys() == {"11", "09"}
    assert min(found["left"]["hirings"].values()) >= 0
    assert found["one_more_arsverk_buys"].keys() == {"2024", "2025", "2026", "2027"}
    assert found["in_the_way"]["hirings"] == [2024]
    assert found["in_the_way"]["budgets"] == []
