"""A push is read mutation by mutation: what is wrong with one is kept with it."""

import json
from uuid import UUID, uuid4

import pytest

from nyefamilier.kernel.errors import Malformed, TooLarge
from nyefamilier.sync import envelopes
from nyefamilier.sync.envelopes import Flaw, Newer, read_push
from nyefamilier.wire.limits import MUTATION_BYTES, MUTATIONS
from nyefamilier.wire.messages import SCHEMA, PushedMutation, VoidedSeqs


def mutation(seq=1, **more):
    told = {
        "id": str(uuid4()),
        "seq": seq,
        "v": 1,
        "type": "visit.record",
        "family": str(uuid4()),
        "base_rev": 3,
        "occurred_at": "2026-03-02T12:40:00+01:00",
        "ops": [{"op": "note.write", "text": "Ammer hver tredje time."}],
    } | more
    return {name: value for name, value in told.items() if value is not ...}


def void(seq=1, **more):
    told = {"id": str(uuid4()), "seq": seq, "v": 1, "type": "seq.void", "count": 3, "why": "lost"}
    return told | more


def body(*mutations, **more):
    told = {"device_id": str(uuid4()), "acked_seq": 0, "schema": 1, "mutations": mutations} | more
    return json.dumps({name: value for name, value in told.items() if value is not ...}).encode()


def only(*mutations):
    (envelope,) = read_push(body(*mutations))[1]
    return envelope


def refusal(sent, kind=Malformed):
    with pytest.raises(kind) as refused:
        read_push(sent)
    return refused.value.code, refused.value.pointer


def test_a_mutation_keeps_the_very_bytes_in_which_it_was_sent():
    told = mutation(occurred_at="2026-03-02T12:40:00.000+01:00")
    odd = json.dumps(told, indent=3, ensure_ascii=True).encode()
    sent = body().replace(b"[]", b"[ " + odd + b" ]")
    (envelope,) = read_push(sent)[1]
    assert envelope.raw == odd
    assert isinstance(envelope.content, PushedMutation)
    assert envelope.family_id == UUID(told["family"])


def test_each_mutation_takes_its_own_seq():
    assert only(mutation(7)).last_seq == 7


def test_a_void_takes_all_the_seqs_that_it_gives_up():
    envelope = only(void(7, count=3))
    assert isinstance(envelope.content, VoidedSeqs)
    assert envelope.last_seq == 9
    assert envelope.family_id is None


FLAWED = {
    "no family": ({"family": ...}, None),
    "a family that is no id": ({"family": "x"}, "/family"),
    "a negative revision": ({"base_rev": -1}, "/base_rev"),
    "a revision beyond all bounds": ({"base_rev": 2**70}, "/base_rev"),
    "an instant without its zone": ({"occurred_at": "2026-03-02T12:40:00"}, "/occurred_at"),
    "operations that are no list": ({"ops": {}}, "/ops"),
    "a field that nobody knows": ({"operations": []}, None),
    "a clock that is none": ({"recorded": {"wall": 1}}, "/recorded/wall"),
}


@pytest.mark.parametrize(("more", "pointer"), FLAWED.values(), ids=FLAWED)
def test_what_is_wrong_with_a_mutation_refuses_no_push(more, pointer):
    first, second = read_push(body(mutation(1, **more), mutation(2)))[1]
    assert first.content == Flaw("malformed", pointer)
    assert isinstance(second.content, PushedMutation)


def test_a_mutation_of_a_version_to_come_is_kept_unread():
    envelope = only(mutation(v=SCHEMA + 1, family=..., shape={"of": "things to come"}))
    assert envelope.content == Newer()


def test_a_mutation_of_an_older_version_is_read_through_every_step_in_between(monkeypatch):
    monkeypatch.setattr(envelopes, "SCHEMA", 3)
    monkeypatch.setattr(
        envelopes,
        "UPCASTERS",
        {
            1: lambda told: told | {"v": 2, "family": told["household"]},
            2: lambda told: {n: v for n, v in told.items() if n != "household"} | {"v": 3},
        },
    )
    family = str(uuid4())
    envelope = only(mutation(household=family, family=...))
    assert envelope.family_id == UUID(family)
    assert b"household" in envelope.raw


def test_a_version_that_was_never_released_is_a_flaw():
    assert only(mutation(v=0)).content == Flaw("unknown-version", "/v")


def test_a_push_of_a_version_to_come_is_read_as_far_as_possible():
    push, (envelope,) = read_push(body(mutation(), schema=SCHEMA + 1, colour="blue"))
    assert push.schema == SCHEMA + 1
    assert isinstance(envelope.content, PushedMutation)


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"device_id": ...}, None),
        ({"device_id": "x"}, "/device_id"),
        ({"acked_seq": -1}, "/acked_seq"),
        ({"mutations": {}}, "/mutations"),
        ({"colour": "blue"}, None),
        ({"clock": {"wall": "now"}}, "/clock/wall"),
    ],
)
def test_a_push_without_its_fields_is_malformed(more, pointer):
    assert refusal(body(**more)) == ("malformed-push", pointer)


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"id": ...}, "/mutations/1"),
        ({"id": 7}, "/mutations/1/id"),
        ({"seq": 0}, "/mutations/1/seq"),
        ({"seq": 2**53}, "/mutations/1/seq"),
        ({"seq": "2"}, "/mutations/1/seq"),
        ({"v": ...}, "/mutations/1"),
        ({"type": None}, "/mutations/1/type"),
    ],
)
def test_a_mutation_without_its_place_refuses_the_push(more, pointer):
    sent = body(
        mutation(1), {**mutation(2), **more} if ... not in more.values() else mutation(2, **more)
    )
    assert refusal(sent) == ("malformed-mutation", pointer)


@pytest.mark.parametrize("seqs", [(1, 1), (2, 1)])
def test_mutations_come_in_order_and_each_once(seqs):
    assert refusal(body(*map(mutation, seqs)))[0] == "sequence-order"


def test_a_void_and_what_it_gives_up_do_not_come_together():
    assert refusal(body(void(1, count=3), mutation(3)))[0] == "sequence-order"


def test_too_many_mutations_are_refused():
    sent = body(*(mutation(seq) for seq in range(1, MUTATIONS + 2)))
    assert refusal(sent, TooLarge) == ("too-many-mutations", "/mutations")


def test_too_large_a_mutation_is_refused_and_named():
    sent = body(mutation(1), mutation(2, ops=["x" * MUTATION_BYTES]))
    assert refusal(sent, TooLarge) == ("mutation-too-large", "/mutations/1")


def test_nothing_is_shown_of_what_a_mutation_says():
    assert "Ammer" not in repr(only(mutation()))
