"""Somebody who reads our pages without a browser: opens them, fills in their forms, sends them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from nyefamilier.accounts.identity import AccountIdentity
from tests.api.callers import PASSWORD


@dataclass
class PageForm:
    """A form as a browser would send it untouched."""

    action: str = ""
    method: str = "get"
    fields: MultiDict[str, str] = field(default_factory=MultiDict)


@dataclass
class Page:
    """An answer, its text and its forms."""

    answer: TestResponse
    path: str
    forms: list[PageForm]
    words: str

    @property
    def html(self) -> str:
        return self.answer.get_data(as_text=True)

    @property
    def form(self) -> PageForm:
        """The page's own form: not the header's, and one that changes something if there is one."""
        own = [form for form in self.forms if not form.action.endswith("/sign-out")]
        return next((form for form in own if form.method == "post"), own[0])


@dataclass
class Reader:
    """A person with a browser session."""

    client: FlaskClient
    identity: AccountIdentity

    def sign_in(self) -> Reader:
        page = self.read("/sign-in")
        answer = self.send(page, username=self.identity.username, password=PASSWORD)
        assert answer.answer.status_code == 200, answer.words
        return self

    def read(self, path: str) -> Page:
        """A page, after whatever redirects lead to it."""
        return read(self.client.get(path, follow_redirects=True))

    def send(self, page: Page, **filled: Any) -> Page:
        """The page's form with some fields filled in; the page that it leads to."""
        fields = MultiDict(page.form.fields)
        for name, value in filled.items():
            fields.setlist(name, value if isinstance(value, list) else [str(value)])
        return self.post(page.form.action or page.path, fields)

    def post(self, path: str, fields: MultiDict[str, str]) -> Page:
        headers = {"Sec-Fetch-Site": "same-origin"}
        return read(self.client.post(path, data=fields, headers=headers, follow_redirects=True))


def read(answer: TestResponse) -> Page:
    """The page that an answer is."""
    parser = _Parser()
    parser.feed(answer.get_data(as_text=True))
    return Page(answer, answer.request.full_path.rstrip("?"), parser.forms, " ".join(parser.words))


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.words: list[str] = []
        self._select: str | None = None
        self._textarea: str | None = None
        self._silent = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attributes}
        if tag == "form":
            form = PageForm(told.get("action", ""), told.get("method", "get"))
            self.forms.append(form)
        elif tag == "input" and self.forms:
            self._input(told)
        elif tag == "select":
            self._select = told["name"]
        elif tag == "option" and self._select is not None:
            fields = self.forms[-1].fields
            if "selected" in told or self._select not in fields:
                fields.setlist(self._select, [told.get("value", "")])
        elif tag == "textarea":
            self._textarea = told["name"]
            self.forms[-1].fields.setlist(self._textarea, [""])
        self._silent = tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self._textarea = None
        self._silent = False

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            fields = self.forms[-1].fields
            written = fields[self._textarea] + data
            fields.setlist(self._textarea, [written.removeprefix("\n")])
        elif not self._silent and data.strip():
            self.words.append(" ".join(data.split()))

    def _input(self, told: dict[str, str]) -> None:
        name, kind = told.get("name"), told.get("type", "text")
        if name is None or (kind in {"radio", "checkbox"} and "checked" not in told):
            return
        self.forms[-1].fields.add(name, told.get("value", ""))
