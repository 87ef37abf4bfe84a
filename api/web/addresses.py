"""The address part of a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api.web.forms import Form
from api.web.submitting import Ids
from api.web.texts import _
from nyefamilier.families.intents import ADDRESS_CHARS, DIRECTIONS_CHARS, NewAddress
from nyefamilier.families.states import AddressSource, Protection

POSTAL_CODE_DIGITS: Final = 4

ADDRESS_FIELDS: Final[Mapping[str, str]] = {
    "/address/delbydel": "delbydel",
    "/address/lines": "lines",
    "/address/valid_from": "valid_from",
}
"""Where on the form the pointers of refusals are."""


def read_address(form: Form, ids: Ids) -> NewAddress | None:
    """The address that the form tells of; None when something is missing."""
    protection = form.choice("protection", Protection)
    lines = form.text("lines", limit=ADDRESS_CHARS)
    directions = form.text("directions", limit=DIRECTIONS_CHARS)
    valid_from = form.day("valid_from", required=True)
    postal_code = _read_postal_code(form)
    if protection is Protection.NONE and not form.value("delbydel"):
        form.wrong("delbydel", _("Choose the delbydel that the family lives in."))
    if protection is None or valid_from is None:
        return None
    return NewAddress(
        id=ids.of("address"),
        delbydel=form.value("delbydel") or None,
        valid_from=valid_from,
        lines=lines,
        postal_code=postal_code,
        directions=directions,
        source=AddressSource.FAMILY,
        protection=protection,
    )


def _read_postal_code(form: Form) -> str | None:
    written = form.text("postal_code", limit=POSTAL_CODE_DIGITS)
    if written is not None and not (
        written.isascii() and written.isdigit() and len(written) == POSTAL_CODE_DIGITS
    ):
        form.wrong("postal_code", _("A postal code has four digits."))
    return written
