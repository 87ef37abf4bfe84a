"""The app's bytes, ids, chain and checksum are those of the Python twins."""

import random
import re
from base64 import b64encode
from hashlib import sha256
from uuid import UUID

import pytest

from nyefamilier.wire import chain, limits
from nyefamilier.wire.digests import content_digest
from nyefamilier.wire.kinds import RECORD_KINDS
from nyefamilier.wire.texts import as_text

MODULES = """
  const bytes = await import("/felt/src/wire/bytes.js");
  const chain = await import("/felt/src/wire/chain.js");
  const { contentDigest, isWhole } = await import("/felt/src/wire/digests.js");
  const { newId } = await import("/felt/src/wire/ids.js");
"""


def run(module_page, body, given=None):
    return module_page(f"async (given) => {{ {MODULES} {body} }}", given)


def ids(count):
    return [UUID(int=DRAWN.getrandbits(128)) for _ in range(count)]


DRAWN = random.Random(3)  # noqa: S311 - examples
REVS = [1, 2, 255, 256, 2**31, 2**32 + 1, 2**53 - 1]


def test_the_checksum_of_many_rows_is_the_servers(module_page):
    rows = [(DRAWN.choice(RECORD_KINDS), one, DRAWN.choice(REVS)) for one in ids(300)]
    told = run(
        module_page,
        "return [Number(await chain.checksum(given)), Number(await chain.checksum([]))];",
        [[kind, str(one), rev] for kind, one, rev in rows],
    )
    assert told == [chain.checksum(rows), 0]


def test_a_row_mark_keeps_its_53_bits(module_page):
    rows = [("visit", one, 7) for one in ids(200)]
    told = run(
        module_page,
        "return Promise.all(given.map(async (id) => String(await chain.rowMark('visit', id, 7))));",
        [str(one) for _, one, _ in rows],
    )
    assert told == [str(chain.row_mark(*row)) for row in rows]
    assert max(map(int, told)) > 2**52


def test_a_chain_is_the_servers_link_by_link(module_page):
    links = [DRAWN.randbytes(32) for _ in range(40)]
    told = run(
        module_page,
        """let at = chain.ORIGIN;
        for (const [place, link] of given.entries()) {
          at = await chain.after(at, place + 1, bytes.fromB64url(link));
        }
        return bytes.b64url(at);""",
        [as_text(one) for one in links],
    )
    assert told == as_text(chain.chain_of(links))


@pytest.mark.parametrize("count", [0, 1, 60])
def test_what_a_phone_has_is_summed_up_as_the_server_does(module_page, count):
    families = [(one, DRAWN.choice(REVS), DRAWN.randbytes(32)) for one in ids(count)]
    told = run(
        module_page,
        """return chain.haveHash(
          given.map(([family, rev, link]) => [family, rev, bytes.fromB64url(link)]));""",
        [[str(one), rev, as_text(link)] for one, rev, link in families],
    )
    assert told == chain.have_hash(families)


def test_bytes_travel_as_the_server_writes_them(module_page):
    blobs = [DRAWN.randbytes(size) for size in (0, 1, 2, 3, 31, 32, 33, 20_000)]
    told = run(
        module_page,
        """return given.map(bytes.fromB64url).map((found) =>
          [bytes.b64url(found), bytes.hex(found)]);""",
        [as_text(one) for one in blobs],
    )
    assert told == [[as_text(one), one.hex()] for one in blobs]


@pytest.mark.parametrize("wrong", ["=", "a", "ab=", "a+b/", "QR", "æ", "AAAAA"])
def test_what_is_no_base64url_is_refused(module_page, wrong):
    body = "try { bytes.fromB64url(given); return 'taken'; } catch (error) { return error.name; }"
    assert run(module_page, body, wrong) == "RangeError"


@pytest.mark.parametrize("wrong", ["", "0199F0C1-7e3b-7b1a-9d52-0f6b7a3c1e55", "0199f0c1"])
def test_what_is_no_id_is_refused(module_page, wrong):
    body = "try { bytes.uuidBytes(given); return 'taken'; } catch (error) { return error.name; }"
    assert run(module_page, body, wrong) == "RangeError"


def test_an_id_tells_its_moment_and_no_two_are_alike(module_page):
    moment = 1_795_000_000_123
    told = run(module_page, "return Array.from({length: 500}, () => newId(given));", moment)
    found = [UUID(one) for one in told]
    assert len(set(found)) == 500
    assert {one.version for one in found} == {7}
    assert {one.int >> 80 for one in found} == {moment}
    assert all(re.fullmatch(r"[0-9a-f-]{36}", one) for one in told)
    assert {one.variant for one in found} == {"specified in RFC 4122"}


def test_a_body_that_was_changed_on_its_way_is_noticed(module_page):
    text = "æ" * 1000
    told = run(
        module_page,
        """const body = bytes.utf8(given);
        const other = bytes.utf8(given + " ");
        const header = await contentDigest(body);
        return [header, await isWhole(body, header), await isWhole(other, header),
                await isWhole(body, null), await isWhole(other, "sha-512=:AAAA:")];""",
        text,
    )
    assert told == [content_digest(text.encode()), True, False, True, True]


def test_another_algorithm_beside_ours_is_passed_over(module_page):
    body = b"{}"
    digest = b64encode(sha256(body).digest()).decode()
    told = run(
        module_page,
        "return isWhole(bytes.utf8('{}'), given);",
        f"md5=:AAAA:, sha-256=:{digest}:",
    )
    assert told is True


def test_the_limits_are_the_servers(module_page):
    told = module_page("async () => ({...await import('/felt/src/wire/limits.js')})")
    assert {name: value for name, value in told.items() if hasattr(limits, name)} == {
        name: getattr(limits, name)
        for name in told
        if not name.endswith("_CHARS") or name == "DEVICE_NAME_CHARS"
    }
