"""What the jobs and the command line do with the log: seal it, tell its head, look at it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from nyefamilier.storage.work import Work
from nyefamilier.transparency import store
from nyefamilier.transparency.anchoring import (
    Anchor,
    AnchorAway,
    AnchorRefused,
    FolderAnchor,
    Opened,
    tell,
)
from nyefamilier.transparency.checking import Checked, check
from nyefamilier.transparency.entries import Log
from nyefamilier.transparency.growing import AT_ONCE, grow, signer


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the log is sealed, and who has its head.

    Args:
        leaves: How many entries are sealed.
        sealed_at: When the newest head was signed; None before the first.
        not_sealed: How many entries wait, by log.
        places: Up to which size each place outside was told.
        key: What whoever checks has to know.
    """

    leaves: int
    sealed_at: datetime | None
    not_sealed: dict[Log, int]
    places: dict[str, int]
    key: str


def seal(opened: Opened) -> int:
    """Seal everything that can be seen, some thousand entries a transaction; how many it was.

    Raises:
        Unavailable: the key provider is away.
    """
    sealed, last = 0, AT_ONCE
    while last >= AT_ONCE:
        with opened() as work:
            last = grow(work)
        sealed += last
    return sealed


def tell_all(opened: Opened, anchors: Iterable[Anchor]) -> dict[str, str]:
    """Tell the newest head to each place that lacks it; those that could not be told, and why."""
    failed = {}
    for anchor in anchors:
        try:
            tell(opened, anchor)
        except (AnchorAway, AnchorRefused) as failure:
            failed[anchor.name] = f"{type(failure).__name__}: {failure}"
    return failed


def check_all(work: Work, anchors: Iterable[Anchor]) -> Checked:
    """Compare the log with the tree, and with the checkpoints that a folder has.

    A witness has refused already what does not go on from what it was told.

    Raises:
        NotAllowed: the actor is not the programme itself.
        AnchorAway: the folder cannot be read.
    """
    folders = [one for one in anchors if isinstance(one, FolderAnchor)]
    return check(work, [note for one in folders for note in one.notes()])


def standing(work: Work, anchors: Iterable[Anchor]) -> Standing:
    """How far it is.

    Raises:
        Unavailable: the key provider is away.
    """
    newest = store.newest_checkpoint(work.session)
    waiting = {log: store.count_waiting(work.session, log) for log in Log}
    return Standing(
        store.size(work.session),
        None if newest is None else newest.sealed_at,
        waiting,
        {one.name: store.anchored(work.session, one.name) for one in anchors},
        signer(work).verifier_key,
    )
