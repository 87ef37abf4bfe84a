"""The field app's files on a free port of this machine, with no programme behind them."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, Response
from werkzeug.serving import WSGIRequestHandler, make_server

from api.felt.edition import APP
from api.felt.routes import CSP, FOLDER, blueprint
from api.squeezing import squeeze_files

BLANK = """<!doctype html>
<html lang="nb">
<title>Blank</title><link rel="icon" href="/felt/icons/icon.svg">
</html>
"""


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        """Say nothing: what was asked for is no news."""


def files_app(folder: Path = APP) -> Flask:
    """What serves the app's files, and at ``/blank`` a page of its policy that runs nothing."""
    app = Flask("api")
    app.config[FOLDER] = folder
    squeeze_files(app)
    app.register_blueprint(blueprint)

    @app.get("/blank")
    def blank() -> Response:
        return Response(BLANK, headers={"Content-Security-Policy": CSP})

    return app


@contextmanager
def serving(app: Flask) -> Generator[str, None, None]:
    """Serve the app; the address without a slash at its end."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
