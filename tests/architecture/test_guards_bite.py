"""Take a guard out of a copy of the project: its tests go red. A guard nobody misses is a wish."""

from __future__ import annotations

import pytest

from tests.architecture.breaking import Break, copy_of_the_project, run

ACCESS = "tests/integration/access/test_who_may.py"
JOB = "tests/integration/door/test_the_main_job.py"
TWO = "tests/integration/door/test_two_at_once.py"
RULES = "nyefamilier/access/rules.py"
DOSSIER = "nyefamilier/families/dossier.py"
DOOR = "nyefamilier/door/service.py"
PLACING = "nyefamilier/families/placing.py"
CIRCUMSTANCES = "nyefamilier/texts/circumstances.py"
FAULTS = "tests/integration/sync/test_push_faults.py"
CLAIMING = "tests/integration/visits/test_claiming.py"
FEED = "tests/api/test_feed.py"
HOURS = "tests/integration/calendars/test_service.py"
LEADING = "tests/integration/scheduler/test_main.py"
OUTBOX = "tests/integration/texts/test_outbox.py"
SLOTS = "tests/api/test_slots.py"
OUTINGS = "tests/integration/safety/test_outings.py"
EMERGENCY = "tests/integration/access/test_emergency.py"
EMERGENCIES = "nyefamilier/families/emergencies.py"
GROWING = "nyefamilier/transparency/growing.py"
TREE = "tests/integration/transparency"
SAFETY = "nyefamilier/safety/service.py"
STAYING = "tests/api/sync/test_staying.py"
VISITS = "tests/integration/visits"
ARRANGING = "tests/unit/visits/test_arrangements.py"
ARRANGED = "nyefamilier/visits/arrangements.py"
MAKERS = "nyefamilier/visits/makers.py"
RECORDING = "nyefamilier/visits/service.py"

STORE = "nyefamilier/families/store.py"

GUARDS = {
    "the access check": (
        Break(RULES, new="ground = Ground.PRIMARY", old="ground = _relation(actor, circle)"),
        ACCESS,
    ),
    "what a relation allows": (
        Break(RULES, new="if False:", old="if action not in _MAY[ground]:"),
        ACCESS,
    ),
    "leads only in their own bydel": (
        Break(RULES, new="circle.bydel", old="actor.bydel == circle.bydel"),
        ACCESS,
    ),
    "leads read no words": (
        Break(DOSSIER, new="return True", old="return self.ground in READS_TEXT"),
        ACCESS,
    ),
    "the access log": (
        Break(
            DOSSIER, new="", old="    note_access(work, family_id, action, what, opened.ground)\n"
        ),
        ACCESS,
    ),
    "the end of a cover": (
        Break(STORE, new="", old=" & (TeamRow.ends_at > at)"),
        ACCESS,
    ),
    "the family's lock": (Break(STORE, new="if False:", old="if lock:"), TWO),
    "one turn for a mutation id": (
        Break(DOOR, new="", old="    store.take_turns(work.session, turns)\n"),
        TWO,
    ),
    "turns for nurses' days": (
        Break(DOOR, new="", old=", *days_meant(work, mutations)"),
        f"{CLAIMING}::test_two_visits_that_change_places_at_once_wait_for_each_other_in_no_circle",
    ),
    "a push's families locked at once": (
        Break("nyefamilier/sync/pushing.py", new="", old="    desk.lock(envelopes)\n"),
        f"{FAULTS}::test_two_pushes_that_are_judged_in_parts_do_not_wait_for_each_other_in_a_circle",
    ),
    "the mutation log's memory": (
        Break(DOOR, new="if known is None is True:", old="if known is not None:"),
        JOB,
    ),
    "content compared on replay": (
        Break(
            DOOR,
            new="if False:",
            old='if _opened(cipher, known, "request", known.request) != canonical(mutation):',
        ),
        JOB,
    ),
    "the body bound to its revision": (
        Break("nyefamilier/vault/sealing.py", new="0", old="cell.row_version"),
        TWO,
    ),
    "the key domain of a protected address": (
        Break(PLACING, new="", old="    rewrap(dossier)\n"),
        JOB,
    ),
    "one appointment at a time, in the database": (
        Break(
            "migrations/versions/0022_appointments.py",
            new="tstzrange(begins, begins)",
            old="tstzrange(begins, ends)",
        ),
        f"{CLAIMING}::test_the_database_takes_no_second_appointment_from_whoever_writes",
    ),
    "a taken time is refused by name": (
        Break("nyefamilier/visits/claiming.py", new="if False:", old="if taken:"),
        f"{CLAIMING}::test_a_time_that_is_taken_is_refused_with_the_nearest_free_ones",
    ),
    "no protected family in a calendar feed": (
        Break(
            "nyefamilier/visits/store.py",
            new="            AppointmentRow.ends > among.begins,\n",
            old="            AppointmentRow.ends > among.begins,\n"
            "            FamilyRow.protection == Protection.NONE,\n",
        ),
        f"{FEED}::test_of_a_family_with_a_protected_address_nothing_is_told",
    ),
    "no initials of a family that is another nurse's": (
        Break(
            STORE,
            new="session.scalars(select(FamilyRow).where(wanted))",
            old="session.scalars(_followed(select(FamilyRow).where(wanted), nurse_id, at))",
        ),
        f"{FEED}::test_a_family_that_went_to_another_nurse_leaves_no_initials",
    ),
    "whoever ends all sign-ins waits for one that is being carried on": (
        Break(
            "nyefamilier/accounts/store.py",
            new="    for",
            old="    hold_account(session, account_id)\n    for",
        ),
        f"{STAYING}::test_whoever_ends_all_waits_for_a_step_that_is_under_way",
    ),
    "who signs out is out with all that carried it on": (
        Break(
            "nyefamilier/accounts/store.py",
            new="AccessToken.id == token.id,",
            old="or_(AccessToken.id == first, AccessToken.sign_in_id == first),",
        ),
        f"{STAYING}::test_whoever_signs_out_is_out_with_all_that_carried_it_on",
    ),
    "only her own bydel's lead looks after a nurse who is out": (
        Break(SAFETY, new="row is None:", old="row is None or row.bydel != work.actor.bydel:"),
        f"{OUTINGS}::test_another_bydels_lead_learns_nothing",
    ),
    "a log entry that comes late": (
        Break(
            GROWING, new="True", old="_have_ended(work, log, store.writers(session, log), pause)"
        ),
        f"{TREE}/test_growing.py::test_what_is_committed_late_is_sealed_late_and_never_forgotten",
    ),
    "one who lets the log's tree grow": (
        Break(GROWING, new="", old="    store.hold_sealer(work.session)\n"),
        f"{TREE}/test_growing.py::test_many_write_and_some_give_up_while_the_log_is_sealed",
    ),
    "a place keeps what it was told first": (
        Break(
            "nyefamilier/transparency/anchoring.py", new="if False:", old="if kept != news.note:"
        ),
        f"{TREE}/test_anchoring.py::test_a_folder_keeps_what_it_was_told_first",
    ),
    "the proof that a log begins with another": (
        Break(
            "nyefamilier/transparency/verify_log.py",
            new="if False:",
            old="if found != (then.head, now.head):",
        ),
        f"{TREE}/test_extracts.py::test_what_was_changed_left_out_or_signed_by_another_does_not_hold",
    ),
    "emergency access ends": (
        Break(
            "nyefamilier/access/store.py",
            new="return EmergencyRow.until.is_not(None)",
            old="return func.least(EmergencyRow.until, EmergencyRow.ended_at) > now",
        ),
        f"{EMERGENCY}::test_a_nurse_of_the_bydel_is_let_in_for_some_hours_and_no_longer",
    ),
    "emergency access is of one's own bydel": (
        Break(
            RULES,
            new="if actor.id in circle.emergency:",
            old="if actor.id in circle.emergency and _works_in(actor, circle):",
        ),
        f"{EMERGENCY}::test_a_family_that_is_protected_meanwhile_is_closed_at_once_and_its_reason_too",
    ),
    "in an emergency her password is asked for": (
        Break(
            EMERGENCIES,
            new="_too_often(work)",
            old="_not_herself(work, attempt) or _too_often(work)",
        ),
        f"{EMERGENCY}::test_somebody_elses_password_is_not_hers",
    ),
    "in an emergency no other bydel's family is found": (
        Break(
            EMERGENCIES,
            new="if row is None:",
            old="if row is None or serving_bydel(work, row) != work.actor.bydel:",
        ),
        f"{EMERGENCY}::test_who_is_not_let_in_hears_what_she_would_hear_of_a_number_that_nobody_has",
    ),
    "nobody tells of another nurse's outing": (
        Break(SAFETY, new="row is None:", old="row is None or row.nurse_id != work.actor.id:"),
        f"{OUTINGS}::test_nobody_elses_outing_is_hers_to_tell_of",
    ),
    "what a phone sends late undoes nothing": (
        Break(SAFETY, new="if True:", old="if told.step > row.step:"),
        f"{OUTINGS}::test_what_is_older_does_not_shorten_what_is_newer",
    ),
    "where a nurse is, only while she is late": (
        Break(
            "nyefamilier/safety/views.py",
            new="if False:",
            old="if row.ended_at is not None or not is_late(row.expected_at, work.now, grace):",
        ),
        f"{OUTINGS}::test_where_she_is_is_told_while_she_is_late_and_each_time_it_is_logged",
    ),
    "an alarm for each outing once": (
        Break("nyefamilier/safety/store.py", new="", old=", ~has"),
        f"{OUTINGS}::test_an_alarm_is_raised_once",
    ),
    "the age of a feed's address": (
        Break("nyefamilier/calendars/feeds.py", new="return True", old="return now < self.until"),
        f"{FEED}::test_an_address_is_good_for_a_year_and_no_longer",
    ),
    "no text after a loss or a death": (
        Break(
            CIRCUMSTANCES,
            new="bereavements=(),",
            old="bereavements=tuple(_bereavements(members, pregnancies, visit)),",
        ),
        f"{OUTBOX}::test_what_happened_since_the_booking_suppresses_the_reminder",
    ),
    "no text to a protected address": (
        Break(
            CIRCUMSTANCES,
            new="protection=Protection.NONE,",
            old="protection=Protection(dossier.family.protection),",
        ),
        f"{OUTBOX}::test_what_happened_since_the_booking_suppresses_the_reminder",
    ),
    "no text to whoever wants none": (
        Break(
            CIRCUMSTANCES,
            new="objects=False,",
            old="objects=any(one.no_texts for one in told),",
        ),
        f"{OUTBOX}::test_a_parent_who_wants_no_texts_gets_none_until_she_wants_them_again",
    ),
    "a lead counts texts and reads none": (
        Break("nyefamilier/texts/views.py", new="if False:", old="if not dossier.reads_text:"),
        f"{OUTBOX}::test_a_lead_does_not_learn_why_a_text_was_kept_back",
    ),
    "why a nurse is away": (
        Break(
            "nyefamilier/calendars/views.py",
            new="knows_why = True",
            old="knows_why = may_write(work.actor, nurse.id, nurse.bydel)",
        ),
        f"{HOURS}::test_a_colleague_sees_that_she_is_away_and_not_why",
    ),
    "one scheduler leads": (
        Break(
            "nyefamilier/storage/leadership.py",
            new="if True:",
            old="if connection.scalar(select(func.pg_try_advisory_lock(key))):",
        ),
        f"{LEADING}::test_only_one_scheduler_leads_and_the_next_takes_over",
    ),
    "a newborn visit waits for the birth": (
        Break(
            "nyefamilier/visits/placing.py",
            new="if False:",
            old="if born_on is None or (by is not None and by < born_on):",
        ),
        f"{SLOTS}::test_the_newborn_visit_cannot_be_booked_before_the_birth_and_can_after_it",
    ),
    "a newborn visit is recorded of a day after the birth": (
        Break(
            RECORDING,
            new="require_birth(dossier, row)",
            old="require_birth(dossier, row, by=day_of(intent.at))",
        ),
        (
            f"{VISITS}/test_taking_place.py"
            "::test_no_visit_to_a_newborn_is_recorded_of_a_day_before_the_birth"
        ),
    ),
    "a child never interprets": (
        Break(ARRANGED, new="if False:", old="if who is InterpretedBy.CHILD:"),
        f"{ARRANGING}::test_neither_a_child_nor_a_relative_ever_interprets",
    ),
    "a relative never interprets": (
        Break(ARRANGED, new="if False:", old="if who is InterpretedBy.RELATIVE:"),
        f"{ARRANGING}::test_neither_a_child_nor_a_relative_ever_interprets",
    ),
    "who is to interpret is looked at": (
        Break(ARRANGED, new="pass", old="_require_interpreter(told.who)"),
        f"{ARRANGING}::test_neither_a_child_nor_a_relative_ever_interprets",
    ),
    "nobody is sent alone where nobody is to be alone": (
        Break(
            ARRANGED,
            new="if False:",
            old="if body.not_alone and place in _AT_HOMES and not together:",
        ),
        f"{VISITS}/test_arrangements.py::test_who_is_to_come_alone_is_refused_and_the_visit_stays",
    ),
    "that nobody is to be alone outlives a move": (
        Break(
            ARRANGED,
            new="not_alone = bool(booking.not_alone)",
            old="not_alone = body.not_alone if booking.not_alone is None else booking.not_alone",
        ),
        f"{ARRANGING}::test_the_flag_stands_until_it_is_lifted_and_takes_its_words_along",
    ),
    "that nobody is to be alone is for the family's nurses": (
        Break(
            "nyefamilier/visits/views.py",
            new="shown = dossier.read(row, VisitBody)",
            old="shown = dossier.shown(row, VisitBody)",
        ),
        f"{VISITS}/test_arrangements.py::test_a_lead_is_told_nothing_of_it",
    ),
    "no visit outside working time without a reason": (
        Break(
            "nyefamilier/visits/outside.py",
            new="if True:",
            old="if not is_outside(work, sought):",
        ),
        f"{VISITS}/test_outside.py::test_outside_working_time_is_refused_with_times_within_it",
    ),
    "no visit of the protocol after its last day": (
        Break(
            "nyefamilier/visits/closing.py",
            new="if True:",
            old="if last is None or day_of(row.at) <= last:",
        ),
        (
            f"{VISITS}/test_closing.py"
            "::test_a_visit_whose_window_has_closed_for_good_is_refused_by_name"
        ),
    ),
    "only a nurse makes a visit": (
        Break(MAKERS, new="if False:", old="if is_other_staff(session, nurse_id):"),
        (
            f"{VISITS}/test_closing.py"
            "::test_who_is_no_nurse_makes_no_visit_and_the_familys_own_are_named"
        ),
    ),
    "only a nurse who has to do with the family makes its visits": (
        Break(MAKERS, new="if False:", old="if not _serves(dossier, nurse_id):"),
        f"{VISITS}/test_makers.py::test_a_nurse_of_another_bydel_is_not_booked",
    ),
    "a protected family's visits are its own nurses'": (
        Break(
            MAKERS,
            new="    if bydel is None:\n        return True\n",
            old="    if bydel is None:\n        return False\n",
        ),
        f"{VISITS}/test_makers.py::test_a_protected_familys_visits_are_its_own_nurses_alone",
    ),
    "a promised visit stays open when nobody was at home": (
        Break(
            RECORDING,
            new="",
            old="    elif to is VisitState.NOT_HOME:\n        plan_again(dossier, row)\n",
        ),
        (
            f"{VISITS}/test_not_home.py"
            "::test_the_protocols_visit_stays_open_with_its_days_and_the_attempt_is_kept"
        ),
    ),
    "a loss is not corrected": (
        Break(
            "nyefamilier/families/correcting.py", new="if False:", old="if row.outcome in LOSSES:"
        ),
        f"{VISITS}/test_correcting.py::TestTerm::test_of_a_loss_nothing_is_corrected",
    ),
    "no birth after the visit that it led to": (
        Break(
            "nyefamilier/visits/correcting.py",
            new="if False:",
            old="if first < intent.born_on:",
        ),
        (
            f"{VISITS}/test_correcting.py"
            "::TestBirth::test_one_after_the_visit_to_the_newborn_is_refused_with_that_day"
        ),
    ),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_a_missing_guard_turns_its_tests_red(guard, tmp_path):
    broken, tests = GUARDS[guard]
    tree = copy_of_the_project(tmp_path)
    broken.do(tree)

    said = run(tree, "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider", tests)

    assert said.returncode == 1, f"nobody missed {guard}:\n{said.stdout[-2000:]}"
    assert " failed" in said.stdout
