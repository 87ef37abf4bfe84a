"""Enrol a phone, renew its lease, take in what it cannot push, say which phones there are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from api.bodies import takes_bytes
from api.credentials import lifetimes
from api.describing import refuses, takes
from api.doorway import ANYONE, allow, changes_no_record, programmes_own_work, work, work_as
from api.programme import programme
from api.sync.blueprint import SYNC_SIGNATURE, pace, signed, signed_request, sync_blueprint
from api.sync.schemas import (
    CARRY_ON,
    ENROL,
    ESCROW,
    RENEW,
    RETIRED,
    WIPED,
    CarriedOnSchema,
    CarryOnSchema,
    DevicesSchema,
    EnrolledSchema,
    EnrolSchema,
    EscrowAnswerSchema,
    EscrowSchema,
    LeaseSchema,
    RenewSchema,
    RetireSchema,
    WipeReceiptSchema,
)
from nyefamilier.sync.devices import enrol
from nyefamilier.sync.escrow import take_in
from nyefamilier.sync.leases import renew
from nyefamilier.sync.opening import open_escrow
from nyefamilier.sync.proving import proven_device
from nyefamilier.sync.revoking import retire, take_wipe_receipt
from nyefamilier.sync.staying import carry_sign_in
from nyefamilier.sync.views import DeviceView, own_devices
from nyefamilier.wire import limits
from nyefamilier.wire.messages import (
    CarriedOn,
    CarryOn,
    Enrol,
    Enrolled,
    Escrow,
    EscrowAnswer,
    Escrowed,
    Lease,
    Renew,
)

blueprint = sync_blueprint("devices", __name__)

_STOPPED = ("device-locked", "device-wipe", "device-retired")


@blueprint.post("/devices")
@blueprint.arguments(EnrolSchema, example=ENROL)
@blueprint.response(201, EnrolledSchema)
@refuses(
    "public-key",
    "device-taken",
    "public-key-taken",
    "too-many-devices",
    "key-provider-away",
    *_STOPPED,
)
@changes_no_record
def enrol_device(body: dict[str, Any]) -> Enrolled:
    """Enrol an installation: its lease, and the key to which it seals its unsent work.

    Sent again for the same installation, it is answered the same. An installation that was cloned
    or restored makes a new id and a new key, and keeps the ids of its mutations.
    """
    request = Enrol(**body)
    with work() as current:
        return enrol(current, request, lease=lease_length())


@blueprint.get("/devices/me")
@blueprint.response(200, DevicesSchema)
def my_devices() -> dict[str, list[DeviceView]]:
    """The caller's phones: their state, when they were last seen, what is on them.

    Those that were stopped are there too.
    """
    with work() as current:
        return {"items": own_devices(current)}


@blueprint.post("/lease")
@blueprint.arguments(RenewSchema, example=RENEW)
@blueprint.response(200, LeaseSchema)
@refuses("wrong-device", "purge-overdue", "key-provider-away", "record-damaged")
@changes_no_record
def renew_lease(body: dict[str, Any]) -> Lease:
    """Renew the lease, and hear what the phone is to do.

    A phone that was stopped gets commands and no share. `fresh` says that the share is a new one,
    since the lease had run out: the phone sends its escrow copies and begins with an empty store.
    """
    with work() as current:
        return renew(current, Renew(**body), lease=lease_length())


@blueprint.post("/token")
@blueprint.arguments(CarryOnSchema, example=CARRY_ON)
@blueprint.response(200, CarriedOnSchema)
@refuses("signature", "not-signed-in", "token-digest", "lease-lapsed", *_STOPPED)
@takes(SYNC_SIGNATURE)
@changes_no_record
@signed
@allow(*ANYONE)
def carry_sign_in_on(body: dict[str, Any]) -> CarriedOn:
    """Carry the nurse's sign-in on by another token, without her password, for her shift.

    The phone makes the next token and signs for it; only digests travel. Sent again, it is answered
    the same. Once her password was given too long ago, or the sign-in was ended, it is 401.
    """
    pace(str(body["device_id"]))
    with programmes_own_work() as current:
        device = proven_device(current, body["device_id"], signed_request())
        return carry_sign_in(current, device, CarryOn(**body), lifetimes())


@blueprint.post("/escrow")
@blueprint.arguments(EscrowSchema, example=ESCROW)
@blueprint.response(200, EscrowAnswerSchema)
@refuses("signature", "escrow-unreadable", "escrow-reuse")
@takes(SYNC_SIGNATURE)
@takes_bytes(limits.ESCROW_REQUEST_BYTES)
@changes_no_record
@signed
@allow(*ANYONE)
def leave_in_escrow(body: dict[str, Any]) -> EscrowAnswer:
    """Leave unsent work, sealed, from a phone that may not or cannot push.

    Nobody is signed in: the phone signs with the key that it enrolled with. What has come in is
    kept as it is and goes to a person to decide. Sent again in the same bytes, it is kept once.
    """
    pace(str(body["device_id"]))
    told = body | {"mutations": [Escrowed(**one) for one in body["mutations"]]}
    with programmes_own_work() as current:
        device = proven_device(current, body["device_id"], signed_request())
        answer = take_in(current, device, Escrow(**told))
    # What is in is in, whatever becomes of opening it; a job tries again.
    open_escrow(work_as, body["device_id"])
    return answer


@blueprint.post("/retire")
@blueprint.arguments(RetireSchema, example=RETIRED)
@blueprint.response(204)
@refuses("wrong-device", "device-state")
@changes_no_record
def retire_device(body: dict[str, Any]) -> None:
    """Take the caller's own phone out of use: another nurse gets it.

    It is sent nothing more, and its share is destroyed. Its copies count as gone when it has sent
    the wipe receipt, which it may do from now on.
    """
    with work() as current:
        retire(current, body["device_id"])


@blueprint.post("/wipe-receipt")
@blueprint.arguments(WipeReceiptSchema, example=WIPED)
@blueprint.response(204)
@refuses("signature", "device-state", "escrow-incomplete")
@takes(SYNC_SIGNATURE)
@takes_bytes(limits.ESCROW_REQUEST_BYTES)
@changes_no_record
@signed
@allow(*ANYONE)
def send_wipe_receipt(body: dict[str, Any]) -> None:
    """Say that everything was erased, as the phone was told to.

    What is left are the copies sealed to the server of what was handed over. They are deleted when
    this has gone well: a server that was restored meanwhile says what it lacks. The key that signs
    this goes last.
    """
    pace(str(body["device_id"]))
    with programmes_own_work() as current:
        device = proven_device(current, body["device_id"], signed_request())
        take_wipe_receipt(current, device, body.get("handed_over", []))


def lease_length() -> timedelta:
    """For how long a phone of this deployment may open its store without asking."""
    return timedelta(hours=programme().settings.lease_hours)
