"""Somebody with a token, who calls the API."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from nyefamilier.accounts.identity import AccountIdentity

PASSWORD = "fire ganske vanlige ord"


@dataclass
class Caller:
    """Somebody with a token, calling the API."""

    client: FlaskClient
    token: str
    identity: AccountIdentity

    def __call__(self, method: str, path: str, **options: object) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"} | options.pop("headers", {})
        if method not in {"GET", "HEAD"}:
            headers = {"Idempotency-Key": str(uuid4())} | headers
        return self.client.open(path, method=method, headers=headers, **options)
