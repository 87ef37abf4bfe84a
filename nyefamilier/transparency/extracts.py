"""An extract of the log: one family's entries, each with what shows that it is one of them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from functools import partial
from typing import Any, Final
from uuid import UUID

from nyefamilier.access.log import note_access
from nyefamilier.access.rules import Action, Ground
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import NotAllowed, NotFound
from nyefamilier.storage.work import Work
from nyefamilier.transparency import store
from nyefamilier.transparency.entries import Log, entry_of
from nyefamilier.transparency.growing import signer
from nyefamilier.transparency.merkle import Tree

FORMAT: Final = "nyefamilier-log/1"
AT_ONCE: Final = 1_000


def extract(work: Work, family_id: UUID, since: Iterable[int] = ()) -> dict[str, Any]:
    """What `verify_log` checks: the family's entries up to the newest signed head, as JSON has it.

    That it was made stands in the log too, as a later entry.

    Args:
        work: A snapshot of the programme's own.
        family_id: Whose entries.
        since: Sizes of earlier checkpoints; the extract shows that the log begins with theirs.

    Raises:
        NotAllowed: the actor is not the programme itself.
        NotFound: no head has been signed yet.
        Unavailable: the key provider is away.
    """
    if work.actor != SYSTEM:
        raise NotAllowed("Extracts of the log are made by the programme itself.")
    newest = store.newest_checkpoint(work.session)
    if newest is None:
        raise NotFound("checkpoint", mending="The log is sealed each minute by the job seal-log.")
    tree = Tree(partial(store.kept, work.session))
    leaves = store.of_family(work.session, family_id, newest.size)
    rows = store.rows(work.session, Log.ACCESS, [one.entry_id for one in leaves])
    entries = [
        {
            "index": leaf.index,
            "nonce": leaf.nonce.hex(),
            "entry": entry_of(Log.ACCESS, rows[leaf.entry_id]),
            "proof": _told(tree.inclusion(leaf.index, newest.size)),
        }
        for leaf in leaves
    ]
    earlier = [
        {"size": size, "proof": _told(tree.consistency(size, newest.size))}
        for size in sorted(set(since))
        if 0 < size < newest.size
    ]
    note_access(work, family_id, Action.READ, "access-log", Ground.PROGRAMME)
    return {
        "format": FORMAT,
        "key": signer(work).verifier_key,
        "checkpoint": newest.note,
        "entries": entries,
        "earlier": earlier,
    }


def _told(proof: Iterable[bytes]) -> list[str]:
    return [b64encode(one).decode() for one in proof]
