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
