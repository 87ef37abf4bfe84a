"""Know a device by its own signature, where nobody is signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from nyefamilier.kernel.errors import NotSignedIn
from nyefamilier.storage.work import Work
from nyefamilier.sync import store
from nyefamilier.sync.devices import seen
from nyefamilier.sync.tables import DeviceRow
from nyefamilier.vault.signing import is_signed_by
from nyefamilier.wire.signatures import signed_text
from nyefamilier.wire.texts import from_text


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request as it came, with what its ``Sync-Signature`` says."""

    method: str
    path: str
    body: bytes = field(repr=False)
    signature: str = field(repr=False)


def proven_device(work: Work, device_id: UUID, request: SignedRequest) -> DeviceRow:
    """The device that signed the request, whatever state it is in; its row is held.

    Raises:
        NotSignedIn: ``signature``: it did not, or there is no such device.
    """
    device = store.device(work.session, device_id, lock=True)
    if device is None or not _is_signed(device, request):
        raise NotSignedIn(
            "signature",
            "`Sync-Signature` is not this device's signature of method, path and body.",
        )
    seen(work, device)
    return device


def _is_signed(device: DeviceRow, request: SignedRequest) -> bool:
    try:
        signature = from_text(request.signature)
    except ValueError:
        return False
    text = signed_text(request.method, request.path, request.body)
    return is_signed_by(device.public_key, signature, text)
