"""The jobs: what runs, when. Whatever a job changes in a family goes through the one door."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID, uuid5

import structlog
from apscheduler.triggers.base import BaseTrigger

from nyefamilier.accounts import sessions
from nyefamilier.bootstrap import Programme
from nyefamilier.door.mutations import Mutation
from nyefamilier.door.service import apply
from nyefamilier.families import auditing
from nyefamilier.jobs import service as runs
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.ids import MutationId
from nyefamilier.offers import reminding
from nyefamilier.offers.completion import Due, completed_enrolments
from nyefamilier.offers.intents import ChangeEnrolment
from nyefamilier.offers.states import EnrolmentState
from nyefamilier.safety import alarming
from nyefamilier.sync import leases, opening, publishing, retrying
from nyefamilier.texts import sending
from nyefamilier.transparency import sealing
from nyefamilier.uptake import service as uptake
from nyefamilier.visits import checking
from nyefamilier.visits.claiming import claim_what_is_booked, weeks_ahead
from nyefamilier.visits.intents import ReworkPlan
from scheduler.apart import each_apart
from scheduler.triggers import Every, Mondays, Nightly

REWORKED_AT_MOST: Final = 1_000
"""How many plans a night works anew; the next one goes on."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Job:
    """A job: its name, when it runs (Oslo's time), and what it does; `run` tells how many.

    It is idempotent, since a run that was cut off is run again, and works in short transactions:
    between two of them it is stopped when it takes too long.
    """

    name: str
    trigger: BaseTrigger
    run: Callable[[Programme], int]
    longest: timedelta = timedelta(minutes=10)
    """A run that takes longer is stopped, and tried again later."""
    patience: timedelta = timedelta(minutes=30)
    """How long after its time an alarm says that it was not done."""


def complete_enrolments(programme: Programme) -> int:
    """Complete the enrolment of every family whose youngest child has turned two.

    A run that was cut off, or that meets another, does nothing twice: the mutation's id follows
    from the enrolment.
    """
    with programme.work(SYSTEM, "job") as work:
        due = completed_enrolments(work)
    return each_apart(
        programme,
        due,
        lambda work, one: apply(work, _completion(one)),
        failed="enrolment-not-completed",
    )


def remind_of_offers(programme: Programme) -> int:
    """Remind leads, on their page, of offers that have had no answer for long."""
    return _until_none_is_left(programme, reminding.remind, reminding.AT_ONCE)


def forget_runs(programme: Programme) -> int:
    """Forget the runs of jobs that ended long ago."""
    return _until_none_is_left(programme, runs.forget_old, runs.FORGOTTEN_AT_ONCE)


def mix_statistics(programme: Programme) -> int:
    """Lay the day's facts among the month's others, so that no order leads back to a family."""
    with programme.work(SYSTEM, "job") as work:
        return uptake.mix(work)


def refresh_figures(programme: Programme) -> int:
    """Add the figures up anew where they are not what the facts come to; an alarm counts them.

    Each fact is added up when it is told, so there is nothing to do unless something went wrong.
    """
    with programme.work(SYSTEM, "job") as work:
        differing = uptake.drift(work)
        if differing:
            log.error("figures-differ", count=differing)
            uptake.rebuild_projections(work)
    return differing


def release_figures(programme: Programme) -> int:
    """Release the figures of all years anew; the same facts give the same figures."""
    opened = partial(programme.work, SYSTEM, "job")
    return publishing.release_figures(opened, partial(programme.snapshot, SYSTEM, "job"))


def forget_sign_ins(programme: Programme) -> int:
    """Delete the sessions, tokens and failed attempts that are long over."""
    with programme.work(SYSTEM, "job") as work:
        return sessions.forget_old(work)


def lapse_leases(programme: Programme) -> int:
    """End the leases that have run out, some devices at a time; see `sync.leases`."""
    return _until_none_is_left(programme, leases.lapse, leases.LAPSES_AT_ONCE)


def retry_parked(programme: Programme) -> int:
    """Try again what phones sent before what it speaks of was here; show what waited for days."""
    return retrying.retry_parked(partial(programme.work, doorway="job"))


def open_escrow(programme: Programme) -> int:
    """Have judged what phones left in escrow and could not be opened at once."""
    return opening.open_escrow(partial(programme.work, doorway="job"))


def send_texts(programme: Programme) -> int:
    """Send the texts to parents that are due, each after a look at its family; see `texts`."""
    opened = partial(programme.work, doorway="job")
    return sending.send_due(opened, programme.gateway, programme.settings.texts_contact)


def raise_alarms(programme: Programme) -> int:
    """Raise an alarm for each nurse who is out and late, and tell her bydel's contact.

    The log has a count: whoever watches over the programme sees that there was one.
    """
    grace = timedelta(minutes=programme.settings.outing_grace_minutes)
    raised = _until_none_is_left(
        programme, partial(alarming.raise_due, grace=grace), alarming.AT_ONCE
    )
    if raised:
        log.warning("nurses-overdue", count=raised)
    opened = partial(programme.work, doorway="job")
    alarming.tell_contacts(opened, programme.gateway, programme.settings.on_call)
    return raised


def forget_outings(programme: Programme) -> int:
    """Delete who was out when, a month after."""
    return _until_none_is_left(programme, alarming.forget_old, alarming.AT_ONCE)


def audit_histories(programme: Programme) -> int:
    """Look through every family's history; an alarm counts what does not follow from its rows."""
    found = auditing.audit_histories(lambda: programme.snapshot(SYSTEM, "job"))
    for what, count in sorted(Counter(one.what for one in found.differences).items()):
        # Of which families, `nyefamilier audit` says; no id of a family is in the log.
        log.error("history-differs", reason=what, count=count)
    return found.families


def seal_log(programme: Programme) -> int:
    """Seal what was written into the access log since, and tell its head to places outside."""
    opened = partial(programme.work, SYSTEM, "job")
    sealed = sealing.seal(opened)
    for place, why in sealing.tell_all(opened, programme.anchors).items():
        log.error("log-anchor-not-told", place=place, reason=why)
    return sealed


def check_log(programme: Programme) -> int:
    """Compare the access log with what was sealed; an alarm counts what is not as it was."""
    with programme.snapshot(SYSTEM, "job") as work:
        found = sealing.check_all(work, programme.anchors)
    for what, count in sorted(Counter(one.flaw for one in found.findings).items()):
        # Which entries, `nyefamilier check log` says.
        log.error("log-differs", reason=what, count=count)
    return found.leaves


def roll_plans(programme: Programme) -> int:
    """Look at every plan, and work anew those that days and protocol ask to be otherwise.

    Through the door, one family at a time, at most so many a night. An alarm counts them: a birth
    lays a plan out in its own transaction, so each is a defect, or from an older release.
    """
    found = checking.check_plans(lambda: programme.snapshot(SYSTEM, "job"))
    each_apart(
        programme,
        found.differing[:REWORKED_AT_MOST],
        lambda work, one: apply(work, _reworking(one, work.today)),
        failed="plan-not-reworked",
    )
    if found.differing:
        log.error("plans-differ", count=len(found.differing))
    return found.plans


def claim_appointments(programme: Programme) -> int:
    """Take the nurses' time for whatever is booked and has not taken it, a week at a time.

    An alarm counts the visits whose time another one has; whoever follows the family sees which.
    """
    with programme.work(SYSTEM, "job") as work:
        weeks = list(weeks_ahead(work.now))
    taken = colliding = 0
    for week in weeks:
        with programme.work(SYSTEM, "job") as work:
            found = claim_what_is_booked(work, week)
            taken += found.taken
            colliding += len(found.colliding)
    if colliding:
        log.warning("appointments-collide", count=colliding)
    return taken


def _until_none_is_left(programme: Programme, do: Callable[[Any], int], at_once: int) -> int:
    """Do it in one transaction after the other, until one finds fewer than it could."""
    total, done = 0, at_once
    while done == at_once:
        with programme.work(SYSTEM, "job") as work:
            done = do(work)
        total += done
    return total


def _reworking(one: checking.Differing, today: date) -> Mutation:
    # Once a day for each plan: a run that was cut off, or that meets another, does nothing twice.
    mutation_id = MutationId(uuid5(one.enrolment_id, f"reworked {today}"))
    return Mutation(mutation_id, one.family_id, (ReworkPlan(one.enrolment_id),))


def _completion(due: Due) -> Mutation:
    operation = ChangeEnrolment(due.enrolment_id, EnrolmentState.COMPLETED, due.on)
    return Mutation(MutationId(_once(due.enrolment_id)), due.family_id, (operation,))


def _once(enrolment_id: UUID) -> UUID:
    return uuid5(enrolment_id, "completed")


JOBS: tuple[Job, ...] = (
    Job("raise-alarms", Every(1), raise_alarms, patience=timedelta(minutes=5)),
    Job("seal-log", Every(1), seal_log, patience=timedelta(minutes=10)),
    Job("lapse-leases", Every(10), lapse_leases),
    Job("retry-parked", Every(5), retry_parked),
    Job("open-escrow", Every(5), open_escrow),
    Job("send-texts", Every(2), send_texts),
    Job("complete-enrolments", Nightly(3, 10), complete_enrolments),
    Job("remind-of-offers", Nightly(3, 15), remind_of_offers),
    Job("forget-runs", Nightly(3, 20), forget_runs),
    Job("forget-sign-ins", Nightly(3, 25), forget_sign_ins),
    Job("forget-outings", Nightly(3, 35), forget_outings),
    Job("claim-appointments", Nightly(3, 30), claim_appointments),
    Job("mix-statistics", Nightly(3, 40), mix_statistics),
    Job("refresh-figures", Nightly(3, 45), refresh_figures),
    Job("release-figures", Mondays(5, 0), release_figures, patience=timedelta(hours=2)),
    Job("roll-plans", Nightly(3, 50), roll_plans, longest=timedelta(hours=1)),
    Job("audit-histories", Nightly(4, 10), audit_histories, longest=timedelta(hours=2)),
    Job("check-log", Nightly(4, 20), check_log, longest=timedelta(hours=2)),
)
