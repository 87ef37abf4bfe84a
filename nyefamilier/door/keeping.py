"""Writes a mutation down in the log: sealed, chained to the family's history, with what it touched.

Whatever comes through the door is kept by this one function, so that pages, REST, jobs and phones
leave the same traces.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from nyefamilier.changes.tables import MutationRow
from nyefamilier.door.mutations import Answer, Mutation, Sent, canonical, names_of
from nyefamilier.families.dossier import Dossier


def keep(
    dossier: Dossier,
    mutation: Mutation,
    touched: Sequence[str],
    *,
    status: str = "applied",
    sent: Sent | None = None,
) -> Answer:
    """Keep a mutation that made the dossier's revision, and say what became of it.

    Args:
        dossier: The family, at the revision that the mutation made.
        mutation: What was asked for.
        touched: What was written for it; see `touching`.
        status: What became of it.
        sent: How it came from a phone, if it did. What was sent is kept as the very bytes.
    """
    rev, seal = dossier.family.rev, dossier.cipher.seal
    answer = Answer(mutation.id, mutation.family_id, rev, status)
    told = canonical(mutation) if sent is None else sent.raw
    request = seal("mutation", "request", mutation.id, rev, told)
    link, chain = dossier.add_link(mutation.id, request)
    row = {
        "id": mutation.id,
        "family_id": mutation.family_id,
        "rev": rev,
        "actor_id": dossier.work.actor.id,
        "doorway": dossier.work.occasion.doorway,
        "operations": names_of(mutation),
        "received_at": dossier.work.now,
        "status": status,
        "request": request,
        "answer": seal("mutation", "answer", mutation.id, rev, msgspec.json.encode(answer)),
        "device_id": None if sent is None else sent.device_id,
        "touched": list(touched),
        "link": link,
        "chain": chain,
    }
    dossier.work.session.insert(MutationRow, row)
    return answer
