"""Hugging Face's inference API: texts or a table of texts in, labels with scores or labels out."""

from collections.abc import Mapping, Sequence
from typing import Any

from servery.api.problems import Refusal
from servery.api.protocols.instances import rows_of_columns
from servery.api.protocols.protocol import Protocol, Reply, Request, invalid, json_reply
from servery.api.protocols.tables import cell_readers
from servery.served import ServedModel

#: Parameters of text classification; scores are probabilities, whatever function is asked for.
PARAMETERS = ("top_k", "function_to_apply")


def refuse(refusal: Refusal) -> Reply:
    """Answer with an error object."""
    return json_reply({"error": refusal.sentence}, status=refusal.status)


PROTOCOL = Protocol(refuse)


@PROTOCOL.get(r"/hf/(?P<name>[^/]+)")
def show(request: Request, name: str) -> Reply:
    """Say that a model can be asked."""
    model = request.model(name)
    return json_reply({"id": model.name, "pipeline_tag": _task(model)})


@PROTOCOL.post(r"/hf/(?P<name>[^/]+)")
def classify(request: Request, name: str) -> Reply:
    """Classify texts, or rows of a table."""
    model = request.model(name)
    body = request.json()
    inputs, member = body.get("inputs"), "inputs"
    table = body.get("table")
    if isinstance(inputs, dict):
        table, member = inputs.get("data", inputs.get("table")), "inputs/data"
    if table is not None:
        rows, pointer = rows_of_columns(table, "table" if inputs is None else member)
        answers = request.answers(model, _read(model, rows), pointer)
        return json_reply(answers.predictions(), headers=answers.headers())
    return _texts(request, model, inputs, body.get("parameters") or {})


def _task(model: ServedModel) -> str:
    is_text = len(model.signature.inputs) == 1 and model.signature.inputs[0].is_free_text
    kind = "regression" if model.signature.output.task == "regression" else "classification"
    return f"{'text' if is_text else 'tabular'}-{kind}"


def _read(
    model: ServedModel, rows: Sequence[Mapping[str, object]]
) -> Sequence[Mapping[str, object]]:
    """Read the cells of a table that are texts, which all of them may be."""
    readers = cell_readers(model)
    return [
        {
            name: readers[name](value) if type(value) is str and name in readers else value
            for name, value in row.items()
        }
        for row in rows
    ]


def _texts(request: Request, model: ServedModel, inputs: object, parameters: Any) -> Reply:  # noqa: ANN401
    texts = inputs if isinstance(inputs, list) else [inputs]
    if len(model.signature.inputs) != 1:
        detail = 'Expected "table" with a list for each input: the model takes no single text.'
        raise invalid("not-a-table", detail, "#/inputs")
    if not isinstance(parameters, dict) or not parameters.keys() <= set(PARAMETERS):
        expected = " or ".join(PARAMETERS)
        raise invalid("unknown-member", f"Expected {expected}.", "#/parameters")
    most = parameters.get("top_k")
    if most is not None and (type(most) is not int or most < 1):
        raise invalid("not-a-number", "Expected a whole number from 1.", "#/parameters/top_k")
    [name] = model.signature.names
    answers = request.answers(model, [{name: text} for text in texts], "#/inputs/{}".format)
    body = [
        [{"label": str(each), "score": score} for each, score in row]
        for row in answers.ranked(most)
    ]
    return json_reply(body, headers=answers.headers())
