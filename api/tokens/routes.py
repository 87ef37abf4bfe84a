"""Sign in to the API for a token, say who one is, give the token back."""

from __future__ import annotations

from typing import Any

from flask import request

from api.credentials import bearer_secret, lifetimes
from api.describing import refuses
from api.doorway import (
    ANYONE,
    EVERY_ROLE,
    allow,
    changes_no_record,
    guarded_blueprint,
    identity,
    work,
)
from api.programme import programme
from api.request_log import request_id
from api.tokens.schemas import SIGN_IN, AccountSchema, SignInSchema, TokenSchema
from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.accounts.service import Attempt, sign_in
from nyefamilier.accounts.sessions import end_token, issue_token
from nyefamilier.kernel.actors import SYSTEM

blueprint = guarded_blueprint("tokens", __name__, "/api/v1", roles=EVERY_ROLE)


@blueprint.post("/tokens")
@blueprint.arguments(SignInSchema, example=SIGN_IN)
@blueprint.response(201, TokenSchema)
@refuses("sign-in-failed", "sign-in-too-often")
@changes_no_record
@allow(*ANYONE)
def create_token(body: dict[str, str]) -> dict[str, Any]:
    """Sign in: a token in exchange for a username and a password.

    Too many failures make one wait; 429 says how long. A wrong name and a wrong password are
    answered alike.

    Raises:
        NotSignedIn: one of them is wrong.
        TooMany: there were too many attempts.
    """
    attempt = Attempt(body["username"], body["password"], request.remote_addr or "")
    with programme().work(SYSTEM, doorway="rest", request_id=request_id()) as work:
        outcome = sign_in(work, attempt)
        if isinstance(outcome, AccountIdentity):
            bearer = issue_token(work, outcome.id, lifetimes())
            return {
                "token": bearer.secret,
                "token_type": "Bearer",
                "expires_at": bearer.expires_at,
                "account": outcome,
            }
    raise outcome


@blueprint.delete("/tokens/current")
@blueprint.response(204)
@changes_no_record
def end_current_token() -> None:
    """Sign out: the token is no longer good.

    It holds from this very moment, for whoever else has the token too.
    """
    with work() as current:
        end_token(current, bearer_secret())


@blueprint.get("/me")
@blueprint.response(200, AccountSchema)
def me() -> AccountIdentity:
    """Who the token belongs to.

    The id is the one that teams and the access log know the person by.
    """
    return identity()
