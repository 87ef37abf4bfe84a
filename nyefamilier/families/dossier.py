"""One family, open: access decided, its row locked if it will be written, its key at hand.

Every use case begins by opening a dossier; there is no other way to a family's rows or key. A
dossier opened for writing raises the family's revision by one, once, and stamps whatever it puts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar, cast
from uuid import UUID

import msgspec

from nyefamilier.access.log import note_access
from nyefamilier.access.rules import READS_TEXT, Action, Circle, Ground, ground_of, require_allowed
from nyefamilier.families import history, store
from nyefamilier.families.circles import circle_of
from nyefamilier.families.holding import held_family, key_row, rewrite_key, wrapped
from nyefamilier.families.states import Protection
from nyefamilier.families.tables import AddressRow, FamilyKeyRow, FamilyRow, TeamRow
from nyefamilier.families.whereabouts import bydel_of_row, kek_for
from nyefamilier.kernel.errors import NotAllowed, NotFound, StaleVersion, Unavailable
from nyefamilier.kernel.ids import BydelNumber, FamilyId
from nyefamilier.storage.base import FamilyRecord, SealedRecord
from nyefamilier.storage.work import Work
from nyefamilier.vault.sealing import CannotOpen
from nyefamilier.vault.vault import FamilyCipher
from nyefamilier.wire import chain

Body = TypeVar("Body")
Row = TypeVar("Row", bound=FamilyRecord)


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose work is being filed, where that is not simply the actor's, here and now.

    Args:
        author_id: Who did it and signs it.
        occurred_at: When, as she says.
        late: She does not follow the family any more.
    """

    author_id: UUID
    occurred_at: datetime
    late: bool = False


@dataclass(slots=True)
class Dossier:
    """An open family. Made by `open_dossier`, `new_dossier` and `open_to_file` only."""

    work: Work
    family: FamilyRow
    key: FamilyKeyRow
    cipher: FamilyCipher
    ground: Ground
    writing: bool
    _written: dict[UUID, FamilyRecord] = field(default_factory=dict)
    """What was written through this dossier, whether or not the database has it yet."""

    sender: Sender | None = None
    """Set by whoever files what was sent from a phone."""

    @property
    def author_id(self) -> UUID:
        """Who signs what is written."""
        return self.work.actor.id if self.sender is None else self.sender.author_id

    @property
    def id(self) -> FamilyId:
        """The family."""
        return FamilyId(self.family.id)

    @property
    def reads_text(self) -> bool:
        """Whether notes and needs may be shown in words."""
        return self.ground in READS_TEXT

    @property
    def bydel(self) -> BydelNumber | None:
        """The family's bydel today; None while its address is protected."""
        return self.bydel_on(self.work.today)

    def bydel_on(self, day: date) -> BydelNumber | None:
        """The present address's bydel as of *day*."""
        return bydel_of_row(self.work, self.family, day)

    def put(self, row: SealedRecord, body: object) -> None:
        """Write *row*: stamp it with the family's revision and seal *body* into it."""
        self.stamp(row)
        row.sealed = self.cipher.seal(
            row.__tablename__, "sealed", row.id, row.rev, msgspec.json.encode(body)
        )

    def touch(self, row: SealedRecord) -> None:
        """Write *row* after a change of its clear columns: the same body, sealed anew.

        Raises:
            Unavailable: ``record-damaged``.
        """
        body = self._opened(row)
        self.stamp(row)
        row.sealed = self.cipher.seal(row.__tablename__, "sealed", row.id, row.rev, body)

    def stamp(self, row: FamilyRecord) -> None:
        """Write *row*, which has nothing sealed, at the family's revision."""
        if not self.writing:
            raise RuntimeError("this dossier was opened for reading")
        self._sum_up(row)
        if isinstance(row, TeamRow):
            self.work.held.pop(self.id, None)  # its team is another now
        held = held_family(self.work, self.id)
        if held is not None and isinstance(row, AddressRow):
            held.circle = None  # its bydel may be another
        row.family_id = self.family.id
        row.rev = self.family.rev
        self._written[row.id] = row
        for known_by in (row.id, row.family_id):
            self.work.foreseen.pop((type(row), known_by), None)
        if self.id in self.work.held:
            self.work.foreseen[type(row), row.id] = row
        self.work.session.put(row)

    def add_link(self, mutation_id: UUID, sealed_request: bytes) -> tuple[bytes, bytes]:
        """Chain the mutation that made the family's revision to its history; once a revision.

        Returns: its link, and the chain that it leads to, both for the log.
        """
        link = chain.link(mutation_id, sealed_request)
        before = cast("bytes", self.family.chain)  # whoever writes has it; see `_open`
        self.family.chain = chain.after(before, self.family.rev, link)
        return link, self.family.chain

    def may_have(self, kind: type[FamilyRecord]) -> bool:
        """Whether to ask the database for records of *kind*.

        A family that is being registered has none but those that were written just now.
        """
        return self.ground is not Ground.REGISTERING or bool(self.written(kind))

    def written(self, kind: type[Row]) -> list[Row]:
        """The records of *kind* that were written through this dossier."""
        return [row for row in self._written.values() if isinstance(row, kind)]

    def record(self, kind: type[Row], record_id: UUID) -> Row:
        """This family's record of *kind* with this id.

        Raises:
            NotFound: there is none, or it is another family's: the two look alike.
        """
        row = self.find(kind, record_id)
        if row is None:
            what = kind.__tablename__
            raise NotFound(what, pointer=f"/{what}_id")
        return row

    def find(self, kind: type[Row], record_id: UUID) -> Row | None:
        """The same; None where there is none."""
        row = self.anybodys(kind, record_id)
        return row if row is not None and row.family_id == self.id else None

    def anybodys(self, kind: type[Row], record_id: UUID) -> Row | None:
        """The record with this id, whichever family's it is; the caller looks whose."""
        written = self._written.get(record_id)
        if isinstance(written, kind):
            return written
        if (kind, record_id) in self.work.foreseen:
            return cast("Row | None", self.work.foreseen[kind, record_id])
        return self.work.session.get(kind, record_id)

    def team_now(self) -> list[TeamRow]:
        """The nurses who follow the family now."""
        return _team(self.work, self.id)

    def read(self, row: SealedRecord, body: type[Body]) -> Body:
        """The body of *row*.

        Raises:
            Unavailable: ``record-damaged``: the row was damaged, swapped or put back.
        """
        return msgspec.json.decode(self._opened(row), type=body)

    def shown(self, row: SealedRecord, body: type[Body]) -> Body | None:
        """The body of *row*; None for an actor who may not read what is personal.

        Raises:
            Unavailable: ``record-damaged``.
        """
        return self.read(row, body) if self.reads_text else None

    def _sum_up(self, row: FamilyRecord) -> None:
        """Carry the family's checksum over to the row's new revision."""
        kind, before = row.__tablename__, cast("int | None", row.rev)
        mark = chain.row_mark(kind, row.id, self.family.rev)
        if before is not None:
            mark ^= chain.row_mark(kind, row.id, before)
        self.family.checksum = cast("int", self.family.checksum) ^ mark

    def _opened(self, row: SealedRecord) -> bytes:
        try:
            return self.cipher.open(row.__tablename__, "sealed", row.id, row.rev, row.sealed)
        except CannotOpen as error:
            raise Unavailable(
                "record-damaged",
                f"The {row.__tablename__} {row.id} does not open: it was damaged or is not where "
                "it was written. Nothing was changed; tell the operator.",
            ) from error


def open_dossier(work: Work, family_id: FamilyId, action: Action, what: str = "family") -> Dossier:
    """Open a family: decide access, write it down, lock and count up if it will be written.

    Raises:
        NotFound, NotAllowed: see `access.rules.ground_of`.
        Unavailable: the key provider is away.
    """
    opened = cast("Dossier | None", work.dossiers.get(family_id))
    writing = action is not Action.READ
    if opened is None or (writing and not opened.writing):
        opened = _open(work, family_id, action, writing=writing)
    else:
        # Decided once for the whole of one mutation: a nurse who hands the family over can write
        # the handover in the same breath.
        require_allowed(opened.ground, action)
    note_access(work, family_id, action, what, opened.ground)
    return opened


def open_to_file(work: Work, family_id: FamilyId, what: str) -> Dossier | None:
    """Open a family to file what its nurse wrote, though she may not follow it any more.

    Nothing of the family is shown through it. None where there is no such family, or the actor
    never followed it: the two look alike.

    Raises:
        Unavailable: the key provider is away.
    """
    try:
        return open_dossier(work, family_id, Action.WRITE, what)
    except (NotFound, NotAllowed):
        pass
    rows = _rows_if_any(work, family_id, writing=True)
    if rows is None or not _has_followed(work, family_id):
        return None
    opened = _open_rows(work, *rows, Ground.FORMER, writing=True)
    note_access(work, family_id, Action.WRITE, what, opened.ground)
    return opened


def cipher_of_sender(work: Work, family_id: FamilyId) -> FamilyCipher:
    """The cipher for comparing a mutation with the one that the same actor sent before.

    Whoever gave the family away by that very mutation has no access any more, and must still be
    told that it went through. Nothing else of the family is served.

    Raises:
        Unavailable: the key provider is away.
    """
    try:
        return open_dossier(work, family_id, Action.READ, "mutation").cipher
    except NotFound:
        return _cipher(work, family_id, store.key_of(work.session, family_id))


def open_for_list(work: Work, families: Sequence[FamilyRow]) -> dict[UUID, Dossier]:
    """Dossiers for reading many families of which the caller has decided and logged access.

    One round trip to the key provider, however many they are.
    """
    rows = {row.family_id: row for row in store.keys_of(work.session, [one.id for one in families])}
    ciphers = work.vault.open_family_keys({id_: wrapped(row) for id_, row in rows.items()})
    return {
        one.id: Dossier(work, one, rows[one.id], ciphers[one.id], Ground.PRIMARY, writing=False)
        for one in families
    }


def new_dossier(
    work: Work, family_id: FamilyId, delbydel: str | None, protection: Protection
) -> Dossier:
    """Open a family that did not exist: its row, its first data key, revision 1."""
    family = FamilyRow(
        id=family_id,
        rev=1,
        protection=protection,
        delbydel=delbydel,
        registered_at=work.now,
        chain=chain.ORIGIN,
        checksum=0,
    )
    work.session.add(family)
    key = work.vault.new_family_key(family_id, kek_for(work, family))
    row = key_row(family_id, key)
    work.session.add(row)
    cipher = work.vault.open_family_key(family_id, key)
    dossier = Dossier(work, family, row, cipher, Ground.REGISTERING, writing=True)
    work.dossiers[family_id] = dossier
    note_access(work, family_id, Action.WRITE, "family", dossier.ground)
    return dossier


def rewrap(dossier: Dossier) -> None:
    """Move the family's data key to the key domain that its address now calls for."""
    row = dossier.key
    kek = kek_for(dossier.work, dossier.family)
    if row.kek == kek:
        return
    moved = dossier.work.vault.move_family_key(dossier.id, wrapped(row), kek)
    rewrite_key(row, moved.wrapped)


def require_version(row: FamilyRecord, base_rev: int | None) -> None:
    """Refuse a change that was made against an older version of *row*.

    Raises:
        StaleVersion: the row has been written since.
    """
    if base_rev is not None and row.rev != base_rev:
        raise StaleVersion(row.rev)


def _open(work: Work, family_id: FamilyId, action: Action, *, writing: bool) -> Dossier:
    family, key = _rows(work, family_id, writing=writing)
    ground = ground_of(work.actor, action, _circle(work, family))
    return _open_rows(work, family, key, ground, writing=writing)


def _open_rows(
    work: Work, family: FamilyRow, key: FamilyKeyRow, ground: Ground, *, writing: bool
) -> Dossier:
    held = held_family(work, family.id)
    cipher = _cipher(work, family.id, key) if held is None else held.cipher
    opened = Dossier(work, family, key, cipher, ground, writing)
    if writing:
        if family.chain is None:
            history.settle(work.session, family)
        family.rev += 1
    work.dossiers[family.id] = opened
    return opened


def _rows(work: Work, family_id: FamilyId, *, writing: bool) -> tuple[FamilyRow, FamilyKeyRow]:
    rows = _rows_if_any(work, family_id, writing=writing)
    if rows is None:
        raise NotFound("family")
    return rows


def _rows_if_any(
    work: Work, family_id: FamilyId, *, writing: bool
) -> tuple[FamilyRow, FamilyKeyRow] | None:
    held = held_family(work, family_id)
    if held is not None:
        return held.family, held.key
    return store.family_and_key(work.session, family_id, lock=writing)


def _has_followed(work: Work, family_id: FamilyId) -> bool:
    held = held_family(work, family_id)
    if held is None:
        return store.has_followed(work.session, family_id, work.actor.id)
    if held.followed is None:
        held.followed = store.has_followed(work.session, family_id, work.actor.id)
    return held.followed


def _circle(work: Work, family: FamilyRow) -> Circle:
    held = held_family(work, family.id)
    if held is None:
        return circle_of(work, family, _team(work, FamilyId(family.id)))
    if held.circle is None:
        held.circle = circle_of(work, family, held.team)
    return held.circle


def _team(work: Work, family_id: FamilyId) -> list[TeamRow]:
    held = held_family(work, family_id)
    return store.team_at(work.session, family_id, work.now) if held is None else held.team


def _cipher(work: Work, family_id: UUID, key: FamilyKeyRow) -> FamilyCipher:
    return work.vault.open_family_key(family_id, wrapped(key))
