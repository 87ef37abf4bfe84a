"""``nyefamilier check uptake``, as it is typed."""

import json
import sys

import pytest
from sqlalchemy import text

from nyefamilier.cli.main import main
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.uptake.patience import MAINTENANCE
from nyefamilier.uptake.service import differences
from tests.cities import settle


@pytest.fixture
def check(real_city, tmp_path, monkeypatch, capsys):
    """Types the command and gives its exit code and what it said."""
    settle(real_city)
    url = real_city.programme.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("NYEFAMILIER_DATABASE_URL", url)
    monkeypatch.setenv("NYEFAMILIER_KEYRING", str(tmp_path / "keyring.json"))
    monkeypatch.setenv("NYEFAMILIER_ENVIRONMENT", "test")

    def type_(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["nyefamilier", "check", "uptake", *words])
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0), capsys.readouterr().out

    return type_


def test_statistics_that_add_up_differ_nowhere(check):
    assert check() == (
        0,
        "table\tdiffering\nparticipation\t0\nvisit_count\t0\nneed_count\t0\n",
    )


def test_what_differs_is_told_as_a_count_and_changed_by_nobody(real_city, check):
    with real_city.programme.engine.begin() as connection:
        connection.execute(text("UPDATE participation SET language = 'norsk'"))
    for _ in range(2):
        code, told = check("--json")
        found = {"participation": 2, "visit_count": 0, "need_count": 0}
        assert (code, json.loads(told)) == (1, {"differences": found})


def test_a_whole_city_is_checked_for_longer_than_a_request_may_take(real_city):
    with real_city.programme.snapshot(SYSTEM, "test") as work:
        differences(work)
        assert work.session.scalar(text("SHOW statement_timeout")) == MAINTENANCE
