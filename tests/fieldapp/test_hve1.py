"""HVE v1 and the phone's own cells, sealed in each language and opened in the other."""

import json
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from nyefamilier.vault.phone import _derived
from nyefamilier.vault.sealing import Cell, DataKey, open_sealed, seal
from tests.sealing.figures import Figure, tell
from tests.vectors import make_hve1

TESTS = json.loads(make_hve1.FILE.read_text("utf-8"))["testGroups"][0]["tests"]
READER = (Path(make_hve1.__file__).with_name("hve1.js")).read_text("utf-8")
MADE = 200
WORDS = "Blåbær på Ås, ære være øyeblikket 🫐 "

OPEN = """const got = [];
for (const test of given) {
  const opened = await hve.open(test);
  got.push(opened && hve.hex(opened));
}
return got;"""


@pytest.fixture
def hve(module_page):
    """Runs JavaScript beside the other language's reader, in a page that loads nothing else."""
    exports = READER.replace("export ", "")
    names = "const hve = { open, seal, hex, unhex };"

    def run(body, given):
        return module_page(f"async (given) => {{ {exports}\n{names}\n{body} }}", given)

    return run


def drawn(count):
    """Cells of all sorts and lengths, told as the vectors tell theirs."""
    rng = Random(4)  # noqa: S311 - the same cells each time
    for number in range(count):
        length = rng.choice([0, 1, 251, 252, 253, rng.randrange(9_000), rng.randrange(40_000)])
        text = (WORDS * (length // 10 + 1)).encode()[:length]
        yield {
            "key": rng.randbytes(32).hex(),
            "dek_id": str(UUID(bytes=rng.randbytes(16))),
            "ver": rng.randrange(1, 2**32),
            "ctx": {
                "tenant": rng.choice(["oslo", "", "Ås"]),
                "table": f"tabell{number}",
                "column": "sealed",
                "record_id": str(UUID(bytes=rng.randbytes(16))),
                "family_id": str(UUID(bytes=rng.randbytes(16))),
                "row_version": str(rng.randrange(2**64)),
                "schema": rng.randrange(2**32),
            },
            "plaintext": text.hex(),
            "salt": rng.randbytes(24).hex(),
        }


def ours(told):
    """The key, the tenant and the cell, as our code has them."""
    place = told["ctx"]
    key = DataKey(UUID(told["dek_id"]), told["ver"], bytes.fromhex(told["key"]))
    ids = UUID(place["record_id"]), UUID(place["family_id"])
    version = int(place["row_version"])
    return (
        key,
        place["tenant"],
        Cell(place["table"], place["column"], *ids, version, place["schema"]),
    )


def test_both_languages_read_the_known_answers_alike(hve, record_property):
    expected = [one["plaintext"] if one["result"] == "valid" else None for one in TESTS]
    got = hve(OPEN, TESTS)
    agree = sum(one == right for one, right in zip(got, expected, strict=True))
    got_told = f"{agree} of {len(TESTS)} agree"
    tell(record_property, Figure(2, "Own vectors, in both languages", got_told, "≥ 200, 100 %"))
    assert got == expected
    assert len(TESTS) >= MADE


def test_what_javascript_seals_python_opens(hve, record_property):
    cells = list(drawn(MADE))
    body = """const sealed = [];
    for (const one of given) {
      sealed.push(hve.hex(await hve.seal(one, hve.unhex(one.plaintext), hve.unhex(one.salt))));
    }
    return sealed;"""
    blobs = [bytes.fromhex(one) for one in hve(body, cells)]
    opened = [open_sealed(*ours(one), blob) for one, blob in zip(cells, blobs, strict=True)]
    tell(record_property, Figure(2, "HVE sealed in JavaScript, opened here", f"{len(opened)}"))
    assert [one.hex() for one in opened] == [one["plaintext"] for one in cells]


def test_what_python_seals_javascript_opens(hve, record_property):
    cells = list(drawn(MADE))
    for one in cells:
        one["blob"] = seal(*ours(one), bytes.fromhex(one["plaintext"])).hex()
    got = hve(OPEN, cells)
    tell(record_property, Figure(2, "HVE sealed here, opened in JavaScript", f"{len(got)}"))
    assert got == [one["plaintext"] for one in cells]


CELL = """const { hex, utf8 } = await import("/felt/src/wire/bytes.js");
const raw = (text) => Uint8Array.from(text.match(/../g) ?? [], (one) => parseInt(one, 16));
const { storeSealer } = await import("/felt/src/vault/store_key.js");
const done = [];
for (const { device, secret, share, place, text } of given) {
  const sealer = await storeSealer(device, raw(secret), raw(share));
  done.push(hex(await sealer.WAY(...place, raw(text))));
}
return done;"""


def phones(count):
    rng = Random(5)  # noqa: S311 - the same phones each time
    for number in range(count):
        record, family, device = (str(UUID(bytes=rng.randbytes(16))) for _ in range(3))
        yield {
            "device": device,
            "secret": rng.randbytes(32).hex(),
            "share": rng.randbytes(32).hex(),
            "place": ["row", record, family, number],
            "text": (WORDS * number).encode().hex(),
        }


def cell_key(one):
    """The key of a phone's store and the place, by the reference client's derivation."""
    material = bytes.fromhex(one["secret"] + one["share"])
    key = _derived(material, b"nyefamilier-store/1" + UUID(one["device"]).bytes)
    return AESGCM(key), "\n".join(["nyefamilier-cell/1", *map(str, one["place"])]).encode()


def test_what_the_field_app_seals_python_opens(module_page, record_property):
    given = list(phones(MADE))
    blobs = module_page(f"async (given) => {{ {CELL.replace('WAY', 'seal')} }}", given)
    for one, blob in zip(given, map(bytes.fromhex, blobs), strict=True):
        gcm, place = cell_key(one)
        assert blob[0] == 1
        assert gcm.decrypt(blob[1:13], blob[13:], place).hex() == one["text"]
    tell(
        record_property, Figure(2, "Phone's cells sealed by the field app, opened here", f"{MADE}")
    )


def test_what_python_seals_the_field_app_opens(module_page, record_property):
    given = list(phones(MADE))
    expected = [one["text"] for one in given]
    for number, one in enumerate(given):
        gcm, place = cell_key(one)
        nonce = number.to_bytes(12)
        one["text"] = (b"\1" + nonce + gcm.encrypt(nonce, bytes.fromhex(one["text"]), place)).hex()
    got = module_page(f"async (given) => {{ {CELL.replace('WAY', 'open')} }}", given)
    tell(
        record_property, Figure(2, "Phone's cells sealed here, opened by the field app", f"{MADE}")
    )
    assert got == expected
