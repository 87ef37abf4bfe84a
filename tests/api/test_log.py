"""What the log says, and what it never does."""

import io
import json
import logging

import pytest
import structlog
from flask import Flask

from api.app import create_app
from config.logging import REMOVED, configure_logging

CANARIES = ["Kanarifugl Sørbråten", "01810112345", "Kanariveien 7", "kanari@example.test"]


@pytest.fixture
def log():
    """The lines of the log, which is put back afterwards."""
    root, stream = logging.getLogger(), io.StringIO()
    before = (root.handlers[:], root.level)
    configure_logging(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:], root.level = before
    structlog.reset_defaults()


@pytest.fixture
def app(programme) -> Flask:
    app = create_app(programme)
    app.add_url_rule("/api/v1/crash/<what>", "crash", crash)
    return app


def crash(what):
    logging.getLogger("a.library").warning("Could not read %s", what)
    logging.getLogger("a.library").warning("Could not read " + what)  # noqa: G003
    structlog.get_logger("ours").warning("read", name=what, revision=7)
    raise ValueError(f"no such person: {what}")


def test_a_request_is_one_line_with_its_route_and_not_its_path(client, log):
    client.get("/problems/stale-version?name=Kari")
    (line,) = log()
    assert line["event"] == "request"
    assert (line["method"], line["route"], line["status"]) == ("GET", "/problems/<code>", 200)
    assert line["request_id"]
    assert "stale-version" not in json.dumps(line)


@pytest.mark.parametrize("canary", CANARIES)
def test_no_name_in_a_path_a_query_a_header_or_a_body_reaches_the_log(client, log, canary):
    client.get(f"/api/v1/{canary}")
    client.get(f"/api/v1/crash/{canary}")
    client.get(f"/problems/{canary}?q={canary}")
    client.get(
        "/api/v1/me", headers={"Authorization": f"Bearer {canary}".encode().decode("latin-1")}
    )
    client.post("/api/v1/tokens", json={"username": canary, "password": canary})
    client.post("/api/v1/tokens", json={canary: canary})
    client.post("/api/v1/tokens", data=canary.encode())
    lines = log()
    assert len(lines) > 10
    written = json.dumps(lines, ensure_ascii=False)
    for word in (w for w in canary.split() if len(w) > 3):
        assert word not in written


def test_a_crash_is_told_by_its_type_and_its_lines(client, log):
    answer = client.get("/api/v1/crash/x")
    told = next(line for line in log() if line["event"] == "crash")
    assert told["error"] == "builtins.ValueError"
    assert any(frame.startswith("test_log.py:") for frame in told["frames"])
    assert told["request_id"] == answer.json["request_id"]


def test_a_value_that_was_not_let_in_by_name_is_seen_to_be_missing(client, log):
    client.get("/api/v1/crash/x")
    ours = next(line for line in log() if line["event"] == "read")
    assert (ours["name"], ours["revision"]) == (REMOVED, 7)


def test_a_librarys_record_keeps_its_words_and_not_its_values(client, log):
    client.get("/api/v1/crash/Kari")
    told = [line["event"] for line in log() if line["logger"] == "a.library"]
    assert told == ["Could not read %s", "a.library: crash"]


def test_a_line_break_cannot_forge_a_line(log):
    structlog.get_logger("ours").info("one\ntwo", reason='a\n{"event": "forged"}')
    assert len(log()) == 1
