"""Each gateway gives a receipt, refuses, or says that it is away; and sends a key once."""

import io
import json
from uuid import uuid4

import httpx
import pytest

from nyefamilier.texts.gateway import GatewayAway, GatewayRefused, Message
from nyefamilier.texts.gateways import ConsoleGateway, FileGateway, HttpGateway

BODY = {"messages": [{"recipient": "$to", "content": {"text": "$text"}}], "sender": "Oslo", "n": 1}


def message():
    return Message(uuid4(), "+4740000001", "Vi minner om avtalen.")


def answering(status, seen=None):
    def handle(request):
        if seen is not None:
            seen.append(request)
        return httpx.Response(status)

    return httpx.MockTransport(handle)


def test_the_terminal_sees_the_words_and_two_digits_of_the_number():
    out = io.StringIO()
    ConsoleGateway(out).send(message())
    assert out.getvalue() == "text to …01: Vi minner om avtalen.\n"


def test_a_message_shows_nothing_of_itself_when_it_is_printed():
    one = message()
    assert one.number not in repr(one)
    assert one.words not in repr(one)


def test_a_folder_holds_one_file_for_each_key_for_its_owner_only(tmp_path):
    gateway, one = FileGateway(tmp_path / "texts"), message()
    gateway.send(one)
    gateway.send(one)
    (path,) = (tmp_path / "texts").iterdir()
    told = json.loads(path.read_text("utf-8"))
    assert told == {"key": str(one.key), "to": one.number, "text": one.words}
    assert path.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_to_is_a_gateway_that_is_away(tmp_path):
    (tmp_path / "texts").write_text("in the way")
    with pytest.raises(GatewayAway):
        FileGateway(tmp_path / "texts").send(message())


def test_over_http_the_text_travels_in_the_shape_that_the_gateway_wants_under_its_key():
    seen, one = [], message()
    gateway = HttpGateway("http://gw/send", BODY, "secret", transport=answering(202, seen))
    gateway.send(one)
    (request,) = seen
    assert request.headers["Idempotency-Key"] == str(one.key)
    assert request.headers["Authorization"] == "Bearer secret"
    assert json.loads(request.content) == {
        "messages": [{"recipient": one.number, "content": {"text": one.words}}],
        "sender": "Oslo",
        "n": 1,
    }


def test_a_key_that_the_gateway_knows_is_a_text_that_was_sent():
    HttpGateway("http://gw/send", BODY, transport=answering(409)).send(message())


@pytest.mark.parametrize("status", [301, 401, 403, 404, 408, 425, 429, 500, 503])
def test_a_fault_that_is_not_the_texts_own_leaves_it_to_be_tried_again(status):
    with pytest.raises(GatewayAway):
        HttpGateway("http://gw/send", BODY, transport=answering(status)).send(message())


@pytest.mark.parametrize("status", [400, 410, 422])
def test_a_text_that_the_gateway_will_not_have_is_refused(status):
    with pytest.raises(GatewayRefused):
        HttpGateway("http://gw/send", BODY, transport=answering(status)).send(message())


def test_a_gateway_that_does_not_answer_is_away():
    def handle(request):
        raise httpx.ReadTimeout("slow", request=request)

    with pytest.raises(GatewayAway):
        HttpGateway("http://gw/", BODY, transport=httpx.MockTransport(handle)).send(message())


def test_a_gateway_does_not_show_its_token():
    assert "secret" not in repr(HttpGateway("http://gw/send?k=secret", BODY, "secret"))
