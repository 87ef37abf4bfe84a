"""The server's key pair to which phones seal their unsent work.

Phones keep sealed copies for as long as they please, so that no private key is ever deleted: a
newer pair takes the place of an older one for what is sealed from then on.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from nyefamilier.storage.work import Work
from nyefamilier.sync import store
from nyefamilier.sync.tables import EscrowPairRow
from nyefamilier.vault.escrow import new_escrow_pair
from nyefamilier.vault.provider import Wrapped


def present(work: Work) -> EscrowPairRow:
    """The pair that phones seal to now; made when it is first asked for.

    Raises:
        Unavailable: the key provider is away.
    """
    newest = store.newest_escrow_pair(work.session)
    if newest is None:
        store.hold_escrow_pairs(work.session)
        newest = store.newest_escrow_pair(work.session) or _made(work)
    return newest


def private_key(work: Work, key_id: UUID) -> bytes | None:
    """The private key of a pair; None if there never was such a pair.

    Raises:
        Unavailable: the key provider is away, or will not open this key.
    """
    row = work.session.get(EscrowPairRow, key_id)
    if row is None:
        return None
    wrapped = Wrapped(row.provider, row.kek, row.kek_version, row.wrapped)
    return work.vault.open_escrow_key(key_id, wrapped)


def _made(work: Work) -> EscrowPairRow:
    pair, key_id = new_escrow_pair(), uuid4()
    wrapped = work.vault.wrap_escrow_key(key_id, pair.private)
    row = EscrowPairRow(
        id=key_id,
        made_at=work.now,
        public_key=pair.public,
        provider=wrapped.provider,
        kek=wrapped.kek,
        kek_version=wrapped.version,
        wrapped=wrapped.blob,
    )
    work.session.add(row)
    work.session.flush()
    return row
