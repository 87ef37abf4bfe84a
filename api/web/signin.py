"""Signing in and out, the choice of language, and the two pages about these pages."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.credentials import (
    clear_session_cookie,
    lifetimes,
    session_secret,
    set_session_cookie,
)
from api.doorway import ANYONE, EVERY_ROLE, allow, work
from api.programme import programme
from api.request_log import request_id
from api.security import CSRF_FIELD, csrf_token_of, sent_from_our_page
from api.web.blueprint import pages
from api.web.forms import Form
from api.web.language import choose, local_path
from api.web.texts import _
from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.accounts.service import Attempt, sign_in
from nyefamilier.accounts.sessions import Bearer, end_session, open_session
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import NotSignedIn, TooMany

_NAME, _PASSWORD = 100, 200
_KEPT = "kept-"
"""Before the name of a field that waits on the sign-in page."""


@pages.route("/sign-in", methods=["GET", "POST"])
@allow(*ANYONE)
def show_sign_in() -> ResponseReturnValue:
    """Let somebody in; then on to where she was going, with what she had written."""
    form = Form(request.form)
    back = local_path(request.values.get("back", "/"))
    if request.method == "GET":
        return render_template("sign_in.html", form=Form(), back=back, kept=())
    username = form.text("username", limit=_NAME, required=True)
    if not form.value("password"):
        form.wrong("password", _("Fill this in."))
    if username is not None and form.ok:
        outcome = _try(username, form.value("password")[:_PASSWORD])
        if isinstance(outcome, Bearer):
            return _let_in(outcome, back, _kept(form))
        _tell(form, outcome)
    return render_template("sign_in.html", form=form, back=back, kept=_kept(form)), 422


@pages.post("/sign-out")
@allow(*EVERY_ROLE)
def sign_out() -> ResponseReturnValue:
    """End the session, here and on the server."""
    with work() as current:
        end_session(current, session_secret())
    answer = make_response(redirect(url_for("web.show_sign_in", done="signed-out"), 303))
    clear_session_cookie(answer)
    return answer


@pages.get("/language/<code>")
@allow(*ANYONE)
def choose_language(code: str) -> ResponseReturnValue:
    """Show the pages in another language from now on."""
    return choose(code, request.args.get("back", "/"))


@pages.get("/about")
@allow(*ANYONE)
def about() -> ResponseReturnValue:
    """What the programme is, and what these pages are for."""
    return render_template("about.html")


@pages.get("/accessibility")
@allow(*ANYONE)
def accessibility() -> ResponseReturnValue:
    """How far everybody can use these pages, and what to do if somebody can't."""
    return render_template("accessibility.html")


@pages.errorhandler(NotSignedIn)
def ask_to_sign_in(_refusal: NotSignedIn) -> ResponseReturnValue:
    """Send whoever is not signed in, or no longer, to the page where it is done.

    A form that was sent after its session had ended is kept on that page: a nurse who wrote for a
    quarter of an hour must not lose it.
    """
    if request.method == "POST" and _from_our_page():
        kept = [
            (name, value) for name, value in request.form.items(multi=True) if name != CSRF_FIELD
        ]
        page = render_template("sign_in.html", form=Form(), back=request.path, kept=kept)
        return page, 401
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("web.show_sign_in", back=None if back == "/" else back), 303)


def _from_our_page() -> bool:
    return request.path != url_for("web.sign_out") and sent_from_our_page()


def _kept(form: Form) -> list[tuple[str, str]]:
    """The fields of the form that waits for its writer to sign in."""
    kept = form.typed.items(multi=True)
    return [(name.removeprefix(_KEPT), value) for name, value in kept if name.startswith(_KEPT)]


def _let_in(bearer: Bearer, back: str, kept: list[tuple[str, str]]) -> ResponseReturnValue:
    if kept:
        token = csrf_token_of(bearer.secret)
        page = render_template("resume.html", back=back, kept=kept, token=token, field=CSRF_FIELD)
        answer = make_response(page)
    else:
        answer = make_response(redirect(back, 303))
    set_session_cookie(answer, bearer)
    return answer


def _try(username: str, password: str) -> Bearer | NotSignedIn | TooMany:
    attempt = Attempt(username, password, request.remote_addr or "")
    with programme().work(SYSTEM, doorway="web", request_id=request_id()) as current:
        outcome = sign_in(current, attempt)
        if isinstance(outcome, AccountIdentity):
            return open_session(current, outcome.id, lifetimes())
        return outcome


def _tell(form: Form, refusal: NotSignedIn | TooMany) -> None:
    if isinstance(refusal, TooMany):
        seconds = max(1, round(refusal.wait.total_seconds()))
        form.wrong(
            "username",
            _("There have been too many attempts. Wait %(seconds)d seconds.", seconds=seconds),
        )
    else:
        form.wrong("username", _("The username or the password is wrong. Check both."))
