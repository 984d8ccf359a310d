"""Nearest rows: measured rows that are like an instance to the model, and how it did on them."""

from collections.abc import Iterator, Sequence

import msgspec
from flask import Blueprint
from flask.typing import ResponseReturnValue

from servery.api import answer, answered_by
from servery.api.http.bodies import read_members
from servery.api.operations import DescribedModel, Operation
from servery.api.questions import capable_model, question
from servery.api.registry import MODEL, Resource, register
from servery.explaining import NearestRows, capabilities, nearest_rows
from servery.settings import Settings

bp = Blueprint("nearest_rows", __name__, url_prefix="/api/v1/models")


class NearestRowsRequest(msgspec.Struct, frozen=True):
    """One instance."""

    inputs: object


@bp.post("/<name>/nearest-rows")
def create_nearest_rows(name: str) -> ResponseReturnValue:
    """Find the kept rows nearest to an instance."""
    model = capable_model(name, "nearest-rows")
    asked = read_members(NearestRowsRequest)
    instances = model.signature.parse([asked.inputs], lambda _: "#/inputs")
    return answer(answered_by(model, nearest_rows(model, instances)))


def describe(models: Sequence[DescribedModel], _settings: Settings) -> Iterator[Operation]:
    """Return an operation for each model that supports it."""
    for model in models:
        if "nearest-rows" in capabilities(model.served):
            yield question(
                model,
                "nearest-rows",
                id_="nearest_rows",
                summary="Measured rows that are like an instance to the model",
                answer=NearestRows,
            )


register(Resource("nearest-rows", "explanations", bp, describe, schemas=(NearestRows,), lane=MODEL))
