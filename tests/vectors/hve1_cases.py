"""The vectors of the sealed format HVE v1 as values: what opens, and every way not to.

Sources: docs/sealed-format.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.vectors.hve1_format import (
    DEK,
    FAMILY,
    HERE,
    KEY,
    RECORD,
    Place,
    bytes_for,
    derive,
    header,
    padded,
    salt_for,
    seal,
    seal_padded,
)
from tests.vectors.salamander import FIRST_KEY, SALT, salamander


@dataclass(frozen=True)
class Case:
    """One vector; *blob* is opened at *place* with the key *key*, known as *dek_id*, *ver*."""

    comment: str
    flags: tuple[str, ...]
    blob: bytes
    plaintext: bytes | None = None
    key: bytes = KEY
    dek_id: UUID = DEK
    ver: int = 1
    place: Place = HERE


TEXT = "Mor forteller at natten var bedre. Barnet har lagt på seg 240 g.".encode()


# ---- what opens ----


def valid_texts() -> Iterator[tuple[str, bytes]]:
    yield "nothing at all", b""
    yield "a single zero byte", b"\0"
    yield "zero bytes at the end, which are not padding", b"abc" + bytes(20)
    yield "only zero bytes", bytes(100)
    yield "looks like a length and padding", (5).to_bytes(4, "big") + b"Hello" + bytes(200)
    yield "Norwegian letters", "Hei, blåbær".encode()
    yield "decomposed letters stay decomposed", "a\u030a og å".encode()
    yield "Sámi, Somali, Urdu and an emoji", "giitu; mahadsanid; شکریہ; 👶".encode()
    yield "not UTF-8", bytes(range(256))
    yield "looks like a sealed cell", header() + bytes(72)
    edges = [1, 2, 3, 4, 5, 100, 250, 251, 252, 253, 254, 255, 256, 257, 268, 269, 300]
    edges += [508, 509, 512, 513, 1020, 1021, 1024, 2000, 2044, 2045, 4092, 4093]
    for length in edges:
        yield f"{length} bytes", bytes_for(f"text {length}", length)


def chunk_texts() -> Iterator[tuple[str, bytes]]:
    for length in (16_380, 16_381):
        yield f"{length} bytes, about the edge of a chunk", bytes_for(f"text {length}", length)


def valid_places() -> Iterator[tuple[str, Place]]:
    yield "row version 0", replace(HERE, row_version=0)
    yield "row version 2^63", replace(HERE, row_version=2**63)
    yield "the highest row version", replace(HERE, row_version=2**64 - 1)
    yield "schema 2", replace(HERE, schema=2)
    yield "the highest schema", replace(HERE, schema=2**32 - 1)
    yield "no tenant", replace(HERE, tenant="")
    yield "a tenant with a Norwegian letter", replace(HERE, tenant="bærum")
    yield "a tenant with a zero byte", replace(HERE, tenant="oslo\0note")
    yield "a tenant of 300 bytes", replace(HERE, tenant="o" * 300)
    yield "another table and column", replace(HERE, table="member", column="name")
    yield "ids of zero", replace(HERE, record_id=UUID(int=0), family_id=UUID(int=0))
    yield (
        "ids of ones",
        replace(HERE, record_id=UUID(int=2**128 - 1), family_id=UUID(int=2**128 - 1)),
    )


def valid() -> Iterator[Case]:
    for words, text in (*valid_texts(), *chunk_texts()):
        yield Case(words, ("Valid",), seal(text, salt_for(words)), text)
    for words, place in valid_places():
        yield Case(words, ("Valid",), seal(TEXT, salt_for(words), place), TEXT, place=place)
    for ver in (2, 255, 256, 2**31, 2**32 - 1):
        blob = seal(TEXT, salt_for(f"ver {ver}"), head=header(ver=ver))
        yield Case(f"version {ver} of the key", ("Valid",), blob, TEXT, ver=ver)
    for number in range(4):
        key, dek_id = bytes_for(f"key {number}", 32), UUID(bytes=bytes_for(f"dek {number}", 16))
        blob = seal(TEXT, salt_for(f"key {number}"), key=key, head=header(dek_id))
        yield Case(f"random key {number}", ("Valid",), blob, TEXT, key=key, dek_id=dek_id)
    for words, salt in (
        ("zeros", bytes(24)),
        ("ones", b"\xff" * 24),
        ("20..37", bytes(range(32, 56))),
    ):
        yield Case(f"a salt of {words}", ("Valid",), seal(TEXT, salt), TEXT)


# ---- what was changed on the way ----


def flipped(blob: bytes, bit: int) -> bytes:
    changed = bytearray(blob)
    changed[bit // 8] ^= 1 << (bit % 8)
    return bytes(changed)


def damaged() -> Iterator[Case]:
    blob = seal(TEXT, salt_for("damaged"))
    fields = {
        "magic": (0, 1, 2),
        "format version": (3,),
        "suite": (4,),
        "flags": (5,),
        "key id": (6, 13, 21),
        "key version": (22, 25),
        "salt": (26, 37, 49),
        "commitment": (50, 65, 66, 81),
        "length": (82, 85),
        "text": (86, 100, 149),
        "padding": (150, 337),
        "tag": (338, 345, 353),
    }
    for name, places in fields.items():
        for place in places:
            for bit in (0, 7):
                words = f"bit {bit} of byte {place}, in the {name}"
                yield Case(words, ("BitFlip",), flipped(blob, place * 8 + bit))


def cut() -> Iterator[Case]:
    blob = seal(TEXT, salt_for("cut"))
    for left in (0, 1, 3, 5, 6, 22, 25, 26, 49, 50, 81, 82, 97, 98, 337, 338, 352, 353):
        yield Case(f"cut to {left} bytes", ("Truncated",), blob[:left])
    for lost in (1, 26, 82):
        yield Case(f"without its first {lost} bytes", ("Truncated",), blob[lost:])
    yield Case("without the padding's last 64 bytes", ("Truncated",), blob[:274] + blob[338:])
    long = seal_padded(padded(bytes_for("long", 16_380)), salt_for("long"))
    yield Case("without its last, empty chunk", ("Truncated",), long[:-16])
    longer = seal(bytes_for("longer", 20_000), salt_for("longer"))
    yield Case("without its last, short chunk", ("Truncated",), longer[: 82 + 16_400])
    yield Case("without its first chunk", ("Truncated",), longer[:82] + longer[82 + 16_400 :])


def extended() -> Iterator[Case]:
    blob = seal(TEXT, salt_for("extended"))
    for extra in (b"\0", b"\n", bytes(16), bytes(256), b"\xff" * 32):
        yield Case(f"{len(extra)} bytes of {extra[0]:02x} after it", ("Extended",), blob + extra)
        yield Case(f"{len(extra)} bytes of {extra[0]:02x} before it", ("Extended",), extra + blob)
    yield Case("itself after it", ("Extended",), blob + blob)
    yield Case("its own message after it", ("Extended",), blob + blob[82:])
    yield Case("a tag after its tag", ("Extended",), blob + blob[-16:])


# ---- what belongs elsewhere ----


def elsewhere() -> Iterator[Case]:
    other = UUID("01920000-0000-7000-8000-0000000000f2")
    places = (
        ("WrongTenant", "another tenant", replace(HERE, tenant="bergen")),
        ("WrongTenant", "no tenant", replace(HERE, tenant="")),
        ("WrongTable", "another table", replace(HERE, table="need")),
        ("WrongTable", "the table in capitals", replace(HERE, table="NOTE")),
        ("WrongColumn", "another column", replace(HERE, column="title")),
        ("WrongColumn", "a column that begins alike", replace(HERE, column="text2")),
        ("WrongRecord", "another record", replace(HERE, record_id=other)),
        ("WrongRecord", "the family's id as record", replace(HERE, record_id=FAMILY)),
        ("WrongFamily", "another family", replace(HERE, family_id=other)),
        ("WrongFamily", "ids the wrong way round",
         replace(HERE, record_id=FAMILY, family_id=RECORD)),
        ("WrongSchema", "another schema", replace(HERE, schema=2)),
        ("ShiftedNames", "a letter moved, table to column",
         replace(HERE, table="not", column="etext")),
        ("ShiftedNames", "a letter moved, column to table",
         replace(HERE, table="notet", column="ext")),
        ("ShiftedNames", "a letter moved, tenant to table",
         replace(HERE, tenant="osl", table="onote")),
        ("ShiftedNames", "all in the tenant",
         replace(HERE, tenant="oslonotetext", table="", column="")),
    )  # fmt: skip
    for flag, words, place in places:
        blob = seal(TEXT, salt_for(f"{flag} {words}"), place)
        yield Case(f"sealed at {words}", (flag,), blob)
        blob = seal(TEXT, salt_for(f"{flag} {words} back"))
        yield Case(f"opened at {words}", (flag,), blob, place=place)


def other_versions() -> Iterator[Case]:
    for sealed_at, opened_at in (
        (1, 2),
        (2, 1),
        (0, 1),
        (1, 0),
        (1, 257),
        (2**32, 1),
        (1, 2**32),
        (2**64 - 1, 0),
    ):
        blob = seal(
            TEXT, salt_for(f"row {sealed_at} {opened_at}"), replace(HERE, row_version=sealed_at)
        )
        words = f"sealed at row version {sealed_at}, opened at {opened_at}"
        yield Case(words, ("RolledBackVersion",), blob, place=replace(HERE, row_version=opened_at))


def other_keys() -> Iterator[Case]:
    for number in range(4):
        blob = seal(TEXT, salt_for(f"other key {number}"), key=bytes_for(f"other key {number}", 32))
        yield Case(f"sealed under another key, {number}", ("WrongKey",), blob)
    blob = seal(TEXT, salt_for("flipped key"), key=flipped(KEY, 255))
    yield Case("sealed under a key that differs in one bit", ("WrongKey",), blob)
    heads = {
        "version 2": header(ver=2),
        "version 0": header(ver=0),
        "version 2^32 - 1": header(ver=2**32 - 1),
        "another id": header(UUID(int=4)),
        "an id of zero": header(UUID(int=0)),
        "the id backwards": header(UUID(bytes=DEK.bytes[::-1])),
    }
    for words, head in heads.items():
        blob = seal(TEXT, salt_for(f"names {words}"), head=head)
        yield Case(f"same bytes of key, named as {words}", ("OtherDekVer",), blob)


# ---- what is honestly sealed and still not HVE v1 ----


def bad_padding() -> Iterator[Case]:
    good = padded(TEXT)
    start = 4 + len(TEXT)
    for place in (start, start + 1, 128, 200, 254, 255):
        for value in (1, 0x80, 0xFF):
            inside = good[:place] + bytes([value]) + good[place + 1 :]
            words = f"{value:02x} at byte {place} of the padding"
            yield Case(words, ("PadNonZero",), seal_padded(inside, salt_for(words)))
    hidden = good[:200] + b"hidden channel" + good[214:]
    yield Case("words in the padding", ("PadNonZero",), seal_padded(hidden, salt_for("hidden")))
    spaces = good[:start].ljust(256)
    yield Case("padded with spaces", ("PadNonZero",), seal_padded(spaces, salt_for("spaces")))


def lying_lengths() -> Iterator[Case]:
    rest = padded(TEXT)[4:]
    for claimed in (253, 254, 256, 257, 508, 65_535, 2**24, 2**31, 2**32 - 5, 2**32 - 4, 2**32 - 1):
        inside = claimed.to_bytes(4, "big") + rest
        words = f"claims {claimed} bytes of 256"
        yield Case(words, ("LengthLie",), seal_padded(inside, salt_for(words)))
    little = len(TEXT).to_bytes(4, "little") + rest
    yield Case("a little-endian length", ("LengthLie",), seal_padded(little, salt_for("little")))
    big = padded(bytes_for("big", 1000))
    for claimed in (0, 1, 252, 900, 2000):
        inside = claimed.to_bytes(4, "big") + bytes(len(big) - 4)
        words = f"claims {claimed} bytes of {len(big)}"
        yield Case(words, ("LengthLie",), seal_padded(inside, salt_for(words)))


def wrong_buckets() -> Iterator[Case]:
    body = len(TEXT).to_bytes(4, "big") + TEXT
    for size in (len(body), 96, 128, 255, 257, 264, 272, 384, 512, 1024, 16_383, 16_384):
        words = f"padded to {size} bytes"
        yield Case(words, ("WrongBucket",), seal_padded(body.ljust(size, b"\0"), salt_for(words)))
    for size in range(6):
        words = f"{size} bytes inside"
        yield Case(words, ("WrongBucket",), seal_padded(bytes(size), salt_for(words)))
    thousand = bytes_for("thousand", 1000)
    for size in (1004, 1025, 1088):
        inside = ((1000).to_bytes(4, "big") + thousand).ljust(size, b"\0")
        words = f"a thousand bytes padded to {size}"
        yield Case(words, ("WrongBucket",), seal_padded(inside, salt_for(words)))


def unknown_formats() -> Iterator[Case]:
    heads: list[tuple[str, str, bytes]] = []
    heads += [("UnknownSuite", f"suite {n}", header(suite=n)) for n in (0, 2, 3, 16, 127, 255)]
    heads += [
        ("UnknownFlags", f"flags {n:02x}", header(flags=n)) for n in (0, 2, 3, 5, 9, 0x81, 255)
    ]
    heads += [("UnknownFormat", f"format version {n}", header(fmt=n)) for n in (0, 2, 255)]
    heads += [
        ("UnknownFormat", f"magic {m!r}", header(magic=m)) for m in (b"hve", b"HVF", b"\0\0\0")
    ]
    for flag, words, head in heads:
        yield Case(words, (flag,), seal(TEXT, salt_for(words), head=head))
    unpadded = seal_padded(TEXT, salt_for("raw"), head=header(flags=0))
    yield Case("flags 00 and no padding", ("UnknownFlags",), unpadded)
    plain = header() + bytes(12) + AESGCM(KEY).encrypt(bytes(12), padded(TEXT), header())
    yield Case("plain AES-GCM behind the header", ("UnknownFormat",), plain)


def wrong_commitments() -> Iterator[Case]:
    blob = seal(TEXT, salt_for("commitment"))
    others = {
        "zeros": bytes(32),
        "ones": b"\xff" * 32,
        "the derived key": derive(KEY, blob[26:50], blob[:26] + HERE.encoded())[0],
        "that of another salt": seal(TEXT, salt_for("another"))[50:82],
        "its halves the wrong way round": blob[66:82] + blob[50:66],
    }
    for words, commitment in others.items():
        changed = blob[:50] + commitment + blob[82:]
        yield Case(f"a commitment of {words}", ("WrongCommitment",), changed)


# ---- one message, two keys, two texts ----


def salamanders() -> Iterator[Case]:
    blob, second, text_a, _ = salamander()
    words = "one message, two keys: the key that it commits to"
    yield Case(words, ("Valid", "Salamander"), blob, text_a, key=FIRST_KEY)
    words = "one message, two keys: the other key, to which AES-GCM opens as well"
    yield Case(words, ("Salamander",), blob, key=second)
    swapped = blob[:50] + derive(second, SALT, header() + HERE.encoded())[2] + blob[82:]
    words = "one message, two keys: the first key, when it commits to the other"
    yield Case(words, ("Salamander",), swapped, key=FIRST_KEY)


def cases() -> Iterator[Case]:
    for make in (
        valid, damaged, cut, extended, elsewhere, other_versions, other_keys, bad_padding,
        lying_lengths, wrong_buckets, unknown_formats, wrong_commitments, salamanders,
    ):  # fmt: skip
        yield from make()
