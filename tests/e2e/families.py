"""The main job, step by step, as a nurse does it at her browser."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from random import Random

from nyefamilier.families.national_ids import synthetic
from nyefamilier.kernel.clock import day_of, system_clock
from nyefamilier.visits.newborn import is_working_day
from tests.e2e.visitors import Visitor

NEED = "Vi er redde for nettene, og vi har ingen familie i byen."
NOTE = "Mor er sliten, men stolt. Vi snakket om amming og søvn."
VESTLI = "0301111101"
_RANDOM = Random(2026)  # noqa: S311 - national ids that no person can have

_NEXT_VISITS = (
    day for more in count(14) if is_working_day(day := day_of(system_clock()) + timedelta(more))
)


def _next_workday() -> date:
    """Another day at work each time: a nurse who does the main job twice has two next visits."""
    return next(_NEXT_VISITS)


def today() -> date:
    """The day in Oslo on which the running programme is."""
    return day_of(system_clock())


def workday(days: int) -> date:
    """A day at work, so many days from now or the next one after that."""
    ahead = (today() + timedelta(days=days + more) for more in count())
    return next(day for day in ahead if is_working_day(day))


def register(nurse: Visitor, mother: str = "Myk Skog", father: str = "Stille Fjell") -> str:
    """Register a family; the path of its page."""
    nurse.goto("/families/new")
    number = synthetic(date(1995, 5, 17), _RANDOM).digits
    nurse.fill(one_name=mother, one_national_id=number, one_phone="40000001")
    nurse.page.select_option("#one_language", "so")
    nurse.page.check("#one_interpreter")
    nurse.page.check("[name=two_role][value=far]")
    nurse.fill(two_name=father, term=(today() + timedelta(days=21)).isoformat())
    nurse.page.check("#basis")
    nurse.fill(lines="Prøveveien 7", postal_code="0981")
    nurse.page.select_option("#delbydel", VESTLI)
    nurse.submit()
    return nurse.path


def offer(nurse: Visitor, family: str) -> None:
    """The midwife has told them of the programme."""
    nurse.goto(f"{family}/offers/new")
    nurse.page.check("#channel")
    nurse.submit()


def say_yes(nurse: Visitor) -> None:
    """From the family's page, where the offer is: they said yes."""
    nurse.page.locator("a[href$='/answer']").click()
    nurse.page.check("[name=answer][value=ja]")
    nurse.submit()


def agree(nurse: Visitor, family: str) -> None:
    """Agree on a time for the visit in pregnancy."""
    nurse.goto(f"{family}/visits/book")
    nurse.page.check("#visit")
    nurse.fill(day=workday(3).isoformat(), clock="10:00")
    nurse.submit()


def state_need(nurse: Visitor, family: str) -> None:
    """Write down what the mother said."""
    nurse.goto(f"{family}/needs/new")
    nurse.fill(words=NEED, wish="At vi blir tryggere.")
    nurse.page.check("#stated_by")
    nurse.page.select_option("#theme", "sovn")
    nurse.submit()


def give_birth(nurse: Visitor, family: str, days_ago: int = 8) -> None:
    """The child is born and has come home."""
    nurse.goto(family)
    nurse.page.locator("a[href$='/birth']").click()
    born_on = today() - timedelta(days=days_ago)
    nurse.fill(born_on=born_on.isoformat(), child0_name="Liten Sten")
    nurse.fill(homecoming_on=(born_on + timedelta(days=2)).isoformat())
    nurse.submit()


def record_visit(nurse: Visitor, family: str) -> None:
    """The newborn visit: the parents' topic first, a review, a note, and the next visit."""
    nurse.goto(f"{family}/visits/new")
    nurse.fill(need0_words="Ammingen gjør vondt.")
    nurse.page.select_option("#need0_by", index=1)
    nurse.page.select_option("#need0_theme", "amming_ernaering")
    nurse.page.locator("[id^='review-'][value=being_met]").check()
    nurse.fill(day=today().isoformat(), clock="00:00", minutes="70")
    nurse.page.check("[name=themes][value=samspill]")
    nurse.page.locator("textarea[id^='note-']").first.fill(NOTE)
    # A day of its own: the same nurse does it several times, and has one appointment at a time.
    day = _next_workday()
    nurse.fill(next_day=day.isoformat(), next_clock="12:00")
    nurse.submit()


def correct(nurse: Visitor, text: str) -> None:
    """From the family's page: correct the note."""
    nurse.page.locator("a[href$='/correct']").first.click()
    nurse.fill(text=text)
    nurse.submit()
