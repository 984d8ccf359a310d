"""The tools of models: predict, explain, and what would change the answer.

A tool has the inputs of its model as parameters. Faults in them are the result of the call, all of
them at once, so that an agent can correct itself; so is a model that cannot answer now.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import msgspec

from servery.api.problems import refusal_of
from servery.api.protocols.mcp.names import aliases, tool_name
from servery.api.questions import output_member
from servery.api.resources.counterfactuals import aim_of, target_schema
from servery.api.resources.predictions import prediction_type
from servery.errors import Fault, InvalidInputs, ServeryError, nearest, quoted
from servery.explaining import (
    Counterfactual,
    Explanation,
    capabilities,
    counterfactuals,
    explain,
)
from servery.predict import predict
from servery.repository import Repository
from servery.served import ServedModel
from servery.signature import ClassOutput, MultiOutput, Output, Row

#: Models whose tools are listed at once; each of them is opened for that.
PAGE = 50
#: Classes that a description names.
MOST_CLASSES = 20
#: Parameters beside the inputs.
OUTPUT, TARGET = "output", "target"
#: No tool changes anything, and the same question has the same answer.
HINTS = {"readOnlyHint": True, "idempotentHint": True, "openWorldHint": False}

Json: TypeAlias = Mapping[str, Any]


class UnknownTool(Exception):
    """No model has this tool."""


class UnknownCursor(Exception):
    """No list has this page."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of tool.

    Attributes
    ----------
    name
        What the names of its tools begin with.
    title
        What it does, before the title of the model.
    describe
        Returns the sentences of its description.
    parameters
        Returns the schemas of its parameters beside the inputs, and which of them are required.
    ask
        Returns the answer; takes the model, the instance, the other parameters and a budget.
    answers
        Returns the type of the answer.
    is_offered
        Whether a model has such a tool.
    """

    name: str
    title: str
    describe: Callable[[ServedModel], list[str]]
    parameters: Callable[[Output], tuple[Json, list[str]]]
    ask: Callable[[ServedModel, Json, Json, float], msgspec.Struct]
    answers: Callable[[Output], type[msgspec.Struct]]
    is_offered: Callable[[ServedModel], bool]


@dataclass(frozen=True, slots=True)
class Tools:
    """The tools of all models in a repository."""

    repository: Repository
    explain_budget_s: float
    request_id: str

    def page(self, cursor: object) -> tuple[list[Json], str | None]:
        """Return the tools of a page of models, and the cursor of the next page, if there is one.

        Raises
        ------
        UnknownCursor
            The cursor is not one that a list gave.
        """
        start = 0
        if cursor is not None:
            if not (isinstance(cursor, str) and cursor.isascii() and cursor.isdigit()):
                raise UnknownCursor("Expected a cursor of this server, or none.")
            start = int(cursor[:9])
        outlines = self.repository.outlines()
        found = [
            _described(kind, model)
            for outline in outlines[start : start + PAGE]
            for model in self._opened(outline.name)
            for kind in KINDS
            if kind.is_offered(model)
        ]
        is_last = start + PAGE >= len(outlines)
        return found, None if is_last else str(start + PAGE)

    def _opened(self, name: str) -> Iterator[ServedModel]:
        try:
            yield self.repository.get(name)
        except ServeryError:  # a model that cannot be served has no tools
            return

    def call(self, name: str, arguments: Json) -> Json:
        """Return the result of a call, which is an error where the model does not answer.

        Raises
        ------
        UnknownTool
            There is no such tool.
        """
        kind, model_name = self._found(name)
        names: Mapping[str, str] = {}
        try:
            model = self.repository.get(model_name)
            names = _aliases(model)
            if not kind.is_offered(model):
                raise UnknownTool(f"No tool is called {quoted(name)}.")
            inputs, others = _split(model, arguments)
            found = kind.ask(model, inputs, others, self.explain_budget_s)
        except InvalidInputs as error:
            return _failed("\n".join(_line(fault, names) for fault in error.faults))
        except ServeryError as error:
            return _failed(refusal_of(error, "POST", self.request_id).detail)
        answer = {"model": model.name, "version": model.version, **msgspec.to_builtins(found)}
        text = msgspec.json.encode(answer).decode()
        return {
            "content": [{"type": "text", "text": text}],
            "structuredContent": msgspec.json.decode(text),
            "isError": False,
        }

    def _found(self, name: str) -> tuple[Kind, str]:
        known = []
        for outline in self.repository.outlines():
            for kind in KINDS:
                tool = tool_name(kind.name, outline.name)
                if tool == name:
                    return kind, outline.name
                known.append(tool)
        raise UnknownTool(f"No tool is called {quoted(name)}.{nearest(name, known)}")


def _failed(text: str) -> Json:
    return {"content": [{"type": "text", "text": text}], "isError": True}


def _described(kind: Kind, model: ServedModel) -> Json:
    names = _aliases(model)
    schema: Mapping[str, Any] = model.signature.schema()
    others, required = kind.parameters(model.signature.output)
    properties = {
        alias: _titled(schema["properties"][name], name, alias) for name, alias in names.items()
    }
    return {
        "name": tool_name(kind.name, model.name),
        "title": f"{kind.title}: {model.title}",
        "description": "\n".join(filter(None, kind.describe(model))),
        "inputSchema": {
            **schema,
            "properties": {**properties, **others},
            "required": [*(names[name] for name in schema["required"]), *required],
        },
        "outputSchema": _answer_schema(kind.answers(model.signature.output)),
        "annotations": HINTS,
    }


@cache
def _answer_schema(kind: type[msgspec.Struct]) -> Json:
    """Return the schema of structured content: which model answers, and the members of a struct."""
    _, components = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    what = components.pop(kind.__name__)
    who = {"model": {"type": "string"}, "version": {"type": "string"}}
    schema: Json = {
        "type": "object",
        "properties": {**who, **what["properties"]},
        "required": [*who, *what["required"]],
    }
    return {**schema, "$defs": components} if components else schema


def _titled(schema: Json, name: str, alias: str) -> Json:
    return schema if name == alias else {"title": name, **schema}


def _aliases(model: ServedModel) -> Mapping[str, str]:
    return aliases(model.signature.names, (OUTPUT, TARGET))


def _split(model: ServedModel, arguments: Json) -> tuple[Json, Json]:
    """Return the inputs among arguments by their own names, and the other parameters.

    An input may be given by its own name, too.
    """
    names = {alias: name for name, alias in _aliases(model).items()}
    others = {name: value for name, value in arguments.items() if name in (OUTPUT, TARGET)}
    inputs: dict[str, Any] = {}
    for given, value in arguments.items():
        name = names.get(given, given)
        if name in inputs:
            detail = f"Given twice, as {quoted(given)} too. Give it once."
            raise InvalidInputs([Fault(name, "#", "ambiguous-body", detail)])
        if given not in others:
            inputs[name] = value
    return inputs, others


def _line(fault: Fault, names: Mapping[str, str]) -> str:
    """Return a fault as an agent can use it: with the name of the parameter."""
    name = fault.pointer.rpartition("/")[2] if fault.input is None else fault.input
    return f"{names.get(name, name)}: {fault.detail}".removeprefix("#: ")


def _row(model: ServedModel, inputs: Json) -> Row:
    [row] = model.signature.parse([inputs], lambda _: "#").rows
    return row


def _ask(model: ServedModel, inputs: Json, others: Json, _budget_s: float) -> msgspec.Struct:
    _refuse_others(others)
    pointer = "#".format
    [prediction] = predict(model, model.signature.parse([inputs], pointer), pointer)
    return prediction


def _explain(model: ServedModel, inputs: Json, others: Json, budget_s: float) -> msgspec.Struct:
    _refuse_others(others, OUTPUT)
    return explain(model, _row(model, inputs), output=others.get(OUTPUT), budget_s=budget_s)


class Alternatives(msgspec.Struct, frozen=True):
    """Changes that lead to the target."""

    counterfactuals: list[Counterfactual]


def _change(model: ServedModel, inputs: Json, others: Json, budget_s: float) -> msgspec.Struct:
    _refuse_others(others, TARGET)
    row = _row(model, inputs)
    aim = aim_of(model, others.get(TARGET))
    return Alternatives(counterfactuals(model, row, aim, budget_s=budget_s))


def _refuse_others(others: Json, *known: str) -> None:
    faults = [
        Fault(None, f"#/{name}", "unknown-member", "This tool does not take this parameter.")
        for name in others
        if name not in known
    ]
    if faults:
        raise InvalidInputs(faults)


def _about_prediction(model: ServedModel) -> list[str]:
    card = model.card
    return [
        card.summary,
        f"Answers with {_answer(model.signature.output)}.",
        _listed("Intended use", card.intended_use),
        _listed("Must not be used for", card.not_for),
        _listed("Limitations", card.limitations),
    ]


def _answer(output: Output) -> str:
    if isinstance(output, MultiOutput):
        return "; ".join(f"{each.name}: {_answer(each)}" for each in output.outputs)
    if isinstance(output, ClassOutput):
        values = [str(each.value) for each in output.classes]
        more = len(values) - MOST_CLASSES
        shown = ", ".join(values[:MOST_CLASSES]) + (f" and {more} more" if more > 0 else "")
        figures = " with probabilities" if output.probabilities else ""
        return f"{output.label}, one of {shown},{figures} and how far to trust it"
    unit = f" in {output.unit}" if output.unit else ""
    return f"{output.label}, a number{unit}, with an interval if one was measured"


def _listed(title: str, sentences: list[str]) -> str:
    return f"{title}: {' '.join(sentences)}" if sentences else ""


def _about_explanation(model: ServedModel) -> list[str]:
    tool = tool_name("predict", model.name)
    return [
        f"Says how much each input moved the answer of {tool} away from the average.",
        "base plus all contributions is the predicted number, or the probability of a class.",
        "Contributions describe the model, not causes.",
    ]


def _about_changes(model: ServedModel) -> list[str]:
    tool = tool_name("predict", model.name)
    return [
        f"Finds the smallest changes of the inputs with which {tool} would answer with the target.",
        "They describe the model, not what would happen. An empty list means that none was found.",
    ]


def _none(_output: Output) -> tuple[Json, list[str]]:
    return {}, []


def _output(output: Output) -> tuple[Json, list[str]]:
    described = "The class or output that is explained; by default the predicted one."
    schema = output_member(output)[OUTPUT]
    return {OUTPUT: {"description": described, **schema}}, []


def _target(output: Output) -> tuple[Json, list[str]]:
    described = "The outcome that is wanted."
    return {TARGET: {"description": described, **target_schema(output)}}, [TARGET]


KINDS = (
    Kind(
        "predict",
        "Predict",
        _about_prediction,
        _none,
        _ask,
        prediction_type,
        lambda _model: True,
    ),
    Kind(
        "explain",
        "Explain a prediction",
        _about_explanation,
        _output,
        _explain,
        lambda _output: Explanation,
        lambda model: "explanations" in capabilities(model),
    ),
    Kind(
        "change",
        "What would change the answer",
        _about_changes,
        _target,
        _change,
        lambda _output: Alternatives,
        lambda model: "counterfactuals" in capabilities(model),
    ),
)
