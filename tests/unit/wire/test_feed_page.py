"""The values in `docs/sync-feed.md`, against which other clients are tested, are right."""

import json
import re
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from nyefamilier.schema import METADATA
from nyefamilier.sync.feed import clear_columns
from nyefamilier.wire import chain
from nyefamilier.wire.kinds import RECORD_KINDS
from nyefamilier.wire.texts import as_text, from_text

PAGE = (Path(__file__).parents[3] / "docs" / "sync-feed.md").read_text("utf-8")
VALUES = json.loads(re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)[1])


def test_the_chains_follow_from_the_links():
    at, told = chain.ORIGIN, []
    for rev, link in enumerate(VALUES["links"], 1):
        at = chain.after(at, rev, from_text(link))
        told.append(as_text(at))
    assert told == VALUES["chains"]
    assert as_text(chain.chain_of(map(from_text, VALUES["links"]))) == told[-1]


def test_the_checksum_follows_from_the_rows():
    rows = [(kind, UUID(id_), rev) for kind, id_, rev in VALUES["rows"]]
    assert [chain.row_mark(*row) for row in rows] == VALUES["marks"]
    assert chain.checksum(rows) == VALUES["checksum"]


def test_the_hashes_follow_from_what_is_held():
    have = [(UUID(id_), rev, from_text(at)) for id_, rev, at in VALUES["have"]]
    assert chain.have_hash(have) == VALUES["have_hash"]
    ids = b"".join(sorted(id_.bytes for id_, _, _ in have))
    assert sha256(ids).hexdigest()[:32] == VALUES["scope_hash"]


def test_the_page_tells_every_clear_member_of_every_kind():
    assert METADATA.tables
    for kind in RECORD_KINDS:
        told = re.search(rf"^\| `{kind}` \| (.*?) \|$", PAGE, re.MULTILINE)[1]
        clear = re.findall(r"`(\w+)`", told.partition(";")[0])
        assert tuple(clear) == clear_columns(kind)
