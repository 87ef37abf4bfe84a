"""The example of `docs/client.md`, word by word, against the whole app."""

import re
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from nyefamilier.client.transport import HttpTransport
from tests.api.callers import PASSWORD
from tests.api.homes import Home

PAGE = Path(__file__).parents[3] / "docs" / "client.md"
[EXAMPLE] = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture
def example(app):
    """What the page defines; its transport leads to the app in this process."""
    found: dict[str, object] = {}
    exec(compile(EXAMPLE, str(PAGE), "exec"), found)  # noqa: S102 - our own page
    wsgi = httpx.WSGITransport(app=app)
    found["HttpTransport"] = lambda server: HttpTransport(server, transport=wsgi)
    return found


def test_the_example_does_what_its_comments_say(example, caller, tmp_path):
    nurse = caller()
    home = Home(nurse).register()
    phone = example["open_phone"](tmp_path, "http://localhost")

    families = example["first_morning"](phone, nurse.identity.username, PASSWORD)
    standing = example["after_a_visit"](phone, UUID(home.id), "Ammer hver tredje time.")
    verdicts = example["back_in_the_car"](phone)

    assert families == [UUID(home.id)]
    assert (standing, verdicts) == ("unsent", ["applied"])
    assert [one["text"] for one in home.read("/notes")["items"]] == ["Ammer hver tredje time."]
