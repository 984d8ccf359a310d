"""Logs as one line of JSON each, on standard error; never an input, never a whole body."""

import logging
import logging.config
import os
import re
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import msgspec

#: The path of a batch job; its id gives access to the job.
JOB_ID = re.compile(r"(/batches/)[^/?#\s]+")


def without_job_ids(text: str) -> str:
    """Replace the id of each batch job in a text by ``{id}``."""
    return JOB_ID.sub(r"\1{id}", text)


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object.

    An exception is logged by its type and frames. Its text is left out, because libraries often
    quote the value that they refused.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line: dict[str, Any] = {
            "time": _time(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "event": without_job_ids(record.getMessage()),
        }
        if hasattr(record, "ms"):
            line["ms"] = record.ms
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = _chain(record.exc_info[1])
        return msgspec.json.encode(line).decode()


class RequestLine(msgspec.Struct, frozen=True):
    """The line of one request."""

    time: str
    level: str
    event: str
    method: str
    path: str
    status: int
    ms: float
    request_id: str


def log_request(method: str, path: str, status: int, ms: float, request_id: str) -> None:
    """Write the line of a request, in one piece.

    Bypasses the logging module, which takes as long for a line as a model for an answer.
    """
    now = _time(datetime.now(UTC))
    line = RequestLine(now, "info", "request", method, path, status, ms, request_id)
    os.write(sys.stderr.fileno(), msgspec.json.encode(line) + b"\n")


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "servery.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {
        "gunicorn.error": {"level": "WARNING", "handlers": ["stderr"], "propagate": False},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        "servery": {"level": "INFO", "handlers": ["stderr"], "propagate": False},
    },
    "root": {"level": "WARNING", "handlers": ["stderr"]},
}


def log_alone(logger: str, event: str) -> None:
    """Log a warning from a process that may not have set up logging yet, because it stays small."""
    log = logging.getLogger(logger)
    if not log.hasHandlers():
        logging.config.dictConfig(LOGGING)
    log.warning(event)


def _chain(error: BaseException) -> list[dict[str, Any]]:
    links: list[dict[str, Any]] = []
    link: BaseException | None = error
    while link is not None:
        links.append({"type": type(link).__name__, "frames": _frames(link.__traceback__)})
        link = link.__cause__ or link.__context__
    return links


def _frames(trace: TracebackType | None) -> list[str]:
    return [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)
    ]
