from __future__ import annotations

from datetime import date, timedelta

import pytest

from nyefamilier.offers.states import Answer, LanguageGroup, is_in_time, language_group

OFFERED = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("parents", "group"),
    [
        ([], LanguageGroup.UNKNOWN),
        ([(None, False), ("", False)], LanguageGroup.UNKNOWN),
        ([("Norsk ", False), ("nn", False)], LanguageGroup.NORWEGIAN),
        ([("norsk", False), (None, False)], LanguageGroup.NORWEGIAN),
        ([("norsk", False), ("urdu", False)], LanguageGroup.OTHER),
        ([("norsk", False), (None, True)], LanguageGroup.INTERPRETER),
    ],
)
def test_a_family_is_in_one_group_by_what_its_parents_speak_and_need(
    parents: list[tuple[str | None, bool]], group: LanguageGroup
) -> None:
    assert language_group(parents) is group


@pytest.mark.parametrize(
    ("answer", "days", "in_time"),
    [
        (Answer.NO, 14, True),
        (Answer.LATER, 0, True),
        (Answer.YES, 15, False),
        (Answer.UNANSWERED, 1, False),
    ],
)
def test_an_answer_is_in_time_for_a_fortnight_and_silence_is_none(
    answer: Answer, days: int, in_time: bool
) -> None:
    assert is_in_time(answer, OFFERED + timedelta(days=days), OFFERED) is in_time
