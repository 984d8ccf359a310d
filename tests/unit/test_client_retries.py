"""The flows of the Python client, driven by hand: what they send, and when they stop."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

import httpx
import pytest

from servery_client import InvalidInputs, Problem, Unavailable, Unreachable
from servery_client.flows import Flow, Pause, Reply, Request
from servery_client.retries import Retries, asked, seconds_of

GET = Request("GET", "api/v1/models")
POST = Request("POST", "api/v1/models/income/predictions")
PATCH = Request("PATCH", "api/v1/batches/1")
NOTHING: Mapping[str, str] = MappingProxyType({})


def reply(status: int, headers: Mapping[str, str] = NOTHING) -> Reply:
    return Reply(status, headers, b"{}")


def end_of(flow: Flow[Reply], *replies: Reply | Exception) -> tuple[Reply | None, list[float]]:
    """Give a flow its replies; return what it returns, if it does, and all pauses before that."""
    pauses: list[float] = []
    step = next(flow)
    for each in replies:
        try:
            step = flow.throw(each) if isinstance(each, Exception) else flow.send(each)
        except StopIteration as end:
            return end.value, pauses
        assert isinstance(step, Pause)
        pauses.append(step.seconds)
        step = next(flow)
        assert isinstance(step, Request)
    return None, pauses


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again_with_growing_pauses(status: int) -> None:
    found, pauses = end_of(asked(POST, Retries()), *[reply(status)] * 4, reply(200))
    assert found is not None
    assert found.status == 200
    assert pauses == sorted(pauses)
    assert len(pauses) == 4


def test_it_is_never_asked_before_the_time_that_it_says() -> None:
    _, pauses = end_of(asked(GET, Retries()), reply(503, {"retry-after": "7"}), reply(200))
    [pause] = pauses
    assert pause >= 7


def test_a_pause_that_is_too_long_is_left_to_the_caller() -> None:
    with pytest.raises(Unavailable) as refused:
        end_of(asked(GET, Retries()), reply(503, {"retry-after": "3600"}))
    assert refused.value.retry_after_s == 3600


def test_the_last_refusal_is_raised() -> None:
    with pytest.raises(Unavailable):
        end_of(asked(GET, Retries(tries=3)), reply(503), reply(503), reply(429))


@pytest.mark.parametrize("status", [400, 404, 409, 422, 500, 504])
def test_no_other_refusal_is_asked_again(status: int) -> None:
    with pytest.raises(Problem) as refused:
        end_of(asked(GET, Retries()), reply(status))
    assert refused.value.status == status


def test_a_lost_answer_is_asked_for_again_unless_it_could_have_changed_something() -> None:
    lost = httpx.ReadError("reset")
    found, _ = end_of(asked(POST, Retries()), lost, reply(200))
    assert found is not None
    with pytest.raises(Unreachable):
        end_of(asked(PATCH, Retries()), lost)
    found, _ = end_of(asked(PATCH, Retries()), httpx.ConnectError("refused"), reply(200))
    assert found is not None


def test_a_retry_after_is_a_number_of_seconds_or_a_date() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert seconds_of("5", now) == 5
    assert seconds_of("Thu, 01 Jan 2026 00:01:00 GMT", now) == 60
    assert seconds_of("Thu, 01 Jan 2015 00:00:00 GMT", now) == 0
    assert seconds_of("soon", now) is None
    assert seconds_of(None, now) is None


def test_an_error_shows_the_first_faults_and_counts_the_others() -> None:
    fault = b'{"input": "age", "pointer": "#/instances/3/age", "code": "missing", "detail": "No."}'
    body = b'{"detail": "Fix these inputs: age.", "errors": [' + b", ".join([fault] * 12) + b"]}"
    with pytest.raises(InvalidInputs) as refused:
        end_of(asked(POST, Retries()), Reply(422, {}, body))
    assert {each.row for each in refused.value.faults} == {3}
    lines = str(refused.value).splitlines()
    assert lines[1] == "  row 3, age: No."
    assert lines[-1] == "  and 2 more"
