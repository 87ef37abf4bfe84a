"""Let a nurse stay signed in on her phone for her shift: it signs, and she gives no password.

Neither the phone's key nor a token is enough by itself. The token's digest says which sign-in is
carried on, so that whatever ends that ends this; the signature says that her phone asks.
"""

from __future__ import annotations

from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.accounts.sessions import Step, carry_on
from nyefamilier.kernel.errors import DeviceStopped, RuleBroken
from nyefamilier.storage.work import Work
from nyefamilier.sync.devices import require_active
from nyefamilier.sync.tables import DeviceRow
from nyefamilier.wire import limits
from nyefamilier.wire.messages import CarriedOn, CarryOn
from nyefamilier.wire.texts import from_text


def carry_sign_in(
    work: Work, device: DeviceRow, request: CarryOn, lifetimes: Lifetimes
) -> CarriedOn:
    """Carry the sign-in of the device's nurse on by the token whose digest is told.

    Args:
        work: The transaction, the actor and the instant.
        device: Proven by its signature, and held.
        request: What it sent.
        lifetimes: How long a token is good, and how long a shift lasts.

    Raises:
        DeviceStopped: it was stopped; ``lease-lapsed``.
        RuleBroken: ``token-digest``.
        NotSignedIn: ``not-signed-in``: see `accounts.sessions.carry_on`.
    """
    require_active(device)
    _require_lease(work, device)
    step = Step(
        had=_digest(request.token_digest, "/token_digest"),
        next=_digest(request.next_digest, "/next_digest"),
    )
    carried = carry_on(work, device.account_id, step, lifetimes)
    return CarriedOn(server_time=work.now, expires_at=carried.expires_at, until=carried.until)


def _require_lease(work: Work, device: DeviceRow) -> None:
    if device.lease_until is None or work.now >= device.lease_until:
        raise DeviceStopped(
            "lease-lapsed", "The lease has run out. Sign in by the password and renew it first."
        )


def _digest(told: str, pointer: str) -> bytes:
    try:
        digest = from_text(told)
    except ValueError:
        digest = b""
    if len(digest) != limits.DIGEST_BYTES:
        raise RuleBroken(
            "token-digest",
            "Send a SHA-256 (32 bytes) in base64url without padding.",
            pointer=pointer,
        )
    return digest
