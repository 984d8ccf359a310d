"""The tensors that a model answers with in the Open Inference Protocol, in JSON or in bytes.

``predict``, and as far as the model has them ``predict_proba``, ``classes``, ``decision_function``,
``interval_low`` and ``interval_high``. Of several outputs, each name begins with theirs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, Protocol

import numpy as np

from servery.api.protocols.answers import Answers
from servery.api.protocols.tensors import Values, datatype_of_values, packed
from servery.served import ServedModel
from servery.signature import ClassOutput, MultiOutput, SingleOutput


class OutputTensor(Protocol):
    """A tensor that a model can answer with; its shape has -1 for the number of rows."""

    @property
    def datatype(self) -> str:
        """Its datatype."""

    @property
    def shape(self) -> Sequence[int]:
        """Its shape."""

    def plain(self, answers: Answers) -> list[Any]:
        """Return its data in JSON, flat, with null for what a row lacks."""

    def packed(self, answers: Answers) -> bytes:
        """Return its bytes, with NaN for what a row lacks."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A tensor of numbers.

    Attributes
    ----------
    values
        Takes the answers; returns an array, or a list, which has None for what a row lacks.
    """

    shape: Sequence[int]
    values: Callable[[Answers], Values]
    datatype: str = "FP64"

    def plain(self, answers: Answers) -> list[Any]:
        """Return the numbers."""
        values = self.values(answers)
        if isinstance(values, np.ndarray):
            flat: list[Any] = values.ravel().tolist()
            return flat
        return list(chain.from_iterable(values) if len(self.shape) > 1 else values)

    def packed(self, answers: Answers) -> bytes:
        """Return the numbers, each in eight bytes."""
        values = self.values(answers)
        if isinstance(values, np.ndarray):
            return bytes(np.ascontiguousarray(values, dtype="<f8").tobytes())
        return packed(self.datatype, self.plain(answers))


@dataclass(frozen=True, slots=True)
class Classes:
    """A tensor of classes.

    Attributes
    ----------
    values, raw
        Each class that there is, in JSON and in bytes.
    places
        Takes the answers; returns which of the classes the tensor has.
    """

    datatype: str
    shape: Sequence[int]
    values: Sequence[Any]
    raw: Sequence[bytes]
    places: Callable[[Answers], Values]

    def plain(self, answers: Answers) -> list[Any]:
        """Return the classes."""
        return list(map(self.values.__getitem__, _listed(self.places(answers))))

    def packed(self, answers: Answers) -> bytes:
        """Return the bytes of the classes."""
        return b"".join(map(self.raw.__getitem__, _listed(self.places(answers))))


def _listed(places: Values) -> Sequence[int]:
    listed: Sequence[int] = places.tolist() if isinstance(places, np.ndarray) else places
    return listed


def outputs_of(model: ServedModel) -> Mapping[str, OutputTensor]:
    """Return what a model can answer with, by name."""
    output = model.signature.output
    if isinstance(output, MultiOutput):
        return {
            f"{part.name}.{name}": tensor
            for place, part in enumerate(output.outputs)
            for name, tensor in _of_output(part, place).items()
        }
    found = _of_output(output, 0)
    if model.manifest.intervals is not None and not isinstance(output, ClassOutput):
        ends = {"interval_low": _end(0), "interval_high": _end(1)}
        return {**found, **{name: Figures([-1], end) for name, end in ends.items()}}
    return found


def _of_output(output: SingleOutput, place: int) -> Mapping[str, OutputTensor]:
    if isinstance(output, ClassOutput):
        # 1, 1.0 and True are equal, and have tensors of other datatypes.
        return _of_classes(output, tuple([type(each.value) for each in output.classes]), place)
    return {"predict": Figures([-1], lambda answers: answers.outputs[place].outcomes.values)}


@lru_cache(maxsize=100)
def _of_classes(
    output: ClassOutput, _types: tuple[type, ...], place: int
) -> Mapping[str, OutputTensor]:
    values = [each.value for each in output.classes]
    n, datatype = len(values), datatype_of_values(values)
    kind = {"BYTES": str, "FP64": float}.get(datatype)
    values = values if kind is None else list(map(kind, values))
    raw = [packed(datatype, [value]) for value in values]

    def predicted(answers: Answers) -> Values:
        return answers.outputs[place].outcomes.classes

    def probabilities(answers: Answers) -> Values:
        return _rows(answers.outputs[place].outcomes.probabilities)

    def scores(answers: Answers) -> Values:
        return _rows(answers.outputs[place].outcomes.scores)

    found: dict[str, OutputTensor] = {"predict": Classes(datatype, [-1], values, raw, predicted)}
    if output.probabilities:
        found["predict_proba"] = Figures([-1, n], probabilities)
    if output.scores:
        found["decision_function"] = Figures([-1, n], scores)
    found["classes"] = Classes(datatype, [n], values, raw, lambda _: range(n))
    return found


def _rows(table: Values) -> Values:
    return () if table is None else table  # there is none of no rows


def _end(which: int) -> Callable[[Answers], Values]:
    def end(answers: Answers) -> Values:
        ends = answers.intervals()
        return () if ends is None else ends[which]

    return end
