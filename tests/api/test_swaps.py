"""Every sealed cell of every table, put into the place of every other: nobody is served it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import Engine, text

from nyefamilier.access.rules import Action
from nyefamilier.families.dossier import open_dossier
from nyefamilier.families.intents import UpdateMember
from nyefamilier.families.service import participation_of
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Unavailable
from nyefamilier.sync import escrow_keys, keeping
from nyefamilier.sync.escrow import take_in
from nyefamilier.sync.leases import renew
from nyefamilier.sync.opening import open_escrow
from nyefamilier.sync.tables import DeliveryRow, DeviceRow, EscrowRow
from nyefamilier.transparency.growing import signer
from nyefamilier.vault.escrow import seal_to_escrow
from nyefamilier.wire.messages import Escrow, Escrowed, Renew
from nyefamilier.wire.texts import as_text
from tests.api.homes import ADDRESS, refusal
from tests.builders import DAY
from tests.emergencies import let_in
from tests.pockets import Phone as Pocket
from tests.pushes import Outbox
from tests.sealing.figures import Figure, tell

NOT_SEALED = {
    ("access_token", "token_digest"): "a digest of what nobody keeps",
    ("calendar_feed", "token_digest"): "a digest of what nobody keeps",
    ("session", "token_digest"): "a digest of what nobody keeps",
    ("sign_in_attempts", "key"): "a digest",
    ("delivery", "digest"): "a keyed digest",
    ("member", "national_id_index"): "a keyed digest",
    ("parent_text", "number_index"): "a keyed digest",
    ("family", "chain"): "a hash of the family's history",
    ("mutation", "link"): "a hash of the family's history",
    ("mutation", "chain"): "a hash of the family's history",
    ("device", "public_key"): "a public key",
    ("escrow_pair", "public_key"): "a public key",
    ("log_signer", "public_key"): "a public key",
    ("log_leaf", "nonce"): "random",
    ("log_leaf", "hash"): "a hash of an entry of the access log",
    ("log_subtree", "hash"): "a hash of such hashes",
}
"""Columns of bytes in which nothing is sealed. Whatever is not here must be swapped below."""

CLOSED = {"record-damaged", "family-key-closed"}
SERVED, REFUSED = "served", "refused"
EMERGENCIES = "/api/v1/emergency-accesses"


@dataclass(frozen=True)
class Cell:
    """One sealed value of one row, and how it is asked for."""

    table: str
    column: str
    row: str
    """Which row, as SQL says it."""
    ask: Callable[[], str]

    @property
    def name(self):
        return f"{self.table}.{self.column}"


@dataclass
class Owner:
    """SQL as the owner of the database, past everything of ours."""

    engine: Engine

    def __call__(self, statement, **values):
        with self.engine.begin() as connection:
            found = connection.execute(text(statement), values)
            return found.all() if found.returns_rows else []

    def bytes_of(self, cell):
        [(found,)] = self(f"SELECT {cell.column} FROM {cell.table} WHERE {cell.row}")  # noqa: S608
        return bytes(found)

    def put(self, cell, value):
        told = f"UPDATE {cell.table} SET {cell.column} = :value WHERE {cell.row}"  # noqa: S608
        self(told, value=value)


@pytest.fixture
def owner(programme):
    return Owner(programme.engine)


@pytest.fixture
def visited(home, clock):
    """The family with a record of every kind that a nurse makes of it."""
    home.says()
    home.visited()
    home.do("/needs", stated_by=home.mother, words="Ro")
    need = home.read("/needs")["items"][0]["id"]
    home.do(f"/needs/{need}/reviews", state="being_met", words="Bedre.")
    home.do("/moves", address=ADDRESS | {"lines": "Nyveien 2"}, summary="Flytter i gata.")
    home.do("/notes", member_id=home.mother, text="Vekt 3480 g.")
    return home


@pytest.fixture
def cells(visited, programme, clock, owner):
    """One cell of every sealed column, all of them as they were written."""
    home, nurse = visited, visited.nurse
    number = Asking(home, programme)
    number.conflict(clock)
    device, delivery, escrow, pair = number.phone()
    mutation, again = number.note()
    calendar, absence = number.absence()
    grant = let_in(programme, number.actor, UUID(home.id))
    mine = f"family_id = '{home.id}'"
    last = "id = (SELECT max(id::text)::uuid FROM {} WHERE " + mine + ")"  # noqa: S608
    read = number.read
    return [
        Cell("member", "sealed", f"id = '{home.mother}'", read(f"/members/{home.mother}")),
        Cell("address", "sealed", last.format("address"), read("")),
        Cell("pregnancy", "sealed", f"id = '{home.pregnancy}'", number.participation),
        Cell("move", "sealed", last.format("move"), read("")),
        Cell("offer", "sealed", last.format("offer"), read("/offers")),
        Cell("visit", "sealed", f"{mine} AND state = 'done'", read("/visits")),
        Cell("note", "sealed", last.format("note"), read("/notes")),
        *(Cell(one, "sealed", last.format(one), read("/needs")) for one in ("need", "review")),
        Cell("inbox", "sealed", last.format("inbox"), number.get("/api/v1/sync/reviews")),
        Cell("emergency_access", "sealed", f"id = '{grant}'", number.get(EMERGENCIES)),
        Cell("family_key", "wrapped", mine, read("")),
        Cell("mutation", "request", f"id = '{mutation}'", again),
        Cell("mutation", "answer", f"id = '{mutation}'", again),
        Cell("absence", "kind", f"id = '{absence}'", number.get(calendar)),
        Cell("calendar", "wrapped", f"nurse_id = '{nurse.identity.id}'", number.get(calendar)),
        *device, delivery, escrow, pair, number.signer(),
    ]  # fmt: skip


class Asking:
    """Makes what is asked for, and asks for it; a key that was opened before is forgotten."""

    def __init__(self, home, programme):
        self.home, self.programme = home, programme
        self.actor = home.nurse.identity.actor
        self.box = Outbox(programme, self.actor).enrol()

    def get(self, path, **how):
        return lambda: self.answered(self.home.nurse("GET", path, **how))

    def read(self, path):
        return self.get(self.home.path + path)

    def answered(self, answer):
        if answer.status_code == 503 and answer.json["code"] in CLOSED:
            return REFUSED
        if answer.status_code in {200, 201}:
            return SERVED
        return f"{answer.status_code} {answer.json['code']}"

    def opened(self, do):
        """What comes of something that no single address of the API opens."""
        try:
            with self.programme.work(self.actor, "test") as work:
                do(work)
        except Unavailable as refusal:
            return REFUSED if refusal.code in CLOSED else refusal.code
        return SERVED

    def conflict(self, clock):
        city = SimpleNamespace(programme=self.programme, clock=clock)
        for number in ("41111111", "42222222"):
            told = UpdateMember(UUID(self.home.mother), 0, "", phone=number, only=("phone",))
            Pocket(city, self.actor).sends(UUID(self.home.id), told)

    def note(self):
        """A write, and how it is sent again under its own key."""
        key = {"Idempotency-Key": str(uuid4())}
        body = {"member_id": self.home.mother, "text": "Smiler."}
        assert self.home.post("/notes", body, headers=key).status_code == 201
        send = lambda: self.answered(self.home.post("/notes", body, headers=key))  # noqa: E731
        return key["Idempotency-Key"], send

    def absence(self):
        path = f"/api/v1/calendar/nurses/{self.home.nurse.identity.id}"
        leave = {"kind": "sickness", "first_day": "2026-03-03", "last_day": "2026-03-04"}
        made = self.home.nurse("POST", f"{path}/absences", json=leave)
        assert made.status_code == 201, made.json
        return path, made.json["id"]

    def phone(self):
        """The phone's own keys, something that it sent, and something that it left in escrow."""
        device = self.box.phone.id
        family = UUID(self.home.id)
        odd = self.box.mutation(family) | {"ops": [{"op": "nothing.known"}]}
        left = self.box.mutation(family) | {"seq": 900}
        self.box.push(odd)
        with self.programme.work(SYSTEM, "test") as work:
            pair = escrow_keys.present(work)
            pair_id, raw = pair.id, msgspec.json.encode(left)
            sealed = as_text(seal_to_escrow(pair.public_key, UUID(left["id"]), raw))
            told = Escrowed(id=UUID(left["id"]), seq=900, sealed=sealed)
            request = Escrow(device_id=device, escrow_key_id=str(pair.id), mutations=[told])
            take_in(work, work.session.get(DeviceRow, device), request)
        lease = lambda: self.opened(lambda work: renew(work, Renew(device_id=device, schema=1)))  # noqa: E731
        at = f"id = '{device}'"
        return (
            [Cell("device", one, at, lease) for one in ("wrapped", "share")],
            Cell("delivery", "raw", f"device_id = '{device}'", lambda: self.opened(self.delivered)),
            Cell("escrow", "sealed", f"device_id = '{device}'", self.escrowed),
            Cell(
                "escrow_pair",
                "wrapped",
                f"id = '{pair_id}'",
                lambda: self.opened(lambda work: escrow_keys.private_key(work, pair_id)),
            ),
        )

    def signer(self):
        """What signs the access log's heads; no address of the API signs one."""
        ask = lambda: self.opened(signer)  # noqa: E731
        assert ask() == SERVED
        return Cell("log_signer", "wrapped", "true", ask)

    def participation(self):
        """What ties a pregnancy to its anonymous answer; no page and no list shows it."""

        def ask(work):
            dossier = open_dossier(work, UUID(self.home.id), Action.READ)
            participation_of(dossier, UUID(self.home.pregnancy))

        return self.opened(ask)

    def delivered(self, work):
        keeping.raw_of(work, work.session.get(DeliveryRow, (self.box.phone.id, 1)))

    def escrowed(self):
        """It waits for those before it, unless it cannot be read at all."""
        device = self.box.phone.id
        open_escrow(lambda actor: self.programme.work(actor, "test"), device)
        with self.programme.work(SYSTEM, "test") as work:
            [row] = work.session.query(EscrowRow).filter_by(device_id=device)
            outcome, row.outcome, row.settled_at = row.outcome, None, None
        return {None: SERVED, "unreadable": REFUSED}.get(outcome, outcome)


def asked(programme, cell):
    programme.vault.forget()
    return cell.ask()


def test_every_sealed_column_is_swapped_here(cells, owner):
    found = owner(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = 'bytea'"
    )
    swapped = {(cell.table, cell.column) for cell in cells}
    assert swapped | NOT_SEALED.keys() == {tuple(one) for one in found}
    assert not swapped & NOT_SEALED.keys()


def test_no_cell_is_served_in_the_place_of_another(cells, owner, programme, record_property):
    assert {cell.name: asked(programme, cell) for cell in cells} == {
        cell.name: SERVED for cell in cells
    }
    before = {cell.name: owner.bytes_of(cell) for cell in cells}
    came = {}
    for cell in cells:
        for other in cells:
            if other is not cell:
                owner.put(cell, before[other.name])
                came[other.name, cell.name] = asked(programme, cell)
        owner.put(cell, before[cell.name])
    refused = sum(one == REFUSED for one in came.values())
    got = f"{refused:,} of {len(came):,} pairs refused, of {len(cells)} columns"
    tell(record_property, Figure(6, "A cell in the place of another", got, "100 % of n × (n − 1)"))
    assert {pair: one for pair, one in came.items() if one != REFUSED} == {}
    assert {cell.name: asked(programme, cell) for cell in cells} == {
        cell.name: SERVED for cell in cells
    }


def test_a_phone_whose_share_was_swapped_hears_so_and_gets_none(cells, owner, programme, home):
    [share] = [cell for cell in cells if cell.name == "device.share"]
    [note] = [cell for cell in cells if cell.name == "note.sealed"]
    owner.put(share, owner.bytes_of(note))
    body = {"device_id": share.row.split("'")[1], "schema": 1}
    answer = home.nurse("POST", "/api/v1/sync/lease", json=body)
    assert refusal(answer)[:2] == (503, "record-damaged")


def test_what_a_row_held_before_its_last_change_is_refused(
    cells, owner, programme, home, record_property
):
    before = {cell.name: owner.bytes_of(cell) for cell in cells}
    need = home.read("/needs")["items"][0]["id"]
    version = {"If-Match": home.get(f"/members/{home.mother}").headers["ETag"]}
    told = {"name": "Raskere Bjørk"}
    path = f"{home.path}/members/{home.mother}"
    assert home.nurse("PATCH", path, json=told, headers=version).status_code == 200
    home.do(f"/needs/{need}/close", closed_by=home.mother, state="met")
    home.gives_birth(DAY - timedelta(days=1))
    came = {}
    for cell in cells:
        now = owner.bytes_of(cell)
        if now != before[cell.name]:
            owner.put(cell, before[cell.name])
            came[cell.name] = asked(programme, cell)
            owner.put(cell, now)
    refused = sum(one == REFUSED for one in came.values())
    got = f"{refused} of {len(came)} refused: {', '.join(sorted(came))}"
    tell(record_property, Figure(6, "What the same row held before", got, "all refused"))
    assert came.keys() >= {"member.sealed", "need.sealed"}
    assert set(came.values()) == {REFUSED}
