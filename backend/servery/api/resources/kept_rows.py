"""Kept rows: the measured rows that a version was published with, in pages."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import get_args

import msgspec
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from servery.api import answer, answered_by
from servery.api.operations import (
    VERSION,
    DescribedModel,
    Operation,
    answered,
    model_parameter,
    query_parameter,
    reference,
    response,
)
from servery.api.options import QUERY
from servery.api.questions import capable_model
from servery.api.registry import Resource, register
from servery.errors import Fault, Faults, quoted
from servery.explaining import KeptPage, KeptQuery, Sorting, capabilities, kept_page
from servery.inputs import Scalar
from servery.predict import uncertainties
from servery.served import ServedModel
from servery.settings import Settings
from servery.signature import ClassOutput

bp = Blueprint("kept_rows", __name__, url_prefix="/api/v1/models")

SORTINGS = get_args(Sorting)
ORDERS = ("ascending", "descending")
MOST_ROWS = 100
MOST_DIGITS = 9
OPTIONS = ("sort", "order", "outcome", "offset", "limit")


@bp.get("/<name>/kept-rows")
def list_kept_rows(name: str) -> ResponseReturnValue:
    """List the rows that a version keeps."""
    model = capable_model(name, "nearest-rows", OPTIONS)
    return answer(answered_by(model, kept_page(model, _query(model), uncertainties)))


def _query(model: ServedModel) -> KeptQuery:
    """Return what the query asks for.

    Raises
    ------
    InvalidInputs
        It names each option that is not valid.
    """
    faults, default = Faults(), KeptQuery()

    def one_of(option: str, allowed: Sequence[str]) -> str:
        value = request.args.get(option, allowed[0])
        if value not in allowed:
            _add(faults, option, f"one of {', '.join(allowed)}", value)
        return value

    def whole(option: str, default: int, low: int, high: int) -> int:
        value = request.args.get(option, str(default))
        is_whole = value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS
        if is_whole and low <= int(value) <= high:
            return int(value)
        _add(faults, option, f"a whole number from {low} to {high}", value)
        return default

    sort, order = one_of("sort", SORTINGS), one_of("order", ORDERS)
    outcome = _outcome(model, faults)
    offset = whole("offset", default.offset, 0, 10**MOST_DIGITS - 1)
    limit = whole("limit", default.limit, 1, MOST_ROWS)
    faults.raise_any()
    return KeptQuery(
        sort=msgspec.convert(sort, Sorting),
        is_descending=order == "descending",
        outcome=outcome,
        offset=offset,
        limit=limit,
    )


def _outcome(model: ServedModel, faults: Faults) -> Scalar | None:
    value, output = request.args.get("outcome"), model.signature.output
    if value is None:
        return None
    classes = output.classes if isinstance(output, ClassOutput) else ()
    found = [each.value for each in classes if str(each.value) == value]
    if not found:
        names = ", ".join(str(each.value) for each in classes[:MOST_ROWS])
        _add(faults, "outcome", f"one of {names}" if names else "none for a number", value)
    return found[0] if found else None


def _add(faults: Faults, option: str, expected: str, value: str) -> None:
    detail = f"Expected {expected}, found {quoted(value)}."
    faults.add(partial(Fault, None, f"{QUERY}/{option}", f"invalid-{option}", detail))


def describe(models: Sequence[DescribedModel], _settings: Settings) -> Iterator[Operation]:
    """Return the operation of this resource."""
    keeping = [each.served.name for each in models if "nearest-rows" in capabilities(each.served)]
    whole = {"type": "integer", "minimum": 0}
    yield Operation(
        method="get",
        path="/api/v1/models/{model}/kept-rows",
        id="list_kept_rows",
        summary="Measured rows that a model keeps",
        parameters=[
            model_parameter(keeping),
            VERSION,
            query_parameter(
                "sort",
                "What rows are sorted by: their place, their outcome, the size of the error or the"
                " uncertainty of the model.",
                {"enum": list(SORTINGS), "default": SORTINGS[0]},
            ),
            query_parameter("order", "The order.", {"enum": list(ORDERS), "default": ORDERS[0]}),
            query_parameter("outcome", "Only rows with this class.", {"type": "string"}),
            query_parameter("offset", "Rows to skip.", {**whole, "default": 0}),
            query_parameter(
                "limit",
                "Rows to return.",
                {**whole, "minimum": 1, "maximum": MOST_ROWS, "default": KeptQuery().limit},
            ),
        ],
        answers={200: response("Some of the rows", reference("KeptPageAnswer"))},
        schemas={"KeptPageAnswer": answered(KeptPage)},
        asks_model=True,
    )


register(Resource("kept-rows", "models", bp, describe, schemas=(KeptPage,)))
