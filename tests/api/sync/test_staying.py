"""A phone stays signed in for the shift: by its own signature and the sign-in that it has."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import text

from api.app import create_app
from config.settings import Settings
from nyefamilier.accounts import bearers, sessions
from nyefamilier.accounts.service import change_password, disable_account
from nyefamilier.accounts.sessions import Step, end_everywhere, issue_token
from nyefamilier.bootstrap import assemble
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.sync import revoking, staying
from nyefamilier.sync.tables import DeviceRow
from nyefamilier.wire.texts import as_text
from tests.api.conftest import LIFETIMES, PASSWORD
from tests.phones import Phone

PATH, ME, OUT = "/api/v1/sync/token", "/api/v1/me", "/api/v1/tokens/current"
SHIFT = timedelta(hours=12)


@pytest.fixture
def nurse(caller):
    return caller()


@pytest.fixture
def phone(nurse):
    return enrolled(nurse)


def enrolled(nurse):
    phone = Phone()
    assert nurse("POST", "/api/v1/sync/devices", json=phone.enrolment_body).status_code == 201
    return phone


def digest(token):
    return as_text(sha256(token.encode()).digest())


def asking(phone, token, wanted):
    return {
        "device_id": str(phone.id),
        "token_digest": digest(token),
        "next_digest": digest(wanted),
    }


def send(client, phone, body, signed_by=None):
    written = json.dumps(body).encode()
    headers = {"Sync-Signature": (signed_by or phone).signature(PATH, written)}
    return client.post(PATH, data=written, content_type="application/json", headers=headers)


def carry_on(client, phone, token):
    """Ask for the next token: it, and the answer."""
    wanted = bearers.new_bearer()
    return wanted, send(client, phone, asking(phone, token, wanted))


def is_in(client, token):
    return client.get(ME, headers={"Authorization": f"Bearer {token}"}).status_code == 200


def refused(answer, code="not-signed-in", status=401):
    return (answer.status_code, answer.json["code"]) == (status, code)


def after(seconds, instant):
    return (instant + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def test_she_stays_signed_in_through_her_shift_without_her_password(client, clock, nurse, phone):
    began, token = clock.now, nurse.token
    for _ in range(11):
        clock.forward(hours=1)
        assert not is_in(client, token)
        token, answer = carry_on(client, phone, token)
        assert answer.status_code == 200
        assert answer.json["until"] == after(SHIFT.total_seconds(), began)
        assert is_in(client, token)


def test_the_last_token_ends_with_the_shift_and_then_her_password_is_needed(
    client, clock, nurse, phone
):
    clock.forward(hours=11, minutes=30)
    token, answer = carry_on(client, phone, nurse.token)
    assert answer.json["expires_at"] == answer.json["until"]
    clock.forward(minutes=30)
    assert not is_in(client, token)
    assert refused(carry_on(client, phone, token)[1])
    assert refused(carry_on(client, phone, nurse.token)[1])


def test_a_deployment_sets_how_long_a_shift_lasts(programme, database, vault, clock, caller):
    short = assemble(Settings(environment="test", shift_hours=2), database, vault, clock)
    client, nurse = create_app(short).test_client(), caller()
    phone = enrolled(nurse)
    clock.forward(minutes=119)
    assert carry_on(client, phone, nurse.token)[1].status_code == 200
    clock.forward(minutes=1)
    assert refused(carry_on(client, phone, nurse.token)[1])


def test_neither_the_token_nor_the_key_is_enough(client, caller, nurse, phone):
    wanted = bearers.new_bearer()
    body = asking(phone, nurse.token, wanted)
    assert refused(send(client, phone, body, signed_by=Phone()), "signature")
    assert refused(nurse("POST", PATH, json=body), "signature")
    assert refused(carry_on(client, phone, bearers.new_bearer())[1])
    another = caller()
    assert refused(carry_on(client, phone, another.token)[1])
    assert not is_in(client, wanted)


def test_another_phones_key_of_another_nurse_carries_nothing_on(client, caller, nurse):
    theirs = enrolled(caller())
    assert refused(carry_on(client, theirs, nurse.token)[1])


def test_what_was_caught_on_its_way_gives_whoever_sends_it_again_nothing(
    client, clock, nurse, phone
):
    wanted = bearers.new_bearer()
    body = asking(phone, nurse.token, wanted)
    first = send(client, phone, body)
    clock.forward(minutes=30)
    again = send(client, phone, body)
    told = [one.json["expires_at"] for one in (first, again)]
    assert told[0] == told[1]
    assert "token" not in again.json
    assert wanted not in (json.dumps(body) + again.text + first.text)
    clock.forward(minutes=40)
    assert not is_in(client, wanted)


def test_an_answer_that_was_lost_is_asked_for_again_or_another_is(client, clock, nurse, phone):
    clock.forward(hours=2)
    lost, _ = carry_on(client, phone, nurse.token)
    assert send(client, phone, asking(phone, nurse.token, lost)).status_code == 200
    other, answer = carry_on(client, phone, nurse.token)
    assert answer.status_code == 200
    assert is_in(client, lost)
    assert is_in(client, other)


@pytest.mark.parametrize(
    ("how", "code"),
    [
        (revoking.lock, "device-locked"),
        (revoking.wipe, "device-wipe"),
        (revoking.retire, "device-retired"),
    ],
)
def test_a_phone_that_was_stopped_stays_out(scene, how, code):
    with scene.programme.work(SYSTEM, "test") as work:
        how(work, scene.phone.id)
    assert refused(carry_on(scene.client, scene.phone, scene.token)[1], code, 403)


def test_a_phone_that_was_locked_and_found_needs_the_password(client, programme, nurse, phone):
    token, _ = carry_on(client, phone, nurse.token)
    with programme.work(SYSTEM, "test") as work:
        revoking.lock(work, phone.id)
    with programme.work(SYSTEM, "test") as work:
        revoking.unlock(work, phone.id)
        work.session.get(DeviceRow, phone.id).lease_until = work.now + timedelta(hours=72)
    for one in (token, nurse.token):
        assert not is_in(client, one)
        assert refused(carry_on(client, phone, one)[1])


def test_another_phone_that_is_lost_ends_the_sign_in_of_this_one(client, programme, nurse, phone):
    other = enrolled(nurse)
    token, _ = carry_on(client, phone, nurse.token)
    with programme.work(SYSTEM, "test") as work:
        revoking.lock(work, other.id)
    assert refused(carry_on(client, phone, token)[1])


@pytest.mark.parametrize(
    "end",
    [
        lambda work, who: disable_account(work, who.username),
        lambda work, who: change_password(work, who.username, PASSWORD),
        lambda work, who: end_everywhere(work, who.id),
    ],
    ids=["disabled", "password", "everywhere"],
)
def test_a_sign_in_that_was_ended_is_not_carried_on(client, programme, nurse, phone, end):
    token, _ = carry_on(client, phone, nurse.token)
    with programme.work(SYSTEM, "test") as work:
        end(work, nurse.identity)
    for one in (token, nurse.token):
        assert refused(carry_on(client, phone, one)[1])


def test_whoever_signs_out_is_out_with_all_that_carried_it_on(client, clock, nurse, phone):
    clock.forward(minutes=90)
    second, _ = carry_on(client, phone, nurse.token)
    third, _ = carry_on(client, phone, second)
    client.delete(OUT, headers={"Authorization": f"Bearer {third}"})
    for one in (nurse.token, second, third):
        assert not is_in(client, one)
        assert refused(carry_on(client, phone, one)[1])


def test_signing_out_ends_no_other_sign_in_of_hers(client, programme, nurse, phone):
    with programme.work(SYSTEM, "test") as work:
        other = issue_token(work, nurse.identity.id, LIFETIMES).secret
    nurse("DELETE", OUT)
    assert carry_on(client, phone, other)[1].status_code == 200


def test_a_token_that_was_ended_is_not_told_to_be_good(client, nurse, phone, programme):
    wanted = bearers.new_bearer()
    body = asking(phone, nurse.token, wanted)
    send(client, phone, body)
    client.delete(OUT, headers={"Authorization": f"Bearer {wanted}"})
    assert refused(send(client, phone, body))


def test_somebody_elses_token_is_not_claimed(client, caller, nurse, phone):
    another = caller()
    answer = send(client, phone, asking(phone, nurse.token, another.token))
    assert refused(answer)
    assert is_in(client, another.token)


def test_without_a_lease_the_password_is_needed(client, clock, programme, nurse, phone):
    with programme.work(SYSTEM, "test") as work:
        work.session.get(DeviceRow, phone.id).lease_until = work.now + timedelta(hours=1)
    clock.forward(hours=1)
    assert refused(carry_on(client, phone, nurse.token)[1], "lease-lapsed", 403)


def test_no_digest_is_told_where(client, nurse, phone):
    body = asking(phone, nurse.token, "x") | {"next_digest": as_text(b"short")}
    answer = send(client, phone, body)
    assert refused(answer, "token-digest", 422)
    assert answer.json["pointer"] == "/next_digest"


def test_it_is_counted_like_every_other_request_of_the_phone(app, client, nurse, phone):
    answers = [carry_on(client, phone, nurse.token)[1].status_code for _ in range(40)]
    assert 429 in answers


def test_two_at_once_and_a_sign_out_among_them_leave_nobody_signed_in(app, nurse, phone, programme):
    """Whoever ends all sees every token; a step that was under way is waited for."""
    told = [bearers.new_bearer() for _ in range(8)]

    def step(wanted):
        return send(app.test_client(), phone, asking(phone, nurse.token, wanted)).status_code

    def out():
        with programme.work(SYSTEM, "test") as work:
            end_everywhere(work, nurse.identity.id)

    with ThreadPoolExecutor(5) as pool:
        running = [pool.submit(step, one) for one in told]
        running.insert(4, pool.submit(out))
        outcomes = [one.result() for one in running]
    assert set(outcomes) <= {200, 401, None}
    assert not [one for one in told if is_in(app.test_client(), one)]


def test_whoever_ends_all_waits_for_a_step_that_is_under_way(
    app, database, nurse, phone, programme
):
    token = bearers.new_bearer()
    step = Step(bearers.digest_of(nurse.token), bearers.digest_of(token))

    def out():
        with programme.work(SYSTEM, "test") as work:
            end_everywhere(work, nurse.identity.id)

    with ThreadPoolExecutor(1) as pool:
        with programme.work(SYSTEM, "test") as work:
            sessions.carry_on(work, nurse.identity.id, step, LIFETIMES)
            ending = pool.submit(out)
            while not ending.done() and not somebody_waits(database):
                pass
        ending.result()
    assert not is_in(app.test_client(), token)


def somebody_waits(database):
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with database.connect() as connection:
        return connection.scalar(text(f"{waiting} AND datname = current_database()"))


def test_the_same_step_twice_at_once_is_one_token(app, nurse, phone):
    wanted = bearers.new_bearer()
    body = asking(phone, nurse.token, wanted)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: send(app.test_client(), phone, body), range(4)))
    assert [one.status_code for one in answers] == [200] * 4
    assert len({one.json["expires_at"] for one in answers}) == 1


# Each guard taken away lets the attack through: it is that guard that stops it.


@dataclass
class Scene:
    """A nurse's phone, what time it is, and what somebody may try with it."""

    client: object
    clock: object
    programme: object
    phone: Phone
    token: str
    another: str

    def goes_on(self, token=None):
        return carry_on(self.client, self.phone, token or self.token)[1].status_code == 200


@pytest.fixture
def scene(client, programme, caller, nurse, phone):
    return Scene(client, programme.clock, programme, phone, nurse.token, caller().token)


def a_phone_out_of_use(scene):
    with scene.programme.work(SYSTEM, "test") as work:
        revoking.retire(work, scene.phone.id)
    return scene.goes_on()


def a_shift_that_is_over(scene):
    scene.clock.forward(hours=13)
    return scene.goes_on()


def a_lease_that_is_over(scene):
    with scene.programme.work(SYSTEM, "test") as work:
        work.session.get(DeviceRow, scene.phone.id).lease_until = work.now
    return scene.goes_on()


def a_sign_in_of_anothers(scene):
    return scene.goes_on(scene.another)


@pytest.mark.parametrize(
    ("attack", "where", "guard"),
    [
        (a_phone_out_of_use, staying, "require_active"),
        (a_shift_that_is_over, sessions, "_require_shift"),
        (a_lease_that_is_over, staying, "_require_lease"),
        (a_sign_in_of_anothers, sessions, "_require_own"),
    ],
)
def test_each_guard_is_what_stops_its_attack(scene, monkeypatch, attack, where, guard):
    assert not attack(scene)
    monkeypatch.setattr(where, guard, lambda *_: None)
    assert attack(scene)
