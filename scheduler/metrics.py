"""What a Prometheus asks for: counts and times of jobs, on a port of its own, and of nobody else.

Any scheduler answers, the one that leads and the one that stands by: both read the same tables.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from nyefamilier.bootstrap import Programme
from nyefamilier.jobs import service
from nyefamilier.jobs.service import Run, Standing
from nyefamilier.kernel.actors import SYSTEM

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@contextmanager
def serving(programme: Programme, host: str, port: int | None) -> Generator[int | None, None, None]:
    """Answer ``/metrics`` while the block lasts, and give the port; without a port, nothing.

    Raises:
        OSError: the port is taken.
    """
    if port is None:
        yield None
        return
    with ThreadingHTTPServer((host, port), _handler(programme)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def text_of(programme: Programme) -> str:
    """The metrics, as Prometheus reads them.

    Raises:
        sqlalchemy.exc.DBAPIError: the database is away.
    """
    with programme.work(SYSTEM, "job") as work:
        jobs, tally = service.standings(work), service.tally(work)
    lines = [*_gauge("nyefamilier_job_due_timestamp_seconds", jobs, _due)]
    lines += _gauge("nyefamilier_job_overdue", jobs, lambda one: float(one.overdue))
    lines += _gauge("nyefamilier_job_last_run_timestamp_seconds", jobs, _began)
    lines += _gauge("nyefamilier_job_last_run_duration_seconds", jobs, _lasted)
    lines.append("# TYPE nyefamilier_job_runs gauge")
    for job, outcome, count in tally:
        lines.append(f'nyefamilier_job_runs{{job="{job}",outcome="{outcome}"}} {count}')
    return "\n".join([*lines, ""])


def _gauge(
    name: str, jobs: list[Standing], value: Callable[[Standing], float | None]
) -> Iterator[str]:
    yield f"# TYPE {name} gauge"
    for one in jobs:
        found = value(one)
        if found is not None:
            yield f'{name}{{job="{one.timing.name}"}} {found:.3f}'


def _due(one: Standing) -> float:
    return one.timing.due_at.timestamp()


def _began(one: Standing) -> float | None:
    return None if one.last is None else one.last.began_at.timestamp()


def _lasted(one: Standing) -> float | None:
    last: Run | None = one.last
    if last is None or last.ended_at is None:
        return None
    return (last.ended_at - last.began_at).total_seconds()


def _handler(programme: Programme) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/metrics":
                self.send_error(404)
                return
            try:
                body = text_of(programme).encode()
            except Exception:  # noqa: BLE001 - the next question finds out whether it is still so
                self.send_error(503)
                return
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: who asks each minute is not worth a line."""

    return Handler
