"""Enrol a phone, and say which phones the caller has."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from api.describing import refuses
from api.doorway import changes_no_record, work
from api.programme import programme
from api.sync.blueprint import sync_blueprint
from api.sync.schemas import ENROL, DevicesSchema, EnrolledSchema, EnrolSchema
from nyefamilier.sync.devices import enrol
from nyefamilier.sync.views import DeviceView, own_devices
from nyefamilier.wire.messages import Enrol, Enrolled

blueprint = sync_blueprint("devices", __name__)

_STOPPED = ("device-locked", "device-wipe", "device-retired")


@blueprint.post("/devices")
@blueprint.arguments(EnrolSchema, example=ENROL)
@blueprint.response(201, EnrolledSchema)
@refuses("public-key", "device-taken", "too-many-devices", "key-provider-away", *_STOPPED)
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


def lease_length() -> timedelta:
    """For how long a phone of this deployment may open its store without asking."""
    return timedelta(hours=programme().settings.lease_hours)
