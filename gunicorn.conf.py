"""What gunicorn is told beside its command line; it looks for a file of this name by itself."""

import gc
import os

import gunicorn.http.wsgi

gc.disable()
"""Until a worker is ready: an import makes nothing that could be collected, and looking for it
took a fifth of every start."""

# A visitor need not know what serves her. gunicorn has no setting for it.
gunicorn.http.wsgi.SERVER = "nye-familier"

accesslog = None
"""Its access log would hold paths; ours holds the routes."""

worker_class = "gthread"
workers = 2
"""One for each core: the work is Python's, so that a third would only take turns with them."""
threads = 16
"""More than the sync requests at work (`sync_at_once`), so that pages have threads too, and
whoever is turned away is told so at once."""
backlog = 2048
"""Connections that wait for a worker: a thousand phones may come in one second."""
timeout = 60
"""A worker that has not stirred for so long is replaced."""
graceful_timeout = 30
"""Longer than any request, whose statements PostgreSQL ends after ten seconds."""
keepalive = 15
"""A phone's round is several requests; each connection anew costs it two round trips."""

if os.path.isdir("/dev/shm"):  # noqa: PTH112, S108 - memory; our own stamp only
    worker_tmp_dir = "/dev/shm"  # noqa: S108
    """A disk that is slow to answer must not make a worker look dead."""

limit_request_line = 2000
limit_request_fields = 60


def post_worker_init(worker: object) -> None:  # noqa: ARG001 - gunicorn's own signature
    """Spare the collector what the app is made of; it would look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()
