"""Sealing: the format, and that nothing else opens."""

import hashlib
from uuid import UUID

from nyefamilier.vault.sealing import DataKey, _open_in_context, _seal_with_salt

KEY = DataKey(UUID(int=3), 1, bytes(range(32)))


def test_the_known_answer_is_reproduced_byte_for_byte():
    blob = _seal_with_salt(KEY, b"ctx", "Hei, blåbær".encode(), bytes(range(0x20, 0x38)))
    assert len(blob) == 354
    assert hashlib.sha256(blob).hexdigest() == (
        "3598b083c42597fb4471ef75aa52a675e5da096cc93e5f7169ebbcf4e081a045"
    )
    assert _open_in_context(KEY, b"ctx", blob).decode() == "Hei, blåbær"
