"""The ids that follow from what a row says."""

from datetime import date

import pytest

from nyefamilier.families.national_ids import IdType, NationalId
from nyefamilier.intake.meaning import Ids, birth, registration
from nyefamilier.intake.rows import Birth, Child
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.vault.keyring import LocalKeyring
from nyefamilier.vault.vault import Vault
from tests.unit.intake.test_reading import referral

ROW = referral()


@pytest.fixture
def vault(tmp_path):
    return Vault(LocalKeyring.open(tmp_path / "keyring.json"), "test")


def test_the_same_words_mean_the_same_mutation(vault):
    first, second = (registration(row, Ids.of(row, vault)) for row in (referral(), referral()))
    assert (first.id, first.family_id, first.operations) == (
        second.id,
        second.family_id,
        second.operations,
    )


@pytest.mark.parametrize(
    "other",
    [
        referral(navn="Rask B"),
        referral(termin="2026-05-12"),
        referral(telefon="1"),
        referral(fnr=""),
    ],
)
def test_other_words_mean_another(vault, other):
    assert Ids.of(other, vault).mutation != Ids.of(ROW, vault).mutation


def test_nobody_with_another_key_finds_the_id(vault, tmp_path):
    other = Vault(LocalKeyring.open(tmp_path / "other.json"), "test")
    assert Ids.of(ROW, other).mutation != Ids.of(ROW, vault).mutation


def test_the_ids_of_one_row_do_not_resemble_each_other(vault):
    ids = Ids.of(ROW, vault)
    heads = {ids.named(what).hex[:12] for what in ("mutation", "family", "member", "address")}
    assert len(heads) == 4
    assert {ids.named(what).version for what in ("mutation", "family")} == {8}


def test_children_are_in_the_order_in_which_they_were_told(vault):
    told = tuple(Child(str(number), None, stillborn=False) for number in range(6))
    mother = NationalId(IdType.SYNTHETIC_80, "0" * 11)
    row = Birth(mother, None, None, date(2026, 3, 1), None, told)
    ids = Ids.of(row, vault)
    (recorded,) = birth(row, ids, FamilyId(ids.mutation), ids.mutation).operations
    made = [child.member_id for child in recorded.children]
    assert made == sorted(made)
    assert len(set(made)) == 6
