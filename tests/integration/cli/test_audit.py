"""``nyefamilier audit``, as it is typed."""

import json
import sys

import pytest
from sqlalchemy import text

from nyefamilier.cli.main import main
from nyefamilier.families.auditing import audit_histories
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import NotAllowed
from tests.cities import settle


@pytest.fixture
def homes(real_city):
    return sorted((settle(real_city) for _ in range(5)), key=lambda home: home.id)


@pytest.fixture
def audit(real_city, tmp_path, monkeypatch, capsys):
    """Types the command and gives its exit code and what it said."""
    url = real_city.programme.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("NYEFAMILIER_DATABASE_URL", url)
    monkeypatch.setenv("NYEFAMILIER_KEYRING", str(tmp_path / "keyring.json"))
    monkeypatch.setenv("NYEFAMILIER_ENVIRONMENT", "test")

    def type_(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["nyefamilier", "audit", *words])
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0), capsys.readouterr().out

    return type_


def harm(city, statement, home):
    """Change a row past the programme, and past what the database would have said to it."""
    with city.programme.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(statement), {"family": home.id})


def test_a_sound_city_has_nothing_to_tell(homes, audit):
    assert audit() == (0, "family\twhat\n")
    assert json.loads(audit("--json")[1]) == {"families": len(homes), "differences": []}


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("update family set checksum = checksum + 1 where id = :family", ["checksum"]),
        ("update family set chain = '\\x00' where id = :family", ["chain"]),
        ("update mutation set request = request || '\\x00' where family_id = :family", ["chain"]),
        ("delete from mutation where family_id = :family", ["log", "chain"]),
        ("delete from enrolment where family_id = :family", ["checksum"]),
    ],
)
def test_the_family_is_named_whose_history_does_not_follow(
    real_city, homes, audit, statement, what
):
    harm(real_city, statement, homes[3])
    code, said = audit("--json")

    told = [{"family": str(homes[3].id), "what": one} for one in what]
    assert (code, json.loads(said)) == (3, {"families": len(homes), "differences": told})


@pytest.mark.parametrize("at_a_time", [1, 2, 5, 100])
def test_no_family_is_left_out_between_two_pages(real_city, homes, at_a_time):
    for home in homes:
        harm(real_city, "update family set checksum = checksum + 1 where id = :family", home)
    found = audit_histories(
        lambda: real_city.programme.snapshot(SYSTEM, "test"), at_a_time=at_a_time
    )

    assert [one.family_id for one in found.differences] == [home.id for home in homes]
    assert found.families == len(homes)


def test_nobody_but_the_programme_audits(real_city):
    with pytest.raises(NotAllowed):
        audit_histories(lambda: real_city.programme.snapshot(real_city.ours, "test"))
