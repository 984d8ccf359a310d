"""MCP on standard input and output: one message on each line, as long as there is input.

Nothing but messages goes to standard output; the log goes to standard error.
"""

import logging.config
import os
import sys
import uuid
from typing import BinaryIO

import msgspec

from servery.api.http.strict_json import strict_json
from servery.api.problems import refusal_of
from servery.api.protocols.mcp.messages import (
    INTERNAL_ERROR,
    PARSE_ERROR,
    Failed,
    Json,
    answered,
)
from servery.api.protocols.mcp.tools import Tools
from servery.artifact import LoadPolicy
from servery.errors import UnreadableBody
from servery.logs import LOGGING
from servery.repository import Repository
from servery.settings import Settings

WATCH_INTERVAL_S = 1.0
TOO_LONG = "The message has more bytes than SERVERY_MAX_BODY_BYTES allows."


def main() -> None:
    """Answer messages until standard input ends."""
    settings = Settings.from_env()
    os.environ["OMP_NUM_THREADS"] = str(settings.compute_threads)
    logging.config.dictConfig(LOGGING)
    # What a library prints must not come between messages.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    policy = LoadPolicy.from_settings(settings)
    repository = Repository(settings.models, policy, most_open=settings.open_models)
    repository.watch(WATCH_INTERVAL_S)
    serve(repository, settings, sys.stdin.buffer, output)


def serve(repository: Repository, settings: Settings, source: BinaryIO, sink: BinaryIO) -> None:
    """Answer each line of a source with a line, or with nothing if it is a notification."""
    most_bytes = settings.max_body_bytes
    while line := source.readline(most_bytes + 1):
        if len(line) > most_bytes:
            _skip_line(line, source)
            answer: Json | None = Failed(PARSE_ERROR, TOO_LONG).body(None)
        elif line.strip():
            request_id = uuid.uuid4().hex
            answer = _answer(line, Tools(repository, settings.explain_budget_ms / 1000, request_id))
        else:
            continue
        if answer is not None:
            sink.write(msgspec.json.encode(answer) + b"\n")
            sink.flush()


def _skip_line(line: bytes, source: BinaryIO) -> None:
    while line and not line.endswith(b"\n"):
        line = source.readline(len(line))


def _answer(line: bytes, tools: Tools) -> Json | None:
    try:
        _, answer = answered(strict_json(line), tools)
    except UnreadableBody as error:
        return Failed(PARSE_ERROR, str(error)).body(None)
    except Exception as error:  # the next message is answered all the same
        refusal = refusal_of(error, "POST", tools.request_id)
        return Failed(INTERNAL_ERROR, refusal.detail).body(None)
    return answer


if __name__ == "__main__":
    main()
