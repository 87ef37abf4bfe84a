"""Rows read from their cells, and everything that is found wrong with them."""

from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest

from nyefamilier.families.bodies import InterpreterNeed
from nyefamilier.families.national_ids import IdType, NationalId, synthetic
from nyefamilier.families.states import MemberRole, Protection
from nyefamilier.intake import flaws
from nyefamilier.intake.cells import Surroundings
from nyefamilier.intake.columns import Kind
from nyefamilier.intake.reading import read_row
from nyefamilier.intake.rows import Birth, Child, Offered, Referral
from nyefamilier.offers.states import Basis, Channel
from tests.builders import DAY, VESTLI
from tests.intake_file import swapped, unassigned

RNG = Random(3)  # noqa: S311 - synthetic people
HERS, HIS, CHILDS = (synthetic(date(1990, 5, day), RNG).digits for day in (1, 2, 3))
NURSE = uuid4()
AROUND = Surroundings(
    DAY,
    real_people=False,
    nurses={"stovner1": NURSE},
    knows_delbydel=VESTLI.__eq__,
    is_served=VESTLI.__eq__,
)
REFERRAL = {
    "navn": "Rask Bjørk",
    "fnr": HERS,
    "delbydel": VESTLI,
    "termin": f"{DAY + timedelta(days=70):%d.%m.%Y}",
    "henvist_dato": DAY.isoformat(),
}
BIRTH = {"fnr": HERS, "fodt_dato": DAY.isoformat()}


def referral(**cells):
    return read_row(Kind.REFERRALS, REFERRAL | cells, AROUND)


def birth(**cells):
    return read_row(Kind.BIRTHS, BIRTH | cells, AROUND)


def wrong(row):
    assert isinstance(row, list)
    return [(flaw.column, flaw.code) for flaw in row]


def test_the_smallest_referral():
    row = referral()
    assert isinstance(row, Referral)
    assert (row.mother.name, row.mother.role) == ("Rask Bjørk", MemberRole.MOTHER)
    assert row.mother.national_id == NationalId(IdType.SYNTHETIC_80, HERS)
    assert (row.term, row.referred_on, row.expected) == (DAY + timedelta(days=70), DAY, 1)
    assert (row.residence.delbydel, row.residence.protection) == (VESTLI, Protection.NONE)
    assert row.other is row.offered is row.basis is row.nurse is None


def test_the_fullest_referral():
    row = referral(
        telefon="+47 400 00 001",
        sprak="somali",
        tolkesprak="somali",
        tolk_kjonn="kvinne",
        forelder2_rolle="MEDMOR",
        forelder2_navn="Stille Fjell",
        forelder2_fnr=f"{HIS[:6]} {HIS[6:]}",
        forelder2_fnr_type="Synthetic 80",
        adresse="Prøveveien 1\r\nH0203",
        postnummer="980",
        antall_ventet="2",
        grunnlag="forste_barn",
        tilbudt_dato="1.3.2026",
        kanal="jordmor",
        helsesykepleier="Stovner1",
    )
    assert isinstance(row, Referral)
    assert row.mother.interpreter == InterpreterNeed("somali", None, "kvinne")
    assert row.other is not None
    assert row.other.national_id == NationalId(IdType.SYNTHETIC_80, HIS)
    assert row.other.role is MemberRole.CO_MOTHER
    assert (row.residence.lines, row.residence.postal_code) == ("Prøveveien 1\nH0203", "0980")
    assert row.offered == Offered(date(2026, 3, 1), Basis.FIRST_CHILD, Channel.MIDWIFE, None)
    assert (row.expected, row.nurse) == (2, NURSE)


def test_the_same_said_in_another_way_is_the_same():
    assert referral() == referral(
        navn=" Rask Bjo\u0308rk ".replace("o\u0308", "ø"),
        fnr=f"{HERS[:6]}-{HERS[6:]}",
        delbydel=VESTLI[1:],
        termin=(DAY + timedelta(days=70)).isoformat(),
        antall_ventet="1",
        adressebeskyttelse="UGRADERT",
    )


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("navn", "", "required"),
        ("navn", " ", "required"),
        ("navn", "x" * 201, "text-length"),
        ("navn", "Rask\0Bjørk", "unfit-character"),
        ("navn", "Rask\nBjørk", "unfit-character"),
        ("navn", "Rask\u202eBjørk", "unfit-character"),
        ("navn", "Rask\u200bBjørk", "unfit-character"),
        ("navn", "Rask Bj\ufffdrk", "undecodable"),
        ("fnr", swapped(HERS), "national-id-check-digits"),
        ("fnr", HERS[1:], "national-id-length"),
        ("fnr", "１２３４５６７８９０１", "national-id-length"),
        ("fnr", unassigned(RNG), "real-national-id"),
        ("fnr_type", "pass", "unknown-value"),
        ("telefon", "4" * 33, "text-length"),
        ("delbydel", "Vestli", "delbydel-form"),
        ("delbydel", "0301999876", "unknown-delbydel"),
        ("delbydel", "", "delbydel-missing"),
        ("postnummer", "98", "postal-code-form"),
        ("termin", "", "required"),
        ("termin", "31.02.2026", "no-such-day"),
        ("termin", "31.12.26", "two-digit-year"),
        ("termin", "12/31/26", "two-digit-year"),
        ("termin", "31/12/2026", "date-form"),
        ("termin", "46022", "date-form"),
        ("termin", "01.01.0001", "out-of-range"),
        ("termin", f"{DAY + timedelta(days=730)}", "term-too-far"),
        ("termin", f"{DAY - timedelta(days=1500)}", "term-too-old"),
        ("antall_ventet", "0", "out-of-range"),
        ("antall_ventet", "9" * 5000, "out-of-range"),
        ("antall_ventet", "to", "out-of-range"),
        ("grunnlag", "andre_barn", "unknown-value"),
        ("henvist_dato", "03.03.2026", "date-in-future"),
        ("henvist_dato", "02.03.2016", "date-too-old"),
        ("kanal", "jordmor", "without-its-main"),
        ("tolk_dialekt", "benadiri", "without-its-main"),
        ("forelder2_fnr", HIS, "without-its-main"),
        ("forelder2_navn", "Stille Fjell", "required"),
        ("helsesykepleier", "nobody", "unknown-nurse"),
        ("adressebeskyttelse", "hemmelig", "unknown-value"),
        ("adressebeskyttelse", "fortrolig", "delbydel-of-protected"),
    ],
)
def test_each_flaw_is_found_where_it_is(column, cell, code):
    place = {"delbydel-of-protected": "delbydel"}.get(code, column)
    place = "forelder2_rolle" if cell == "Stille Fjell" else place
    assert wrong(referral(**{column: cell})) == [(place, code)]


def test_all_that_is_wrong_is_found_at_once():
    found = wrong(referral(navn="", fnr=swapped(HERS), termin="31.12.26", postnummer="x"))
    assert {column for column, _ in found} == {"navn", "fnr", "termin", "postnummer"}


def test_an_offer_needs_its_basis_and_channel_and_where_it_is_of_need_its_reason():
    assert wrong(referral(tilbudt_dato="02.03.2026")) == [
        ("kanal", "required"),
        ("grunnlag", "required"),
    ]
    offer = {"tilbudt_dato": "02.03.2026", "kanal": "brev", "grunnlag": "flerbarn_utvidet_behov"}
    assert wrong(referral(**offer)) == [("begrunnelse", "required")]


@pytest.mark.parametrize("column", ["adresse", "postnummer", "veibeskrivelse"])
def test_a_strictly_confidential_address_is_not_told_in_any_column(column):
    hidden = {"delbydel": "", "adressebeskyttelse": "strengt fortrolig"}
    assert isinstance(referral(**hidden, helsesykepleier="stovner1"), Referral)
    assert wrong(referral(**hidden, **{column: "0980"})) == [("adresse", "address-of-protected")]


def test_one_person_is_not_both_parents():
    other = {"forelder2_navn": "A", "forelder2_rolle": "far", "forelder2_fnr": HERS}
    assert wrong(referral(**other)) == [("forelder2_fnr", "same-person")]


def test_the_smallest_birth_is_of_one_child_without_a_name():
    row = birth()
    assert isinstance(row, Birth)
    assert row.children == (Child(None, None, stillborn=False),)


def test_a_birth_of_twins_of_whom_one_did_not_live():
    pregnancy = "0192F0C1-7e3b-7b1a-9d52-0f6b7a3c1e55"
    row = birth(barn1_fnr=CHILDS, barn2_dodfodt="ja", svangerskap=pregnancy)
    assert isinstance(row, Birth)
    assert [child.stillborn for child in row.children] == [False, True]
    assert row.pregnancy == UUID(pregnancy)


def test_children_that_nothing_is_told_of_are_counted():
    row = birth(antall_barn="3")
    assert isinstance(row, Birth)
    assert len(row.children) == 3


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"fnr": ""}, "fnr", "required"),
        ({"fodt_dato": "03.03.2026"}, "fodt_dato", "date-in-future"),
        (
            {"fodt_dato": "01.03.2016", "hjemkomst_dato": "", "termin": "11.05.2026"},
            "fodt_dato",
            "date-too-old",
        ),
        ({"hjemkomst_dato": "01.03.2026"}, "hjemkomst_dato", "homecoming-before-birth"),
        ({"hjemkomst_dato": "03.03.2026"}, "hjemkomst_dato", "date-in-future"),
        ({"svangerskap": "1"}, "svangerskap", "pregnancy-form"),
        ({"antall_barn": "1", "barn2_navn": "A"}, "antall_barn", "children-count"),
        ({"barn1_fnr": HERS}, "barn1_fnr", "same-person"),
        ({"barn1_fnr": CHILDS, "barn2_fnr": CHILDS}, "barn2_fnr", "same-person"),
        ({"barn1_dodfodt": "kanskje"}, "barn1_dodfodt", "unknown-value"),
        ({"barn3_fnr_type": "fnr"}, "barn3_fnr_type", "without-its-main"),
    ],
)
def test_each_flaw_of_a_birth_is_found_where_it_is(cells, column, code):
    assert wrong(birth(**cells)) == [(column, code)]


def test_no_flaw_repeats_what_stood_in_the_cell():
    secret = "Hemmelig-7391"
    found = referral(**dict.fromkeys(REFERRAL, secret), grunnlag=secret, kanal=secret)
    assert isinstance(found, list)
    assert len(found) >= 5
    assert not any("7391" in one.english + one.bokmal for one in found)


def test_every_reason_is_told_in_both_languages():
    ours, rules = flaws._OURS, flaws._OF_RULES
    assert all(english and bokmal and english != bokmal for english, bokmal in ours.values())
    assert all(rules.values())
