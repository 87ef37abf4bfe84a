"""Routes and pages to try the guards on."""

from flask import Flask

from api.app import create_app
from api.credentials import session_secret
from api.doorway import ANYONE, EVERY_ROLE, allow, guarded_blueprint, page_blueprint, work
from api.security import csrf_field
from api.versions import mutation_id
from nyefamilier.accounts.sessions import end_session
from nyefamilier.kernel.actors import Role


def blueprints():
    rest = guarded_blueprint("probe", __name__, "/api/v1/probe", roles=[Role.LEAD])

    @rest.get("")
    @rest.response(200)
    def read():
        """Read."""
        with work() as current:
            return {"doorway": current.occasion.doorway, "actor": str(current.actor.id)}

    @rest.post("")
    @rest.response(201)
    @allow(Role.NURSE)
    def write():
        """Write."""
        return {"mutation": str(mutation_id())}

    pages = page_blueprint("probe_pages", __name__, "/probe", roles=[Role.NURSE])

    @pages.get("")
    def form():
        """A form."""
        return csrf_field()

    @pages.post("")
    def send():
        """Its target."""
        return "sent"

    @pages.post("/open")
    @allow(*ANYONE)
    def send_open():
        """The target of a form before signing in."""
        return "sent"

    @pages.post("/out")
    @allow(*EVERY_ROLE)
    def out():
        """Sign out."""
        with work() as current:
            end_session(current, session_secret())
        return "out"

    return rest, pages


def app_with_probes(programme) -> Flask:
    app = create_app(programme)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    return app
