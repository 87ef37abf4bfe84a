"""The guard at the door: who is asking, and which roles a route is for.

Every route of a guarded blueprint names its roles, its own or the blueprint's; one that names
none cannot be registered. So a forgotten guard is a programme that does not start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any, TypeVar, cast

from flask import Blueprint as FlaskBlueprint
from flask import current_app, g, request
from flask_smorest import Blueprint

from api.bodies import StrictParser
from api.credentials import bearer_identity, session_identity
from api.programme import programme
from api.request_log import request_id
from api.security import check_csrf
from api.versions import IDEMPOTENCY_KEY, mutation_id
from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.kernel.actors import SYSTEM, Actor, Role
from nyefamilier.kernel.errors import NotAllowed
from nyefamilier.storage.glance import Glance
from nyefamilier.storage.work import Work

EVERY_ROLE = (Role.NURSE, Role.LEAD, Role.PLANNER, Role.PRIVACY_OFFICER)
"""Whoever is signed in."""
ANYONE: tuple[Role, ...] = ()
"""Whoever asks, signed in or not. A test has the list of the routes that may say so."""

_READING = frozenset({"GET", "HEAD", "OPTIONS"})

View = TypeVar("View", bound=Callable[..., Any])


def actor() -> Actor:
    """The signed-in actor, put there by the guard."""
    return identity().actor


def identity() -> AccountIdentity:
    """The signed-in person, put there by the guard."""
    return cast("AccountIdentity", g.identity)


def work() -> AbstractContextManager[Work]:
    """A piece of work of the signed-in actor, through the doorway that the request came by."""
    return programme().work(actor(), doorway=g.doorway, request_id=request_id())


def snapshot() -> AbstractContextManager[Work]:
    """The same, for a use case that is to see the database as it was at one instant."""
    return programme().snapshot(actor(), doorway=g.doorway, request_id=request_id())


def programmes_own_work() -> AbstractContextManager[Work]:
    """A piece of work of the programme itself, for a request that nobody is signed in for."""
    return programme().work(SYSTEM, doorway=g.doorway, request_id=request_id())


def glance() -> AbstractContextManager[Glance]:
    """A question of one statement, of the signed-in actor."""
    return programme().glance(actor())


def work_as(somebody: Actor) -> AbstractContextManager[Work]:
    """A piece of work of somebody else's, which the request set off."""
    return programme().work(somebody, doorway=g.doorway, request_id=request_id())


def allow(*roles: Role) -> Callable[[View], View]:
    """Let these roles call the view, instead of the blueprint's."""

    def mark(view: View) -> View:
        vars(view)["roles"] = frozenset(roles)
        return view

    return mark


def changes_no_record(view: View) -> View:
    """Say that the view, though not a GET, is no mutation: it needs no ``Idempotency-Key``."""
    vars(view)["mutates"] = False
    return view


def guarded_blueprint(
    name: str, import_name: str, url_prefix: str, roles: Iterable[Role] | None = None
) -> Guarded:
    """A blueprint of the API.

    Args:
        name: Its name, and its tag in the OpenAPI document.
        import_name: ``__name__``.
        url_prefix: Where it lies, as ``/api/v1/families``.
        roles: Who may call its routes, unless a route says otherwise by `allow`.
    """
    return Guarded(name, import_name, roles=roles, url_prefix=url_prefix)


def page_blueprint(
    name: str, import_name: str, url_prefix: str, roles: Iterable[Role] | None = None
) -> GuardedPages:
    """A blueprint of pages: known by cookie, and every form by its CSRF token.

    Args:
        name: Its name, for `url_for`.
        import_name: ``__name__``.
        url_prefix: Where it lies.
        roles: Who may see its pages, unless a page says otherwise by `allow`.
    """
    return GuardedPages(name, import_name, roles=roles, url_prefix=url_prefix)


class Guarded(Blueprint):
    """See `guarded_blueprint`."""

    ARGUMENTS_PARSER = StrictParser()
    DOCSTRING_INFO_DELIMITER = "Raises:"  # what a view raises, the document tells by its codes

    def __init__(
        self, name: str, import_name: str, *, roles: Iterable[Role] | None, url_prefix: str
    ) -> None:
        super().__init__(name, import_name, url_prefix=url_prefix)
        self.roles = None if roles is None else frozenset(roles)
        self.before_request(self._guard)
        self._prepare_doc_cbks.append(_document_guard)

    def _guard(self) -> None:
        g.doorway = "rest"
        view = current_view()
        roles = roles_of(view, self.roles)
        if roles:
            g.identity = bearer_identity()
            _check_role(roles)
        if request.method not in _READING and mutates(view):
            mutation_id()

    def _store_endpoint_docs(
        self,
        endpoint: str,
        obj: Any,  # noqa: ANN401 - a function or a MethodView
        parameters: object,
        tags: object,
        **options: object,
    ) -> None:
        super()._store_endpoint_docs(endpoint, obj, parameters, tags, **options)
        for method, doc in self._docs[endpoint].items():
            if method == "parameters":
                continue
            view = getattr(obj, method) if isinstance(obj, type) else obj
            doc["guard"] = {
                "name": endpoint,
                "roles": roles_of(view, self.roles),
                "mutates": mutates(view),
            }


class GuardedPages(FlaskBlueprint):
    """See `page_blueprint`."""

    def __init__(
        self, name: str, import_name: str, *, roles: Iterable[Role] | None, url_prefix: str
    ) -> None:
        super().__init__(name, import_name, url_prefix=url_prefix)
        self.roles = None if roles is None else frozenset(roles)
        self.before_request(self._guard)

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Any = None,  # noqa: ANN401
        *args: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> None:
        """Register a page, if it says who may see it."""
        roles_of(view_func, self.roles)
        super().add_url_rule(rule, endpoint, view_func, *args, **options)

    def _guard(self) -> None:
        g.doorway = "web"
        roles = roles_of(current_view(), self.roles)
        if roles:
            g.identity = session_identity()
            _check_role(roles)
        if request.method not in _READING:
            check_csrf(signed_in=bool(roles))


def roles_of(view: Any, default: frozenset[Role] | None) -> frozenset[Role]:  # noqa: ANN401
    """The roles that may call the view; none at all means anyone.

    Raises:
        LookupError: neither the view nor its blueprint says.
    """
    roles = getattr(view, "roles", default)
    if roles is None:
        raise LookupError(f"{view!r} does not say which roles may call it: use @allow(...).")
    return cast("frozenset[Role]", roles)


def mutates(view: Any) -> bool:  # noqa: ANN401
    """Whether the view changes records, when it is called by a method that may."""
    return bool(getattr(view, "mutates", True))


def current_view() -> Any:  # noqa: ANN401 - a function or a method of a MethodView
    """The function that will answer the request."""
    view = current_app.view_functions[request.endpoint or ""]
    view_class = getattr(view, "view_class", None)
    if view_class is None:
        return view
    method = "get" if request.method in {"HEAD", "OPTIONS"} else request.method.lower()
    return getattr(view_class, method, view)


def _check_role(roles: frozenset[Role]) -> None:
    if actor().role not in roles:
        raise NotAllowed


def _document_guard(
    doc: dict[str, Any], info: dict[str, Any], *, method: str, **_: object
) -> dict[str, Any]:
    roles: frozenset[Role] = info["guard"]["roles"]
    doc["operationId"] = info["guard"]["name"]
    doc["x-roles"] = sorted(roles) or ["anyone"]
    doc["security"] = [{"bearer": []}] if roles else []
    if method.upper() not in _READING and info["guard"]["mutates"]:
        doc.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
    return doc
