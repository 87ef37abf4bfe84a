"""Pages of a list neither skip nor repeat, and a cursor is taken back only as it was given."""

import base64
import json

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from api.paging import key_after, page_of
from nyefamilier.kernel.errors import Malformed

app = Flask(__name__)


def cursor_of(page):
    return None if page.next is None else page.next.split("cursor=")[1].split("&")[0]


def walked(items, limit):
    """Everything that following ``next`` shows."""
    shown, cursor = [], None
    while True:
        key = key_after(cursor, 1)
        rest = [item for item in items if key is None or item > key[0]]
        with app.test_request_context("/api/v1/families?state=open"):
            page = page_of(rest[: limit + 1], limit, lambda item: (item,))
        shown += page.items
        cursor = cursor_of(page)
        if cursor is None:
            return shown


@given(st.sets(st.text("abcæøå0123", min_size=1, max_size=5), max_size=30), st.integers(1, 12))
def test_following_next_shows_every_item_once(items, limit):
    assert walked(sorted(items), limit) == sorted(items)


def test_the_next_page_keeps_the_question():
    with app.test_request_context("/api/v1/families?state=open&limit=1"):
        page = page_of(["a", "b"], 1, lambda item: (item,))
    assert page.next.startswith("/api/v1/families?cursor=")
    assert page.next.endswith("&limit=1&state=open")


def test_no_cursor_is_the_first_page():
    assert key_after(None, 2) is None
    assert key_after("", 2) is None


def packed(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "æ",
        packed([]),
        packed(["a"]),
        packed(["a", "b", "c"]),
        packed(["a", 1]),
        packed({"a": "b"}),
        packed(None),
        packed(["a", "b\x00"]),
        packed(["a", "x" * 101]),
        "W1tb" * 50_000,
    ],
)
def test_any_other_cursor_is_refused(cursor):
    with pytest.raises(Malformed) as refused:
        key_after(cursor, 2)
    assert refused.value.code == "cursor"
