"""Words that came in over the API are in nothing that the database or the programme writes."""

from __future__ import annotations

import io
import logging
import os
import tempfile
import zlib
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
import structlog
from sqlalchemy import Engine, text

from api.app import create_app
from config.logging import configure_logging
from config.settings import Settings
from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.accounts.service import NewAccount, create_account
from nyefamilier.accounts.sessions import issue_token
from nyefamilier.bydeler.service import load_reference_data
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.storage import migrating
from nyefamilier.storage.cluster import ROLE
from nyefamilier.storage.embedded import open_embedded
from nyefamilier.storage.engine import make_engine
from nyefamilier.storage.lodging import find_lodging, make_private
from tests.api.callers import PASSWORD, Caller
from tests.api.homes import ADDRESS, Home
from tests.canaries import Searcher
from tests.cities import build_programme
from tests.sealing.figures import Figure, tell

COUNT = "NYEFAMILIER_TEST_CANARIES"
FEW = 100
"""How many words where nobody says; `make sealing` says 500."""
OF_EACH = 10
LETTERS = "bcdfghjklmnpqrstvwxzæøå"
STATEMENTS = "sqlalchemy.engine"
CONTROL = "kontrollordetblåbær"
QUICK = {"fsync": "off", "synchronous_commit": "off"}
GZIP = b"\x1f\x8b\x08"


@dataclass
class Words:
    """Makes words up and writes them down."""

    rng: Random = field(default_factory=lambda: Random(7))  # noqa: S311 - the same words each time
    made: list[str] = field(default_factory=list)

    def word(self) -> str:
        return self._down("kanari" + "".join(self.rng.choices(LETTERS, k=12)))

    def phone(self) -> str:
        return self._down(f"4{self.rng.randrange(10**7):07}")

    def _down(self, told: str) -> str:
        self.made.append(told)
        return told


@dataclass
class Site:
    """A deployment of its own: a cluster, a programme, and all that either of them writes."""

    folder: Path
    engine: Engine
    log: io.StringIO

    def places(self) -> dict[str, bytes]:
        """Everything that is searched, by what it is."""
        lodging = find_lodging(self.folder / "pg", None)
        run, socket = lodging.programs.run, ("-h", str(lodging.sockets()), "-U", ROLE)
        name = str(self.engine.url.database)
        with (lodging.data / "pg_hba.conf").open("a") as access:
            access.write("local replication all peer map=ours\n")
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SELECT pg_reload_conf()"))
            connection.execute(text("CHECKPOINT"))
        dump = run("pg_dump", *socket, name)
        assert dump.returncode == 0, dump.stderr
        backup = make_private(lodging.home / "backup", lodging.programs.account)
        copied = run("pg_basebackup", *socket, "-D", backup, "-X", "stream", "-c", "fast")
        assert copied.returncode == 0, copied.stderr
        return {
            "the dump": dump.stdout.encode(),
            "data files": contents(lodging.data, "base") + contents(lodging.data, "global"),
            "the write-ahead log": contents(lodging.data, "pg_wal"),
            "a base backup": contents(backup),
            "temporary files": contents(self.folder, "tmp"),
            "the server's log": lodging.log.read_bytes(),
            "the programme's log": self.log.getvalue().encode(),
        }


def contents(folder: Path, below: str = "") -> bytes:
    """All files, one after the other."""
    found = sorted((folder / below).rglob("*"))
    return b"".join(one.read_bytes() for one in found if one.is_file())


def with_unpacked(data: bytes) -> Iterator[bytes]:
    """The bytes, and whatever is packed in them with gzip."""
    yield data
    at = data.find(GZIP)
    while at >= 0:
        with suppress(zlib.error):
            yield zlib.decompressobj(31).decompress(data[at : at + 2**20], 2**22)
        at = data.find(GZIP, at + 1)


@pytest.fixture
def site(monkeypatch) -> Generator[Site, None, None]:
    """A new deployment that logs all that it can."""
    root, statements, stream = logging.getLogger(), logging.getLogger(STATEMENTS), io.StringIO()
    before = root.handlers[:], root.level, statements.level
    configure_logging(stream, logging.DEBUG)
    statements.setLevel(logging.DEBUG)
    with tempfile.TemporaryDirectory(prefix="nyefamilier-plain-") as made:
        folder = Path(made)
        folder.chmod(0o711)
        (folder / "tmp").mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(folder / "tmp"))
        with open_embedded(folder, options=QUICK) as server:
            engine = make_engine(server.url, Settings(environment="test"), name="plain")
            migrating.upgrade(engine)
            yield Site(folder, engine, stream)
            engine.dispose()
        monkeypatch.undo()
    root.handlers[:], root.level = before[:2]
    statements.setLevel(before[2])
    structlog.reset_defaults()


@pytest.fixture
def nurse(site: Site, tmp_path: Path) -> Caller:
    programme = build_programme(site.engine, tmp_path)
    with programme.work(SYSTEM, "test") as work:
        load_reference_data(work.session)
        bydel = BydelNumber("11")
        account = NewAccount("nora", "Rask Bjørk", Role.NURSE, bydel, PASSWORD)
        identity = create_account(work, account)
        token = issue_token(work, identity.id, Lifetimes(token=timedelta(days=2))).secret
    return Caller(create_app(programme).test_client(), token, identity)


def fill(nurse: Caller, words: Words) -> None:
    """A family's life in ten words, and some of what is refused: errors love to quote."""
    mother = {"role": "mor", "name": words.word(), "phone": words.phone()}
    father = {"role": "far", "name": words.word()}
    place = ADDRESS | {"lines": words.word()}
    home = Home(nurse).register(members=[mother, father], address=place)
    note = home.do("/notes", member_id=home.mother, text=f"Snakket om {words.word()}.")["note"]
    home.do(f"/notes/{note}/corrections", text=f"Nei, om {words.word()}.")
    need = home.do("/needs", stated_by=home.mother, words=words.word())["need"]
    home.do(f"/needs/{need}/reviews", state="being_met", words=words.word())
    home.do("/moves", address=ADDRESS | {"lines": words.word()}, summary=words.word())
    said = {"member_id": need, "text": words.made[-1]}
    assert home.post("/notes", said).status_code == 404
    said = {"member_id": home.mother, "text": words.made[-2], "id": note}
    assert home.post("/notes", said).status_code in {409, 422}
    assert home.get(f"/notes/{words.made[-3]}").status_code == 404


def test_no_word_is_in_anything_that_is_written(site, nurse, record_property):
    words, wanted = Words(), int(os.environ.get(COUNT, FEW))
    for _ in range(wanted // OF_EACH):
        fill(nurse, words)
    assert len(set(words.made)) == wanted
    with site.engine.begin() as connection:
        connection.execute(text("CREATE TABLE control (told text)"))
        connection.execute(text("INSERT INTO control VALUES (:told)"), {"told": CONTROL})
        connection.execute(text(f"DO $$ BEGIN RAISE LOG '{CONTROL}'; END $$"))
    site.log.write(CONTROL)
    (site.folder / "tmp" / "control").write_text(CONTROL, "utf-8")

    searcher = Searcher({"canary": words.made, "control": [CONTROL]})
    for place, data in site.places().items():
        found: Counter[str] = Counter()
        for some in with_unpacked(data):
            for hit, count in searcher.hits(io.BytesIO(some)).items():
                found[hit.kind] += count
        got = f"{found['canary']} of {len(words.made)} found in {len(data) / 2**20:.1f} MiB"
        control = f"the control is found {found['control']} times"
        tell(record_property, Figure(7, f"Words in {place}", f"{got}; {control}", "0"))
        assert found["canary"] == 0, place
        assert found["control"] > 0, place
