"""Asking until there is an answer: a busy server and a lost connection are asked again."""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import httpx

from servery_client.errors import (
    ClientError,
    Fault,
    InvalidInputs,
    NotFound,
    Problem,
    Unavailable,
    Unreachable,
)
from servery_client.flows import Flow, Pause, Reply, Request

TYPE = "urn:servery:problem:"
#: Answers that say: not now.
LATER = frozenset([HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE])
#: A lost answer to such a request may have had an effect that a second one would repeat.
UNSAFE = frozenset(["PATCH"])


@dataclass(frozen=True, slots=True)
class Retries:
    """How often, and how long, a request is tried.

    Attributes
    ----------
    tries
        The most times that one request is sent.
    first_s, longest_s
        The pause after the first try, which doubles after each further one, and the longest pause.
        A server that asks for a longer one by ``Retry-After`` is not asked again.
    """

    tries: int = 6
    first_s: float = 0.25
    longest_s: float = 30.0

    def pauses(self) -> Iterator[float | None]:
        """Yield the pause after each try, and None after the last.

        Each is shortened at random by up to a half: clients that were refused together should not
        come back together.
        """
        for number in range(self.tries - 1):
            longest = min(self.first_s * 2**number, self.longest_s)
            yield longest * random.uniform(0.5, 1.0)  # noqa: S311 - not a secret
        yield None


def asked(request: Request, retries: Retries) -> Flow[Reply]:
    """Return the answer to a request.

    Raises
    ------
    Unreachable
        There is none.
    Problem
        It is an error.
    """
    for pause_s in retries.pauses():
        try:
            reply: Reply = yield request
        except httpx.TransportError as error:
            if pause_s is None or not _may_repeat(request, error):
                raise Unreachable(_unreachable(error)) from error
            yield Pause(pause_s)
            continue
        if reply.is_success:
            return reply
        if reply.interruption is not None:
            raise reply.interruption
        problem = problem_of(reply)
        wait_s = problem.retry_after_s
        is_later = reply.status in LATER or (
            reply.status == HTTPStatus.CONFLICT and wait_s is not None
        )
        if pause_s is None or not is_later or (wait_s or 0.0) > retries.longest_s:
            raise problem
        yield Pause(max(pause_s, wait_s or 0.0))
    raise AssertionError  # the last try returns or raises


def _may_repeat(request: Request, error: httpx.TransportError) -> bool:
    """Return whether a request whose answer is lost can be sent again."""
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return True
    if isinstance(error, httpx.UnsupportedProtocol):
        return False
    return request.method not in UNSAFE


def _unreachable(error: httpx.TransportError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "The server did not answer in time. Try again, or set a longer timeout_s."
    return f"The server does not answer: {error}. Check its address, and that it is running."


def json_of(reply: Reply) -> Any:  # noqa: ANN401 - JSON
    """Return the body of an answer.

    Raises
    ------
    ClientError
        It is not JSON, and so not from Servery.
    """
    try:
        return json.loads(reply.body)
    except ValueError as error:
        raise ClientError("The answer is not JSON. Check that the address is Servery's.") from error


def problem_of(reply: Reply) -> Problem:
    """Return the error that an answer describes."""
    try:
        members = json.loads(reply.body)
    except ValueError:
        members = None
    if not isinstance(members, dict):
        members = {}
    detail = members.get("detail") or f"The server answered {reply.status}."
    facts: dict[str, Any] = {
        "status": reply.status,
        "code": str(members.get("type", "")).removeprefix(TYPE),
        "title": members.get("title", ""),
        "request_id": members.get("request_id") or reply.headers.get("x-request-id"),
        "retry_after_s": seconds_of(reply.headers.get("retry-after"), datetime.now(UTC)),
    }
    if members.get("errors"):
        return InvalidInputs(detail, faults=[_fault(each) for each in members["errors"]], **facts)
    if reply.status == HTTPStatus.NOT_FOUND:
        return NotFound(detail, **facts)
    return (Unavailable if reply.status in LATER else Problem)(detail, **facts)


def seconds_of(text: str | None, now: datetime) -> float | None:
    """Read a ``Retry-After``: seconds, or a date (RFC 9110, 10.2.3); None for anything else."""
    if text is None:
        return None
    if text.strip().isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _fault(members: Mapping[str, Any]) -> Fault:
    pointer = str(members.get("pointer", "#"))
    words = pointer.split("/")
    is_of_row = len(words) > 2 and words[1] == "instances" and words[2].isdecimal()
    return Fault(
        input=members.get("input"),
        row=int(words[2]) if is_of_row else None,
        pointer=pointer,
        code=str(members.get("code", "")),
        detail=str(members.get("detail", "")),
    )
