"""The browser's own primitives, which the field app seals with, against published answers."""

from tests.sealing.figures import Figure, tell
from tests.sealing.third_party import responses, wycheproof

RUN = """async ({ kind, tests }) => {
  const raw = (text) => Uint8Array.from(text.match(/../g) ?? [], (one) => parseInt(one, 16));
  const digits = (one) => one.toString(16).padStart(2, "0");
  const hex = (told) => Array.from(new Uint8Array(told), digits).join("");
  const run = {
    async gcm({ key, iv, aad, sealed }) {
      const aes = await crypto.subtle.importKey("raw", raw(key), "AES-GCM", false, ["decrypt"]);
      const how = { name: "AES-GCM", iv: raw(iv), additionalData: raw(aad) };
      return hex(await crypto.subtle.decrypt(how, aes, raw(sealed)));
    },
    async hkdf({ ikm, salt, info, size }) {
      const base = await crypto.subtle.importKey("raw", raw(ikm), "HKDF", false, ["deriveBits"]);
      const how = { name: "HKDF", hash: "SHA-256", salt: raw(salt), info: raw(info) };
      return hex(await crypto.subtle.deriveBits(how, base, size * 8));
    },
    async ecdh({ ours, theirs }) {
      const p256 = { name: "ECDH", namedCurve: "P-256" };
      const key = await crypto.subtle.importKey("jwk", ours, p256, false, ["deriveBits"]);
      const from = await crypto.subtle.importKey("jwk", theirs, p256, false, []);
      return hex(await crypto.subtle.deriveBits({ name: "ECDH", public: from }, key, 256));
    },
    async ecdsa({ spki, sig, msg }) {
      const p256 = { name: "ECDSA", namedCurve: "P-256" };
      const key = await crypto.subtle.importKey("spki", raw(spki), p256, false, ["verify"]);
      const how = { name: "ECDSA", hash: "SHA-256" };
      return (await crypto.subtle.verify(how, key, raw(sig), raw(msg))) ? "yes" : null;
    },
  }[kind];
  return Promise.all(tests.map((test) => run(test).catch(() => null)));
}"""


def check(module_page, record_property, what, kind, tests):
    """Each of *tests* is what it is given and what must come of it; None is a refusal."""
    given, expected = [one for one, _ in tests], [right for _, right in tests]
    got = module_page(RUN, {"kind": kind, "tests": given})
    wrong = [number for number, one in enumerate(expected) if got[number] != one]
    got_told = f"{len(tests):,} run, {len(wrong)} wrong"
    tell(record_property, Figure(1, f"In Chromium: {what}", got_told))
    assert wrong == []
    assert {one is None for one in expected} == {True, False}


def test_aes_gcm_of_nist(module_page, record_property):
    tests = [
        (
            {
                "key": one["Key"],
                "iv": one["IV"],
                "aad": one["AAD"],
                "sealed": one["CT"] + one["Tag"],
            },
            None if "FAIL" in one else one["PT"],
        )
        for one in responses("ciphers/AES/GCM/gcmDecrypt256.rsp")
        if (one["IVlen"], one["Taglen"]) == ("96", "128")
    ]
    check(module_page, record_property, "AES-256-GCM (NIST CAVP)", "gcm", tests)


def test_aes_gcm_of_wycheproof(module_page, record_property):
    tests = [
        (
            {
                "key": one["key"],
                "iv": one["iv"],
                "aad": one["aad"],
                "sealed": one["ct"] + one["tag"],
            },
            one["msg"] if one["result"] == "valid" else None,
        )
        for group, one in wycheproof("Cipher/wycheproof/aes_gcm_test.json")
        if (group["ivSize"], group["keySize"]) == (96, 256)
    ]
    check(module_page, record_property, "AES-256-GCM (Wycheproof)", "gcm", tests)


def test_hkdf(module_page, record_property):
    tests = [
        (one, one["okm"] if one["result"] == "valid" else None)
        for _, one in wycheproof("Protocol/wycheproof/hkdf_sha256_test.json")
    ]
    check(module_page, record_property, "HKDF-SHA-256 (Wycheproof)", "hkdf", tests)


def test_ecdh(module_page, record_property):
    tests = [
        (
            {"ours": one["private"], "theirs": one["public"]},
            one["shared"] if one["result"] == "valid" else None,
        )
        for _, one in wycheproof("Protocol/wycheproof/ecdh_secp256r1_webcrypto_test.json")
        if one["result"] != "acceptable"
    ]
    check(module_page, record_property, "ECDH P-256 (Wycheproof)", "ecdh", tests)


def test_ecdsa(module_page, record_property):
    tests = [
        (
            {"spki": group["publicKeyDer"], "sig": one["sig"], "msg": one["msg"]},
            "yes" if one["result"] == "valid" else None,
        )
        for group, one in wycheproof("Signature/wycheproof/ecdsa_secp256r1_sha256_p1363_test.json")
    ]
    check(module_page, record_property, "ECDSA P-256 (Wycheproof)", "ecdsa", tests)
