"""What signing in to the API takes and gives."""

from __future__ import annotations

from typing import Final

from marshmallow import fields as ma

from api.fields import Id, Instant, Schema, Secret, StrEnumField, Text
from nyefamilier.kernel.actors import Role

SIGN_IN: Final = {"username": "stovner1", "password": "fire ganske vanlige ord"}


class SignInSchema(Schema):
    """A username and its password."""

    username = Text(64, required=True)
    password = Secret(200, required=True)


class AccountSchema(Schema):
    """Who somebody is here."""

    id = Id(metadata={"description": "Names the person in teams and in the access log."})
    username = ma.String()
    display_name = ma.String()
    role = StrEnumField(Role)
    bydel = ma.String(allow_none=True, metadata={"description": "Two digits; null for the city."})


class TokenSchema(Schema):
    """A token, shown this once."""

    token = ma.String()
    token_type = ma.String(metadata={"enum": ["Bearer"]})
    expires_at = Instant()
    account = ma.Nested(AccountSchema)
