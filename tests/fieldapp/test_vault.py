"""Keys, seals and signatures of the app: what opens, and what must not."""

import json
import secrets
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from nyefamilier.kernel.clock import system_clock
from nyefamilier.kernel.ids import new_id
from nyefamilier.vault.escrow import CannotOpen, new_escrow_pair, open_escrowed
from nyefamilier.vault.phone import _derived
from nyefamilier.vault.signing import is_signed_by
from nyefamilier.wire.signatures import signed_text
from nyefamilier.wire.texts import as_text, from_text

MODULES = """
  const { b64url, fromB64url, utf8, fromUtf8 } = await import("/felt/src/wire/bytes.js");
  const keys = await import("/felt/src/vault/store_key.js");
  const escrow = await import("/felt/src/vault/escrow.js");
  const signing = await import("/felt/src/vault/signing.js");
  const unlocking = await import("/felt/src/vault/unlocking.js");
  const name = (promise) => promise.then(() => "opened", (error) => error.name);
"""
DEVICE = "0199f0c1-7e3b-7b1a-9d52-0f6b7a3c1e55"
FAMILY = "0199f0c1-9a10-7c55-8f3e-2b1a7a3c1e55"
NOTE = "0199f0c2-22aa-7d1e-9b1f-4a5f0f6b7a02"


def run(module_page, body, given=None):
    return module_page(f"async (given) => {{ {MODULES} {body} }}", given)


def test_what_is_sealed_opens_in_its_own_place_only(module_page):
    told = run(
        module_page,
        """const [device, family, note] = given;
        const secret = unlocking.newSecret(), share = unlocking.newSecret();
        const ours = await keys.storeSealer(device, secret, share);
        const again = await keys.storeSealer(device, secret, share);
        const blob = await ours.seal("row", note, family, 3, utf8("Ammer hver tredje time."));
        const changed = blob.slice(); changed[20] ^= 1;
        const others = {
          table: ["draft", note, family, 3], record: ["row", family, family, 3],
          family: ["row", note, note, 3], rev: ["row", note, family, 4],
        };
        const refused = {};
        for (const [what, place] of Object.entries(others)) {
          refused[what] = await name(again.open(...place, blob));
        }
        const here = async (by, blob) => name((await by).open("row", note, family, 3, blob));
        refused.share = await here(keys.storeSealer(device, secret, unlocking.newSecret()), blob);
        refused.half = await here(keys.waitingSealer(device, secret), blob);
        refused.device = await here(keys.storeSealer(note, secret, share), blob);
        refused.damage = await here(again, changed);
        refused.short = await here(again, blob.slice(0, 9));
        refused.none = await here(again, null);
        return [fromUtf8(await again.open("row", note, family, 3, blob)), refused];""",
        [DEVICE, FAMILY, NOTE],
    )
    opened, refused = told
    assert opened == "Ammer hver tredje time."
    assert set(refused.values()) == {"CannotOpen"}


def test_the_keys_are_those_of_the_reference_client(module_page):
    """An empty text under a known nonce: the same tag comes only from the same key."""
    secret, share = secrets.token_bytes(32), secrets.token_bytes(32)
    device = UUID(DEVICE)
    for purpose, material, maker in (
        (b"nyefamilier-store/1", secret + share, "storeSealer(device, secret, share)"),
        (b"nyefamilier-share/1", secret, "waitingSealer(device, secret)"),
    ):
        blob = run(
            module_page,
            f"""const [device, secret, share] = [given[0], ...given.slice(1).map(fromB64url)];
            const sealer = await keys.{maker};
            return b64url(await sealer.seal("row", device, device, 0, utf8("hei")));""",
            [DEVICE, as_text(secret), as_text(share)],
        )
        assert opened_here(from_text(blob), _derived(material, purpose + device.bytes)) == b"hei"


def opened_here(blob, key):
    place = f"nyefamilier-cell/1\nrow\n{DEVICE}\n{DEVICE}\n0".encode()
    return AESGCM(key).decrypt(blob[1:13], blob[13:], place)


@pytest.mark.parametrize("size", [0, 1, 262_144])
def test_the_server_opens_what_is_sealed_to_escrow(module_page, size):
    pair = new_escrow_pair()
    text = "x" * size
    sealed = run(
        module_page,
        "return b64url(await escrow.sealToEscrow(fromB64url(given[0]), given[1], utf8(given[2])));",
        [as_text(pair.public), NOTE, text],
    )
    assert open_escrowed(pair.private, UUID(NOTE), from_text(sealed)) == text.encode()
    with pytest.raises(CannotOpen):
        open_escrowed(pair.private, UUID(FAMILY), from_text(sealed))
    with pytest.raises(CannotOpen):
        open_escrowed(new_escrow_pair().private, UUID(NOTE), from_text(sealed))


def test_no_two_escrow_copies_are_alike(module_page):
    pair = new_escrow_pair()
    told = run(
        module_page,
        """const seal = () => escrow.sealToEscrow(fromB64url(given[0]), given[1], utf8("hei"));
        return [b64url(await seal()), b64url(await seal())];""",
        [as_text(pair.public), NOTE],
    )
    assert told[0][:80] != told[1][:80]


def test_an_escrow_copy_follows_from_its_ephemeral_pair(module_page):
    pair = new_escrow_pair()
    one, other, point = run(
        module_page,
        """const how = { name: "ECDH", namedCurve: "P-256" };
        const once = await crypto.subtle.generateKey(how, false, ["deriveBits"]);
        const seal = () => escrow.sealToEscrow(fromB64url(given[0]), given[1], utf8("hei"), once);
        const point = new Uint8Array(await crypto.subtle.exportKey("raw", once.publicKey));
        return [await seal(), await seal(), point].map(b64url);""",
        [as_text(pair.public), NOTE],
    )
    assert one == other
    assert from_text(one)[:65] == from_text(point)
    assert open_escrowed(pair.private, UUID(NOTE), from_text(one)) == b"hei"


def test_the_server_believes_the_phones_signature(module_page):
    body = json.dumps({"ord": "æøå"}).encode()
    public, again, signature = run(
        module_page,
        """const pair = await signing.newSigning();
        const sign = await signing.signer(pair.privateKey);
        const lines = await signing.signedLines("POST", "/api/v1/sync/escrow", fromB64url(given));
        const again = await signing.publicKeyOf(pair.privateKey);
        return [pair.publicKey, again, await sign(lines)].map(b64url);""",
        as_text(body),
    )
    assert again == public
    text = signed_text("POST", "/api/v1/sync/escrow", body)
    assert is_signed_by(from_text(public), from_text(signature), text)
    assert not is_signed_by(from_text(public), from_text(signature), text + b" ")


def test_a_code_opens_however_it_is_typed_and_no_other_does(module_page):
    told = run(
        module_page,
        """const secret = unlocking.newSecret();
        const { way, code } = await unlocking.wayByCode(given[0], secret);
        const stored = JSON.parse(JSON.stringify(way));
        const typed = (text) => unlocking.unlockByCode(stored, given[0], text).then(b64url);
        const other = code.startsWith("z") ? "y" + code.slice(1) : "z" + code.slice(1);
        return {
          code, way: stored, secret: b64url(secret),
          opened: [await typed(code), await typed(code.toUpperCase()),
            await typed(code.replaceAll("-", "")),
            await typed(" " + code.replaceAll("-", " – ") + "\\n"),
            await typed(code.replaceAll("0", "O").replaceAll("1", "l"))],
          refused: [await name(typed(other)), await name(typed("")),
            await name(typed(code.slice(0, -1))),
            await name(unlocking.unlockByCode(stored, given[1], code))],
        };""",
        [DEVICE, FAMILY],
    )
    assert set(told["opened"]) == {told["secret"]}
    assert set(told["refused"]) == {"WrongCode"}
    assert len(told["code"].replace("-", "")) == 12
    assert told["way"]["rounds"] == 600_000
    assert told["secret"] not in json.dumps(told["way"])


def test_codes_are_drawn_from_all_of_their_letters(module_page):
    told = run(
        module_page,
        """const codes = [];
        for (let n = 0; n < 40; n += 1) {
          codes.push((await unlocking.wayByCode(given, unlocking.newSecret())).code);
        }
        return codes;""",
        DEVICE,
    )
    assert len(set(told)) == 40
    assert len(set("".join(told)) - {"-"}) > 25


@pytest.fixture
def authenticator(module_page):
    """A phone's own fingerprint reader, whose owner says yes; ``has_prf`` is its secret."""

    def plug_in(*, has_prf=True):
        cdp = module_page.page.context.new_cdp_session(module_page.page)
        cdp.send("WebAuthn.enable")
        cdp.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "ctap2Version": "ctap2_1",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                    "hasPrf": has_prf,
                }
            },
        )

    return plug_in


PASSKEY = """const secret = unlocking.newSecret();
  const { way } = await unlocking.wayByPasskey(given, secret, { name: "Helsesykepleier" });"""


def on_localhost(module_page):
    # A passkey belongs to a name, and an address of numbers has none.
    page = module_page.page
    page.goto(page.url.replace("127.0.0.1", "localhost"))


def test_a_passkey_opens_what_it_locked(module_page, authenticator):
    on_localhost(module_page)
    authenticator()
    told = run(
        module_page,
        PASSKEY
        + """const stored = JSON.parse(JSON.stringify(way));
        const opened = await unlocking.unlockByPasskey([stored], given);
        const strange = {...stored, wrapped: b64url(crypto.getRandomValues(new Uint8Array(60)))};
        const refused = await name(unlocking.unlockByPasskey([strange], given));
        return [b64url(secret), b64url(opened), stored, refused];""",
        DEVICE,
    )
    secret, opened, way, strange = told
    assert opened == secret
    assert secret not in json.dumps(way)
    assert strange == "WrongCode"


def test_a_passkey_that_keeps_no_secret_is_none_for_us(module_page, authenticator):
    on_localhost(module_page)
    authenticator(has_prf=False)
    told = run(
        module_page,
        """const secret = unlocking.newSecret();
        return name(unlocking.wayByPasskey(given, secret, { name: "Helsesykepleier" }));""",
        DEVICE,
    )
    assert told == "NoPasskey"


def test_ids_of_python_are_ids_for_the_app(module_page):
    told = run(
        module_page,
        "return (await keys.waitingSealer(given, unlocking.newSecret())).deviceId;",
        str(new_id(system_clock())),
    )
    assert UUID(told).version == 7
