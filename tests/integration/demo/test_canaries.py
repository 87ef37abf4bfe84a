"""Nothing that a family told is in the clear: not in the database, not in any log."""

from __future__ import annotations

import io
import logging
import os
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import structlog
from sqlalchemy import Engine, text

from config.logging import configure_logging
from nyefamilier.bootstrap import SUBSCRIBERS
from nyefamilier.demo.canaries import Planted, canaries
from nyefamilier.demo.casting import cast_crew
from nyefamilier.demo.loading import load, play
from nyefamilier.demo.staging import Stage
from nyefamilier.door.mutations import Mutation
from nyefamilier.door.service import apply
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Refusal
from nyefamilier.kernel.ids import FamilyId, MutationId
from tests.canaries import Hit, Searcher
from tests.cities import City
from tests.databases import _var

STATEMENTS = "sqlalchemy.engine"


@pytest.fixture
def log() -> Generator[io.StringIO, None, None]:
    """Everything that the programme and its libraries log; set up first, so that they talk."""
    root, statements, stream = logging.getLogger(), logging.getLogger(STATEMENTS), io.StringIO()
    before = root.handlers[:], root.level, statements.level
    configure_logging(stream, logging.DEBUG)
    statements.setLevel(logging.DEBUG)  # every statement, its parameters and its rows
    yield stream
    root.handlers[:], root.level = before[:2]
    statements.setLevel(before[2])
    structlog.reset_defaults()


@pytest.fixture(params=[play, load], ids=["played", "loaded"])
def planted(log: io.StringIO, real_city: City, request: pytest.FixtureRequest) -> Planted:
    """Families with 200 canaries, put in through the door; and the door is abused a little."""
    programme = real_city.programme
    with programme.work(SYSTEM, "demo") as work:
        crew = cast_crew(work, most_nurses=4)
    found = canaries(crew, 1, real_city.clock.now)
    request.param(Stage(programme.sessions, programme.vault, SUBSCRIBERS), found.stories)
    provoke(real_city, found)
    return found


def provoke(city: City, planted: Planted) -> None:
    """Send what is refused, at the door and in the database itself: errors love to quote."""
    story = planted.stories[0]
    for scene in story.scenes:
        again = Mutation(MutationId(uuid4()), story.family_id, scene.operations)
        with (
            pytest.raises(Refusal),
            city.programme.work(scene.actor, "test") as work,
        ):
            apply(work, again)
    taken = Mutation(MutationId(uuid4()), FamilyId(uuid4()), scene.operations)
    with pytest.raises(Refusal), city.programme.work(SYSTEM, "test") as work:
        apply(work, taken)  # ids of another family's records


def dump(engine: Engine) -> io.BytesIO:
    """Every row of every table, as PostgreSQL writes them out."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    out = io.BytesIO()
    with psycopg.connect(url) as connection:
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        for (table,) in connection.execute(names).fetchall():
            with connection.cursor().copy(f'COPY "{table}" TO STDOUT') as rows:
                for row in rows:
                    out.write(bytes(row))
    out.seek(0)
    return out


def everything(city: City, log: io.StringIO, before: dict[Path, int]) -> io.BytesIO:
    """The dump, our log, and what the server has logged meanwhile."""
    said = dump(city.programme.engine).getvalue() + log.getvalue().encode()
    for file in server_logs():
        said += file.read_bytes()[before.get(file, 0) :]
    return io.BytesIO(said)


def server_logs() -> list[Path]:
    # Other tests drop their databases meanwhile: what is gone when it is looked into is no log.
    walked = os.walk(_var())
    return [Path(folder, "server.log") for folder, _, files in walked if "server.log" in files]


@pytest.fixture
def logged_before() -> dict[Path, int]:
    return {file: file.stat().st_size for file in server_logs()}


def test_no_canary_is_in_the_dump_or_in_a_log(log, logged_before, planted, real_city):
    assert Counter(map(len, planted.words.values())) == Counter([50, 50, 50, 25, 25])
    found = Searcher(planted.words).hits(everything(real_city, log, logged_before))

    assert not found
    assert "_execute_context" in log.getvalue()  # the statements were logged, without their values


def test_a_canary_in_the_clear_would_be_found(log, logged_before, planted, real_city):
    name, number = planted.words["name"][0], planted.words["national id"][0]
    with real_city.programme.engine.begin() as connection:
        connection.execute(text("CREATE TABLE control (words text, bytes bytea)"))
        row = {"words": f"Til {name}", "bytes": number.encode()}
        connection.execute(text("INSERT INTO control VALUES (:words, :bytes)"), row)
    logging.getLogger("control").warning("%s", name)  # whose value our log leaves out

    found = Searcher(planted.words).hits(everything(real_city, log, logged_before))

    assert set(found) == {Hit("name", "utf-8", name), Hit("national id", "hex", number)}
