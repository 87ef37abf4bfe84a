"""Finds the people who act in the stories among the accounts, and opens the accounts that lack."""

from __future__ import annotations

from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.accounts.service import NewAccount, accounts, create_account, demo_slug
from nyefamilier.bydeler.service import bydeler
from nyefamilier.demo.cohorts import first_births
from nyefamilier.demo.crew import Crew
from nyefamilier.demo.simulating import nurses_in
from nyefamilier.kernel.actors import Actor, Role
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.storage.work import Work


def cast_crew(work: Work, *, most_nurses: int | None = None) -> Crew:
    """Nurses and a lead for every bydel with an administration.

    Those that lack are opened without a password: they have worked here, and nobody signs in as
    them. The work's actor is the programme itself.

    Args:
        work: The transaction.
        most_nurses: At most so many in each bydel; without it as many as its families need.

    Raises:
        NotAllowed: the actor is a person.
    """
    known = {one.username: one for one in accounts(work, active_only=False)}
    nurses, leads = {}, {}
    for bydel in bydeler(work.session, work.today):
        number = bydel.number
        if not bydel.administered or number not in first_births():
            continue
        slug = demo_slug(bydel.name)
        count = min(nurses_in(number), most_nurses or nurses_in(number))
        nurses[number] = tuple(
            _nurse(work, known, f"{slug}{seat}", f"Helsesykepleier {seat}, {bydel.name}", number)
            for seat in range(1, count + 1)
        )
        leads[number] = _lead(work, known, slug, bydel.name, number)
    return Crew(nurses, leads)


def _nurse(
    work: Work, known: dict[str, AccountIdentity], username: str, name: str, bydel: BydelNumber
) -> Actor:
    new = NewAccount(username, name, Role.NURSE, bydel, None)
    return (known.get(username) or create_account(work, new)).actor


def _lead(
    work: Work, known: dict[str, AccountIdentity], slug: str, name: str, bydel: BydelNumber
) -> Actor:
    new = NewAccount(f"{slug}.leder", f"Fagleder, {name}", Role.LEAD, bydel, None)
    return (known.get(new.username) or create_account(work, new)).actor
