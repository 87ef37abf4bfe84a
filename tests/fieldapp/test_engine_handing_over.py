# ruff: noqa: E501 - the scripts in here are JavaScript
"""Another nurse gets the phone: what the server hears before everything on it is deleted."""

import pytest

from tests.fieldapp.phones import run

AFTER = """
  const names = (await indexedDB.databases()).map((one) => one.name);
  const isThere = names.includes(phone.store.name);
"""


def test_the_phone_is_handed_over_only_when_all_is_sent(module_page):
    told = run(
        module_page,
        f"""const server = new Server(), phone = await start(server);
        await note(phone);
        server.answers("/push", () => {{ throw new Unreachable("no-connection"); }});
        const how = await name(phone.handOver());
        const left = (await outbox(phone)).length, asked = server.count("/retire");
        await phone.handOver();
        {AFTER}
        return [how, left, asked, phone.state(), server.byId.size, isThere, server.paths().slice(-3), server.receipts.length, await phone.unsent()];""",
    )
    assert told == [
        "StillUnsent", 1, 0, "wiped", 1, False,
        ["/retire", "/wipe-receipt", "/tokens/current"], 1, {"count": 0, "oldest": None},
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["/retire", "/wipe-receipt"])
@pytest.mark.parametrize("answer", ["lost", "busy"])
def test_what_the_server_has_not_heard_deletes_nothing_and_is_told_again(module_page, path, answer):
    """The server hears that it is out of use before it is: a phone that says so late is emptied."""
    told = run(
        module_page,
        f"""const server = new Server(), phone = await start(server);
        await server.write(FAMILY, ["note", newId(), {{ text: "a" }}]);
        await phone.round();
        const answers = {{ lost: () => {{ throw new Unreachable("no-connection"); }}, busy: refused(503, "overloaded") }};
        server.answers(given[0], answers[given[1]]);
        const how = await name(phone.handOver());
        const rows = (await phone.store.all("row")).length;
        if (given[0] === "/wipe-receipt") server.answers("/pull", refused(403, "device-retired"));
        await phone.handOver();
        {AFTER}
        return [how, rows, phone.state(), isThere];""",
        [path, answer],
    )
    how = "Unreachable" if answer == "lost" else "Refused"
    assert told == [how, 1, "wiped", False]


@pytest.mark.parametrize("code", ["wrong-device", "device-state"])
def test_a_server_that_does_not_know_the_phone_stops_no_handing_over(module_page, code):
    told = run(
        module_page,
        f"""const server = new Server(), phone = await start(server);
        server.answers("/retire", refused(409, given));
        server.answers("/wipe-receipt", refused(409, "device-state"));
        await phone.handOver();
        {AFTER}
        return [phone.state(), isThere];""",
        code,
    )
    assert told == ["wiped", False]


def test_who_is_not_signed_in_is_asked_to_before_the_phone_is_handed_over(module_page):
    told = run(
        module_page,
        """const server = new Server(), phone = await start(server);
        const over = refused(401, "not-signed-in");
        server.answers("/retire", over);
        const how = await phone.handOver().catch((error) => error.code);
        return [how, phone.state()];""",
    )
    assert told == ["not-signed-in", "open"]
