"""What the engine of the field app does when the server says no."""

import pytest

from tests.fieldapp.phones import run


@pytest.mark.parametrize(("seconds", "stopped"), [(None, None), (40, "quiet")])
def test_after_an_answer_that_is_not_known_her_own_hand_is_not_put_off(
    module_page, seconds, stopped
):
    """Only what the server asks for is waited for; the app by itself keeps quiet much longer."""
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        const headers = given === null ? {} : { "retry-after": `${given}` };
        server.answers("/pull", refused(409, "something-new", {}, headers));
        const odd = await phone.round();
        const alone = await phone.round(), asked = await phone.round({ asked: true });
        return [odd.stopped, alone.stopped, odd.wait >= 900, asked.stopped];""",
        seconds,
    )
    assert told == ["something-new", "quiet", True, stopped]


@pytest.mark.parametrize(
    ("status", "code", "puzzled"),
    [
        (409, "something-new", True),
        (413, "something-new", True),
        (422, "something-new", True),
        (426, "upgrade-required", False),
        (429, "slow-down", False),
        (503, "overloaded", False),
    ],
)
def test_it_says_when_it_does_not_know_what_the_server_means(module_page, status, code, puzzled):
    """Each time what she wrote is still there, and goes through when the server takes it."""
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        await note(phone);
        server.answers("/push", refused(...given));
        server.answers("/pull", refused(...given));
        const report = await phone.round();
        const left = (await outbox(phone)).length;
        clocks.ran += 3600e3;
        for (let tries = 0; tries < 3 && server.byId.size === 0; tries += 1) {
          await phone.round({ asked: true });
        }
        return [report.puzzled, left > 0, server.byId.size];""",
        [status, code],
    )
    assert told == [puzzled, True, 1]
