"""The log: JSON, one line per event, and nothing in it that was not let in by name.

An event's text is written in the source, so it holds no name; what may is the values beside it.
So only the keys listed here pass, whoever logs. Records of other libraries keep the text that
their source has, without the values that would be put into it, and an exception keeps its type.
"""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

ALLOWED = frozenset({
    "actor_role", "count", "doorway", "duration_s", "error", "event", "exception", "frames",
    "job", "level", "logger", "method", "milliseconds", "outcome", "peak_mb", "port", "reason",
    "request_id", "revision", "route", "rows", "status", "timestamp", "version", "worker",
})  # fmt: skip
"""The keys that may be logged. Their values are ids of requests, counts, codes and routes."""

REMOVED = "[removed]"


def configure_logging(stream: TextIO = sys.stderr, level: int = logging.INFO) -> None:
    """Send everything that is logged, ours or a library's, to *stream*."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[without_values, *_shared()],
            use_get_message=False,
            pass_foreign_args=True,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                keep_allowed,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def keep_allowed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The event with every other value removed; the key stays, so that the loss is seen."""
    return {key: value if key in ALLOWED else REMOVED for key, value in event.items()}


def without_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A library's record with its text as the source has it, and its exception's type only."""
    record: logging.LogRecord = event["_record"]
    event["event"] = str(record.msg) if event.pop("positional_args") else _place(record)
    if record.exc_info and record.exc_info[0] is not None:
        event["error"] = record.exc_info[0].__qualname__
    event.pop("exc_info", None)
    return event


def _place(record: logging.LogRecord) -> str:
    # A text without placeholders may have been put together before it was logged.
    return f"{record.name}: {record.funcName}"


def _shared() -> list[Processor]:
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
