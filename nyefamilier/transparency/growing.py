"""Letting the tree grow: every entry that was written becomes a leaf, and the head is signed.

Entries are written by many transactions at once, which do not end in the order of their numbers.
Nothing waits for the tree: what a transaction has not committed yet becomes a leaf the next time.
Until which number nothing can come any more is found as ``CREATE INDEX CONCURRENTLY`` finds it:
whoever was writing when the newest number was read has to have ended.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final
from uuid import uuid4

from nyefamilier.storage.work import Work
from nyefamilier.transparency import store
from nyefamilier.transparency.checkpoints import Signer, checkpoint
from nyefamilier.transparency.entries import Log, entry_of, leaf_bytes, new_nonce
from nyefamilier.transparency.merkle import Tree, grown, leaf_hash
from nyefamilier.transparency.tables import CheckpointRow, LeafRow, SignerRow
from nyefamilier.vault.heads import new_head_key, public_head_key, sign_head
from nyefamilier.vault.provider import Wrapped

ORIGIN: Final = "nyefamilier/access-log"
"""The log's name in its checkpoints."""
AT_ONCE: Final = 10_000
"""The most entries of one log that become leaves in one transaction."""
_LOOKS: Final = 20
_BETWEEN_LOOKS_S: Final = 0.05


def grow(work: Work, pause: Callable[[float], None] = time.sleep) -> int:
    """Let all entries that can be seen become leaves, and sign the head; how many became leaves.

    At most `AT_ONCE` of each log: whoever finds so many calls again.

    Args:
        work: The transaction, which reads what is committed when a statement begins.
        pause: Waits some seconds.

    Raises:
        Unavailable: the key provider is away. Nothing is lost: the next time signs for both.
    """
    store.hold_sealer(work.session)
    before = store.size(work.session)
    found = [one for log in Log for one in _new_leaves(work, log, pause)]
    if not found:
        return 0
    for index, leaf in enumerate(found, before):
        leaf.index = index
    store.add_leaves(work.session, found)
    size = before + len(found)
    kept = partial(store.kept, work.session)
    store.add_subtrees(work.session, grown(before, size, kept))
    note = checkpoint(signer(work), size, Tree(kept).head(size))
    work.session.add(CheckpointRow(size=size, sealed_at=work.now, note=note))
    return len(found)


def signer(work: Work) -> Signer:
    """Whoever signs for the log now; a key is made when it is first asked for.

    Raises:
        Unavailable: the key provider is away.
    """
    row = store.newest_signer(work.session) or _new_signer(work)
    wrapped = Wrapped(row.provider, row.kek, row.kek_version, row.wrapped)
    private = work.vault.open_log_key(row.id, wrapped)
    return Signer(ORIGIN, row.public_key, partial(sign_head, private))


def _new_leaves(work: Work, log: Log, pause: Callable[[float], None]) -> list[LeafRow]:
    session = work.session
    newest = store.issued(session, log)
    is_final = _have_ended(work, log, store.writers(session, log), pause)
    rows = store.unsealed(session, log, store.mark(session, log), AT_ONCE)
    if is_final:
        # A full batch may have left some behind; what was numbered later may come in any order.
        upto = min(newest, rows[-1]["id"]) if len(rows) == AT_ONCE else newest
        store.set_mark(session, log, upto)
    return [_leaf(log, row) for row in rows]


def _have_ended(
    work: Work, log: Log, before: frozenset[str], pause: Callable[[float], None]
) -> bool:
    """Whether the writers of *before* end while we look; a long one is left for the next time."""
    for _ in range(_LOOKS):
        if not before & store.writers(work.session, log):
            return True
        pause(_BETWEEN_LOOKS_S)
    return False


def _leaf(log: Log, row: Mapping[str, Any]) -> LeafRow:
    nonce = new_nonce()
    made = leaf_hash(leaf_bytes(entry_of(log, row), nonce))
    return LeafRow(log=log, entry_id=row["id"], nonce=nonce, hash=made)


def _new_signer(work: Work) -> SignerRow:
    private, key_id = new_head_key(), uuid4()
    wrapped = work.vault.wrap_log_key(key_id, private)
    row = SignerRow(
        id=key_id,
        made_at=work.now,
        public_key=public_head_key(private),
        provider=wrapped.provider,
        kek=wrapped.kek,
        kek_version=wrapped.version,
        wrapped=wrapped.blob,
    )
    work.session.add(row)
    work.session.flush()
    return row
