"""Functions of data warehouses: BigQuery's ``calls`` and Snowflake's ``data``, row by row.

The arguments of a call are the values of the inputs in their order, or one object by their names.
``/details`` after the model answers with all of a prediction, for functions that return JSON.
"""

from collections.abc import Sequence
from typing import Any

from servery.api.problems import Refusal
from servery.api.protocols.instances import named_rows
from servery.api.protocols.protocol import Protocol, Reply, Request, invalid, json_reply
from servery.predict import predict


def refuse(refusal: Refusal) -> Reply:
    """Answer with the message that BigQuery shows; Snowflake shows any body."""
    status = 400 if refusal.status == 422 else refusal.status
    return json_reply({"errorMessage": refusal.sentence}, status=status)


PROTOCOL = Protocol(refuse)
MODEL = r"/(?P<name>[^/]+?)(?P<details>/details)?"


@PROTOCOL.post("/bigquery" + MODEL)
def call(request: Request, name: str, details: str | None) -> Reply:
    """Answer the calls of a remote function of BigQuery."""
    calls = _lists(request.json().get("calls"), "calls")
    replies, headers = _answered(request, name, calls, "calls", is_full=details is not None)
    return json_reply({"replies": replies}, headers=headers)


@PROTOCOL.post("/snowflake" + MODEL)
def external(request: Request, name: str, details: str | None) -> Reply:
    """Answer the rows of an external function of Snowflake; each begins with its number."""
    rows = _lists(request.json().get("data"), "data")
    if not all(rows):
        raise invalid("wrong-length", "Expected the number of each row.", "#/data")
    calls = [row[1:] for row in rows]
    replies, headers = _answered(request, name, calls, "data", is_full=details is not None)
    numbered = [[row[0], reply] for row, reply in zip(rows, replies, strict=True)]
    return json_reply({"data": numbered}, headers=headers)


def _lists(given: object, member: str) -> list[list[Any]]:
    if not isinstance(given, list) or not all(isinstance(each, list) for each in given):
        raise invalid("not-a-list", "Expected a list of lists.", f"#/{member}")
    return given


def _answered(
    request: Request, name: str, calls: Sequence[list[Any]], member: str, *, is_full: bool
) -> tuple[Sequence[object], Sequence[tuple[str, str]]]:
    """Return what is replied to each call, and headers."""
    model = request.model(name)
    bare = [each[0] if len(each) == 1 and isinstance(each[0], dict) else each for each in calls]
    rows, pointer = named_rows(model, bare, member), f"#/{member}/{{}}".format
    if is_full:
        request.check_count(len(rows))
        return predict(model, model.signature.parse(rows, pointer), pointer), ()
    answers = request.answers(model, rows, pointer)
    return answers.predictions(), answers.headers()
