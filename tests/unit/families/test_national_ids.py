"""National identity numbers.

Every number here is synthetic (month + 80 or + 65), is no number at all, or is one of the five that
Skatteetaten publishes to explain the rule of 2032; those have real months and are used only as
vectors of the arithmetic, never as a person.
"""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
import stdnum.no.fodselsnummer
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.families.national_ids import (
    SYNTHETIC,
    IdType,
    NationalId,
    holds_before_2032,
    holds_from_2032,
    parse,
    synthetic,
)
from nyefamilier.kernel.errors import RuleBroken

# Skatteetaten, folkeregisteret-api-dokumentasjon, "Nytt fødselsnummer fra 2032".
PUBLISHED = {
    "02013299997": 0,
    "30108299920": 0,
    "30108299939": 1,
    "02013299903": 2,
    "02013299806": 0,
}
# Published in the tests of github.com/navikt and others; UDI's own rule is not public.
PUBLISHED_DUF = ("200205705502", "200900595509")

numbers = st.builds(
    lambda day, seed, kind: synthetic(day, Random(seed), kind),  # noqa: S311 - test people
    st.dates(date(1950, 1, 1), date(2031, 12, 31)),
    st.integers(0, 2**32),
    st.sampled_from(sorted(SYNTHETIC)),
)


def refusal(text: str, declared: IdType | None = None, *, allow_real: bool = False) -> RuleBroken:
    with pytest.raises(RuleBroken) as caught:
        parse(text, declared, allow_real=allow_real, pointer="/national_id")
    return caught.value


@pytest.mark.parametrize(("digits", "residual"), PUBLISHED.items())
def test_the_published_examples_hold_by_the_rule_they_were_published_for(digits, residual):
    assert holds_from_2032(digits)
    assert holds_before_2032(digits) == (residual == 0)
    assert parse(digits, None, allow_real=True) == NationalId(IdType.FNR, digits)


@pytest.mark.parametrize("digits", PUBLISHED)
def test_a_number_that_may_be_real_is_refused_outside_production(digits):
    refused = refusal(digits)
    assert refused.code == "real-national-id"
    assert refused.pointer == "/national_id"


@given(numbers)
def test_a_synthetic_number_is_read_as_what_it_is(number):
    assert parse(number.digits, None, allow_real=False) == number
    assert parse(number.digits, number.type, allow_real=False) == number
    assert holds_before_2032(number.digits)


@given(numbers, st.text(" -", max_size=3), st.integers(0, 11))
def test_spaces_and_hyphens_do_not_matter(number, separators, at):
    written = number.digits[:at] + separators + number.digits[at:]
    assert parse(f" {written} ", None, allow_real=False) == number


@given(numbers)
def test_every_single_wrong_digit_is_caught(number):
    for place, right in enumerate(number.digits):
        for wrong in "0123456789":
            if wrong != right:
                spoiled = number.digits[:place] + wrong + number.digits[place + 1 :]
                assert not holds_from_2032(spoiled)
                assert not holds_before_2032(spoiled)


@given(numbers)
def test_every_swap_of_two_neighbouring_digits_is_caught(number):
    for place in range(10):
        digits = list(number.digits)
        digits[place], digits[place + 1] = digits[place + 1], digits[place]
        if "".join(digits) != number.digits:
            assert not holds_from_2032("".join(digits))


@given(st.text("0123456789", min_size=11, max_size=11))
def test_the_rule_until_2031_agrees_with_python_stdnum(digits):
    check = stdnum.no.fodselsnummer
    agreed = digits[9] == check.calc_check_digit1(digits) and digits[10] == check.calc_check_digit2(
        digits
    )
    assert holds_before_2032(digits) == agreed


@given(st.text("0123456789", min_size=11, max_size=11))
def test_whatever_holds_until_2031_holds_after(digits):
    assert holds_from_2032(digits) >= holds_before_2032(digits)


def test_a_synthetic_d_number_is_synthetic():
    # Day 41, month 81: 1 January in both offsets.
    digits = next(
        digits
        for serial in range(1000)
        for checks in range(100)
        if holds_before_2032(digits := f"418100{serial:03}{checks:02}")
    )
    assert parse(digits, None, allow_real=False).type is IdType.SYNTHETIC_80


@pytest.mark.parametrize(
    ("head", "declared", "expected"),
    [
        ("010100", None, IdType.FNR),
        ("410100", None, IdType.DNR),
        ("014100", IdType.HNR, IdType.HNR),
        ("014100", IdType.NAV_TEST, IdType.NAV_TEST),
        ("800000", None, IdType.FHN),
        ("016600", None, IdType.SYNTHETIC_65),
        ("018100", None, IdType.SYNTHETIC_80),
    ],
)
def test_the_type_is_told_from_the_digits_where_they_tell(head, declared, expected):
    assert parse(fitting(head), declared, allow_real=True).type is expected


def test_an_h_number_and_a_nav_number_look_alike_and_must_be_declared():
    refused = refusal(fitting("014100"), allow_real=True)
    assert refused.code == "national-id-type"
    assert "hnr, nav_test" in refused.detail


def test_a_nav_test_number_is_no_proof_of_a_synthetic_person():
    assert refusal(fitting("014100"), IdType.NAV_TEST).code == "real-national-id"


@pytest.mark.parametrize("declared", set(IdType) - {IdType.SYNTHETIC_80})
def test_a_declared_type_that_the_digits_contradict_is_refused(declared):
    assert refusal(fitting("018100"), declared).code == "national-id-type"


@pytest.mark.parametrize("head", ["000100", "320100", "011300", "013000", "300200", "290201"])
def test_digits_that_are_no_date_of_any_type_are_refused(head):
    assert refusal(fitting(head), allow_real=True).code == "national-id-type"


def test_29_february_is_a_date_in_a_year_that_may_be_a_leap_year():
    assert parse(fitting("298204"), None, allow_real=False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0181001234",
        "018100123456789",
        "01810012a45",
        "０１８１００１２３４５",
        "٠١٨١٠٠١٢٣٤٥",
        "018100.12345",
        "0181001234²",
        "01810012345\n0",
    ],
)
def test_anything_but_eleven_or_twelve_ascii_digits_is_refused(text):
    assert refusal(text).code == "national-id-length"


@pytest.mark.parametrize("digits", PUBLISHED_DUF)
def test_a_duf_number_holds_by_its_own_sum(digits):
    assert parse(digits, None, allow_real=True).type is IdType.DUF
    spoiled = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    assert refusal(spoiled, allow_real=True).code == "national-id-check-digits"
    assert refusal(digits).code == "real-national-id"


@given(numbers, st.sampled_from([*IdType]), st.integers(0, 10), st.integers(1, 9))
def test_no_refusal_and_no_repr_repeats_the_number(number, declared, place, change):
    digit = (int(number.digits[place]) + change) % 10
    spoiled = f"{number.digits[:place]}{digit}{number.digits[place + 1 :]}"
    refused = refusal(spoiled, declared)
    for told in (str(refused), refused.detail, repr(refused), repr(number), str(number)):
        assert spoiled not in told
        assert spoiled[:6] not in told
        assert number.digits not in told


def test_only_synthetic_numbers_can_be_made():
    with pytest.raises(ValueError, match="real people"):
        synthetic(date(2020, 1, 1), Random(0), IdType.FNR)  # noqa: S311 - test people


def fitting(head: str) -> str:
    """Some number that begins so, with check digits that hold: found by trying."""
    tried = (f"{head}{serial:03}{checks:02}" for serial in range(1000) for checks in range(100))
    return next(filter(holds_before_2032, tried))
