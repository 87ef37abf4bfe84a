"""What a thief would give much for: words planted everywhere, and every key that the app makes."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import httpx
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key
from playwright.sync_api import BrowserContext, Playwright

from tests.e2e.families import today
from tests.e2e.served import Served
from tests.e2e.test_felt_day import Pocket

HALF = 32
FURUSET = "0301121201"
# Tells the test every key as it comes by, before the app overwrites it. HMAC is left out: escrow
# uses it as a digest, over values that anybody knows.
HOOK = """(() => {
  const real = SubtleCrypto.prototype;
  const { importKey, deriveKey, deriveBits, exportKey } = real;
  const bytes = (data) => ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
  const told = (kind, data) => void thiefTakes(kind, btoa(String.fromCharCode(...bytes(data))));
  real.importKey = function (format, data, how, ...more) {
    const name = how.name ?? how;
    if (["raw", "pkcs8"].includes(format) && name !== "HMAC") told(`imported ${name}`, data);
    return importKey.call(this, format, data, how, ...more);
  };
  real.deriveKey = function (how, base, what, _, uses) {
    deriveKey.call(this, how, base, what, true, uses)
      .then((key) => exportKey.call(this, "raw", key)).then((raw) => told(`by ${how.name}`, raw));
    return deriveKey.call(this, how, base, what, false, uses);
  };
  real.deriveBits = function (...given) {
    return deriveBits.apply(this, given).then((bits) => { told("bits", bits); return bits; });
  };
  real.exportKey = function (format, key) {
    return exportKey.call(this, format, key).then((data) => {
      if (format === "pkcs8") told("exported", data);
      return data;
    });
  };
})()"""


class Stolen(Pocket):
    """A phone that a thief gets, whose keys the test learns and whose browser writes a log."""

    # Into the profile, where it is searched with everything else; the console's words are in it.
    flags = ("--enable-logging", "--v=1")

    def __init__(self, playwright: Playwright, profile: Path, served: Served) -> None:
        self.profile = profile
        self.taken: dict[str, set[bytes]] = {}
        self.tokens: set[str] = set()
        self.said: list[str] = []
        super().__init__(playwright, profile, served)

    def prepare(self, context: BrowserContext) -> None:
        """Listen, and hold the clock."""
        context.clock.install()
        context.expose_binding("thiefTakes", lambda _, kind, data: self._take(kind, data))
        context.add_init_script(HOOK)
        context.on("console", lambda message: self.said.append(message.text))
        context.on("request", lambda request: self._hear(request.headers.get("authorization", "")))

    def _take(self, kind: str, data: str) -> None:
        self.taken.setdefault(kind, set()).add(b64decode(data))

    def _hear(self, header: str) -> None:
        if header.startswith("Bearer "):
            self.tokens.add(header.removeprefix("Bearer "))

    @property
    def keys(self) -> dict[str, list[str | bytes]]:
        """Every key, and both halves of the store's; the code is the base of one of them."""
        keys: dict[str, list[str | bytes]] = {kind: [*taken] for kind, taken in self.taken.items()}
        halves = [one for one in keys["imported HKDF"] if isinstance(one, bytes)]
        keys["half"] = [one[at : at + HALF] for one in halves for at in range(0, len(one), HALF)]
        keys["scalar"] = [_scalar(one) for one in keys["imported ECDSA"] if isinstance(one, bytes)]
        return keys


def _scalar(pkcs8: bytes) -> bytes:
    key = load_der_private_key(pkcs8, None)
    assert isinstance(key, EllipticCurvePrivateKey)
    return key.private_numbers().private_value.to_bytes(HALF, "big")


class Birds:
    """Words and telephone numbers that stand nowhere else, each told once."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - no secrets
        self.told: list[str | bytes] = []

    @property
    def word(self) -> str:
        """Another word."""
        letters = "".join(self._random.choices("abdefghijklmnoprstuvyæøå", k=12))
        return self._tell(f"Kanari{letters}")

    @property
    def phone(self) -> str:
        """Another telephone number."""
        return self._tell(f"4{self._random.randrange(10**6, 10**7)}")

    def _tell(self, bird: str) -> str:
        self.told.append(bird)
        return bird


class Clinic:
    """Her colleagues' side: families with words in them, written by REST."""

    def __init__(self, served: Served, username: str) -> None:
        """Sign in as her."""
        self._client = httpx.Client(base_url=f"{served.address}/api/v1", timeout=60)
        sign_in = {"username": username, "password": served.passwords[username]}
        told = self.post("/tokens", sign_in)
        self._client.headers["Authorization"] = f"Bearer {told['token']}"

    def close(self) -> None:
        """Give the connection back."""
        self._client.close()

    def get(self, path: str) -> Any:
        """Read."""
        return self._client.get(path).raise_for_status().json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Write."""
        key = {"Idempotency-Key": str(uuid4())}
        answer = self._client.post(path, json=body, headers=key)
        assert answer.is_success, answer.text
        return answer.json()

    def register(self, birds: Birds) -> str:
        """A family all of whose words are planted."""
        body = {
            "members": [
                {"role": "mor", "name": birds.word, "phone": birds.phone},
                {"role": "far", "name": birds.word, "phone": birds.phone},
            ],
            "address": {
                "delbydel": FURUSET,
                "valid_from": today().isoformat(),
                "lines": f"{birds.word} 7",
                "directions": f"Ring på hos {birds.word}.",
            },
            "pregnancy": {"term": today().isoformat()},
        }
        return str(self.post("/families", body)["family_id"])

    def write(self, family: str, birds: Birds) -> None:
        """A note and a need of the mother's."""
        mother = self.get(f"/families/{family}")["members"][0]["id"]
        note = {"member_id": mother, "text": f"Mor fortalte om {birds.word}. Æøå."}
        self.post(f"/families/{family}/notes", note)
        need = {"stated_by": mother, "words": f"Vi vil ha {birds.word}.", "wish": birds.word}
        self.post(f"/families/{family}/needs", need)

    def protect(self, family: str) -> None:
        """The family's address is protected from now on."""
        body = {"valid_from": today().isoformat(), "protection": "fortrolig"}
        self.post(f"/families/{family}/addresses", body)
