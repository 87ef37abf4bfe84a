"""What every response says to the browser, and whether a form was sent from our own page.

Sources: OWASP ASVS 5.0, 3.4 (headers), 3.5 (origin of a request), 14.3.2 (caching);
https://fetch.spec.whatwg.org (the ``Origin`` that ``no-referrer`` leaves is ``null``).
"""

from __future__ import annotations

import hashlib
import secrets

from flask import Flask, Response, current_app, request
from markupsafe import Markup
from werkzeug.middleware.proxy_fix import ProxyFix

from api.bodies import refuse_large
from api.credentials import session_secret
from api.programme import programme
from nyefamilier.bootstrap import Programme
from nyefamilier.kernel.errors import Malformed, NotAllowed
from nyefamilier.wire.digests import content_digest

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)

_HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), "
    "payment=(), usb=()",
}
_HSTS = "max-age=63072000; includeSubDomains"
CSRF_FIELD = "csrf_token"

KEPT_BY_ITS_READER = "private, no-cache"
"""The ``Cache-Control`` of what tells of no family: its reader may keep it, and asks each time."""


def harden(app: Flask, of: Programme) -> None:
    """Set the headers, refuse oversized and odd requests, and believe our own proxies only."""
    settings = of.settings
    app.config["TRUSTED_HOSTS"] = [host.strip() for host in settings.trusted_hosts.split(",")]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.before_request(_refuse_odd)
    app.after_request(_set_headers)
    app.jinja_env.globals.update(csrf_field=csrf_field, csrf_token=csrf_token)


def csrf_token() -> str:
    """The token of the page session, which only a page that we sent to it can know.

    Raises:
        NotSignedIn: there is no session.
    """
    return csrf_token_of(session_secret())


def csrf_token_of(secret: str) -> str:
    """The token of a page session that begins with this answer, whose cookie has not come back."""
    return hashlib.sha256(b"csrf\x1f" + secret.encode()).hexdigest()


def csrf_field() -> Markup:
    """The hidden field that every form of a signed-in page holds."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, csrf_token())


def check_csrf(*, signed_in: bool) -> None:
    """Let a form through that was sent from our own page.

    Args:
        signed_in: Whether there is a session, and so a token to ask for.

    Raises:
        NotAllowed: it came from elsewhere, or without its token.
    """
    if not sent_from_our_page() or (signed_in and not _has_token()):
        raise NotAllowed("The form was not sent from our own page. Open the page and try again.")


def _has_token() -> bool:
    sent = request.form.get(CSRF_FIELD, "")
    return secrets.compare_digest(sent.encode("utf-8", "replace"), csrf_token().encode())


def sent_from_our_page() -> bool:
    """Whether the browser says that the request comes from a page of ours."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    # An older browser. "null" is what our own Referrer-Policy makes of the origin.
    origin = request.headers.get("Origin", "null")
    return origin in {"null", request.host_url.rstrip("/")}


def _refuse_odd() -> None:
    refuse_large(request, current_app.view_functions.get(request.endpoint or ""))
    # PostgreSQL has no NUL in text; better told here than as a failure there.
    if "\x00" in request.path or any(
        "\x00" in value for _, value in request.args.items(multi=True)
    ):
        raise Malformed("bad-request", "The address holds the character NUL.")


def _set_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if programme().settings.secure_cookies:
        response.headers["Strict-Transport-Security"] = _HSTS
    may_be_kept = response.headers.get("Cache-Control") == KEPT_BY_ITS_READER
    if request.endpoint != "static" and not may_be_kept:
        response.headers["Cache-Control"] = "no-store"
    response.headers.pop("Server", None)
    if response.is_json and not response.is_streamed:
        # A program finds by it what was changed on its way; a phone believes no such answer.
        response.headers["Content-Digest"] = content_digest(response.get_data())
    return response
