"""What a phone may send is what REST takes, value by value; and what is written can be read."""

import re

import pytest
from marshmallow import ValidationError

from api.problems import InvalidFields
from nyefamilier.door.catalogue import NAMES, SHAPES
from nyefamilier.door.mutations import Operation
from nyefamilier.door.operations import decode, encode, operation_of
from nyefamilier.door.shapes import FlawedFields
from nyefamilier.families.intents import UpdateMember
from nyefamilier.kernel.errors import Malformed, RuleBroken
from tests.unit.door.corpus import CORPUS, variants


def by_phone(name, told):
    """Where and what a phone is told is wrong; None when nothing is."""
    try:
        operation_of({"op": name, **told})
    except FlawedFields as flawed:
        return {(flaw.pointer, flaw.code) for flaw in flawed.flaws}
    return None


def by_rest(name, told):
    """The same of REST, with the pointers that the phone would be given."""
    example = CORPUS[name]
    body = translated(example, told)
    if not isinstance(body, dict):
        return None  # REST's own decoder answers: an object is needed at the root
    try:
        example.schema().load(body)
    except ValidationError as error:
        flaws = InvalidFields(error).flaws
        return {(on_the_wire(example, flaw["pointer"]), flaw["code"]) for flaw in flaws}
    return None


def translated(example, told, pointer=""):
    """The operation as REST has it: without what stands in the address."""
    renamed = dict(example.renamed)
    if isinstance(told, dict):
        if example.inside is not None and pointer == "":
            return translated(example, told[example.inside], f"/{example.inside}")
        kept = {k: v for k, v in told.items() if pointer or k not in example.path}
        return {
            renamed.get(f"{pointer}/{k}", k): translated(example, v, f"{pointer}/{k}")
            for k, v in kept.items()
        }
    if isinstance(told, list):
        return [translated(example, one, f"{pointer}/0") for one in told]
    return told


def on_the_wire(example, pointer):
    for wire, rest in example.renamed:
        above, _, name = wire.rpartition("/")
        if re.sub(r"\d+", "0", pointer) == f"{above}/{rest}":
            return f"{pointer.rpartition('/')[0]}/{name}"
    return f"/{example.inside}{pointer}" if example.inside else pointer


def only_rest_can_say(example, told):
    """What REST knows otherwise: ids in the address, ids that it makes, and its body's own root."""
    if example.inside and (len(told) > 1 or not isinstance(told.get(example.inside), dict)):
        return True
    return any(key not in {*told} for key in CORPUS_KEYS[id(example)]) or any(
        told.get(key) != example.told[key] for key in example.path
    )


CORPUS_KEYS = {
    id(one): [pointer[1:] for pointer, _ in one.renamed if pointer.count("/") == 1]
    for one in CORPUS.values()
}


def without_new_ids(flaws):
    """Without the complaint that a record within the operation has no id: REST would make one."""
    new = re.compile(r"(/members/\d+|/member|/address|/next_visit)/id|/children/\d+/member_id")
    kept = {
        (where, code)
        for where, code in flaws or ()
        if code != "required" or not new.fullmatch(where)
    }
    return kept or None


def test_every_operation_has_a_shape_a_name_and_an_example():
    assert set(NAMES.values()) == set(SHAPES) == set(CORPUS)
    assert set(NAMES) == set(Operation.__args__)


@pytest.mark.parametrize("name", CORPUS)
def test_the_example_has_every_member_and_both_take_it(name):
    example = CORPUS[name]
    without = {"team_id"} if name == "family.move" else set()  # REST makes it
    missing = set(SHAPES[name].members) - set(example.told) - without
    assert missing <= {"born_on"}
    assert by_phone(name, example.told) is None
    assert by_rest(name, example.told) is None


@pytest.mark.parametrize("name", CORPUS)
def test_rest_and_phone_take_and_refuse_the_same(name):
    example, refused, taken = CORPUS[name], 0, 0
    for told in variants(example.told):
        if only_rest_can_say(example, told):
            continue
        phone, rest = by_phone(name, told), by_rest(name, told)
        phone = without_new_ids(phone)
        assert phone == rest, told
        refused, taken = refused + bool(phone), taken + (not phone)
    assert refused > 30
    assert taken > 0


@pytest.mark.parametrize("name", CORPUS)
def test_what_is_written_is_read_as_the_same(name):
    operation = operation_of({"op": name, **CORPUS[name].told})
    assert operation_of(encode(operation)) == operation
    assert encode(operation)["op"] == name


def test_a_field_that_is_emptied_travels_as_null_and_one_that_is_left_out_does_not():
    emptied = operation_of(
        {
            "op": "member.update",
            "member_id": CORPUS["member.add"].told["member"]["id"],
            "phone": None,
        }
    )
    assert isinstance(emptied, UpdateMember)
    assert (emptied.only, emptied.phone) == (("phone",), None)
    assert encode(emptied) == {
        "op": "member.update",
        "member_id": str(emptied.member_id),
        "phone": None,
    }


@pytest.mark.parametrize(
    "op",
    [b"", b"[]", b"{", b'{"op": "note.write", "op": "note.write"}', b'{"op": "\\u0000"}', b"\xff"],
)
def test_what_is_no_plain_object_is_refused(op):
    with pytest.raises(Malformed, match="malformed-json"):
        decode(op)


@pytest.mark.parametrize("op", [b"{}", b'{"op": 1}', b'{"op": "note.delete"}', b'{"op": []}'])
def test_an_operation_that_there_is_not_is_refused(op):
    with pytest.raises(RuleBroken, match="unknown-operation") as refused:
        decode(op)
    assert refused.value.pointer == "/op"


def test_a_refusal_repeats_nothing_that_was_sent():
    with pytest.raises(RuleBroken) as refused:
        decode(b'{"op": "note.write", "text": 1, "secret": "Bj\xc3\xb8rk"}')
    assert "Bjørk" not in str(refused.value)
