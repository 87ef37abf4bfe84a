"""What `docs/sync-protocol.md` says of messages, operations and limits is so; its exchange too."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID, uuid4

import msgspec
import pytest

from nyefamilier.accounts.sessions import issue_token
from nyefamilier.door.catalogue import SHAPES
from nyefamilier.families.intents import AssignNurse
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.needs.intents import StateNeed
from nyefamilier.vault.escrow import open_escrowed
from nyefamilier.vault.signing import is_signed_by
from nyefamilier.wire import limits, messages
from nyefamilier.wire.signatures import signed_text
from nyefamilier.wire.texts import from_text
from nyefamilier.wire.verdicts import Command, DropReason, ResetReason, Retry, Verdict
from tests.api.conftest import FOR_A_YEAR
from tests.api.sync.exchange import ADDRESS, FAMILY, FATHER, MOTHER, NEED, PAGE, Play, steps
from tests.builders import Household, address, nurse, send

TEXT = PAGE.read_text("utf-8")
STRUCTS = {
    name: kind
    for name, kind in vars(messages).items()
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__struct_fields__
}


def row(name: str) -> list[str]:
    """The words in code of the table's row that is about *name*."""
    found = re.search(rf"^\| `{re.escape(name)}` \| (.*) \|$", TEXT, re.MULTILINE)
    assert found, name
    return re.findall(r"`([^`]+)`", found[1])


@pytest.mark.parametrize("name", STRUCTS)
def test_the_page_tells_every_field_of_every_message(name):
    fields = msgspec.structs.fields(STRUCTS[name])
    assert row(name) == [f"{one.encode_name}{'' if one.required else '?'}" for one in fields]


def shapes():
    """Every operation's shape and those of the objects within them, by their names."""
    found, new = {}, dict(SHAPES)
    while new:
        found |= new
        inner = [one.shape for shape in new.values() for one in shape.members.values()]
        new = {one.become.__name__.lstrip("_"): one for one in inner if one is not None}
    return found


@pytest.mark.parametrize("name", shapes())
def test_the_page_tells_every_field_of_every_operation_and_which_must_be_there(name):
    members = shapes()[name].members.items()
    assert row(name) == [one if member.required else f"{one}?" for one, member in members]


def test_the_page_tells_every_limit():
    for name, value in vars(limits).items():
        if isinstance(value, int):
            assert f"| `{name}` | {value:,} |" in TEXT, name


@pytest.mark.parametrize("words", [Verdict, Retry, Command, DropReason, ResetReason])
def test_the_page_tells_every_word_that_the_server_may_say(words):
    for word in words:
        assert f"`{word}`" in TEXT, word


def test_the_signature_and_the_sealed_text_to_test_against_are_right():
    values = dict(re.findall(r"^(\w+) = (\S+)$", TEXT, re.MULTILINE))
    text = signed_text("POST", "/api/v1/sync/escrow", b"{}")
    key, signature = from_text(values["public_key"]), from_text(values["signature"])
    assert is_signed_by(key, signature, text)
    private, sealed = from_text(values["escrow_private"]), from_text(values["sealed"])
    assert open_escrowed(private, UUID(values["mutation_id"]), sealed) == b'{"v":1}'


@pytest.fixture
def play(client, programme, caller):
    """A family with a need, followed by the nurse of both phones."""
    first = caller(lifetimes=FOR_A_YEAR)
    home = Household(id=FamilyId(UUID(FAMILY)), mother=UUID(MOTHER), father=UUID(FATHER))
    place = replace(address(), id=UUID(ADDRESS))
    need = StateNeed(UUID(NEED), home.mother, "Noen å snakke med om natten")
    actor = nurse(first.identity.id)
    send(programme, actor, home.id, home.registration(place), need)
    with programme.work(SYSTEM, "test") as work:
        second = issue_token(work, first.identity.id, FOR_A_YEAR).secret
    played = Play(client, {"first": first.token, "second": second})
    played.known["<nurse>"] = str(first.identity.id)
    return played


def test_the_exchange_goes_as_the_page_says(play, programme, caller):
    told = list(steps())
    assert len(told) == 11
    other = caller()
    for number, step in enumerate(told):
        if number == 9:  # between these two the lead gives the family to another nurse
            move = AssignNurse(uuid4(), other.identity.id)
            send(programme, SYSTEM, FamilyId(UUID(FAMILY)), move)
        status, real = play.send(step)
        assert (status, play.differs(step.told, real)) == (step.status, []), step.path
