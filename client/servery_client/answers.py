"""What a server answers, as values: JSON in, dataclasses out. Members added later are ignored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Self, TypeAlias, TypeVar

Scalar: TypeAlias = str | int | float | bool
Json: TypeAlias = Mapping[str, Any]


class Read:
    """A dataclass whose fields are members of a JSON object."""

    @classmethod
    def read(cls, members: Json) -> Self:
        """Return the value of an object; an absent member has the default of its field."""
        known = {each.name for each in fields(cls)}  # type: ignore[arg-type] # subclasses are
        return cls(**{name: value for name, value in members.items() if name in known})


R = TypeVar("R", bound=Read)


@dataclass(frozen=True, slots=True)
class ModelSummary(Read):
    """A model as a list shows it."""

    name: str
    title: str
    summary: str
    task: str
    version: str


@dataclass(frozen=True, slots=True)
class Warned(Read):
    """Something about an instance that makes its answer less certain."""

    input: str | None
    code: str
    detail: str

    def __str__(self) -> str:
        """Return the warning as one line."""
        return f"{self.input}: {self.detail}" if self.input else self.detail


@dataclass(frozen=True, slots=True)
class Interval(Read):
    """Of the measured rows, the share ``coverage`` had the true value in their interval."""

    low: float
    high: float
    coverage: float


@dataclass(frozen=True, slots=True)
class PredictionSet(Read):
    """The classes that the answer may be."""

    classes: Sequence[Scalar]
    coverage: float


@dataclass(frozen=True, slots=True)
class Reliability(Read):
    """Of ``rows`` similar answers on unseen rows, ``right`` were right."""

    rows: int
    right: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """The answer for one instance.

    Attributes
    ----------
    prediction
        The class or the number; with several outputs, the value of each by its name.
    label
        The text of the class, or of the band of the number.
    probabilities, scores
        By class, the highest first; None if the model has none.
    interval, prediction_set, reliability
        How far to trust the answer; None if that was not measured, or not for such instances.
    outputs
        With several outputs, the answer for each by its name.
    raw
        Everything that the server answered.
    """

    prediction: Any
    label: str | None
    unit: str | None
    probabilities: Mapping[Scalar, float] | None
    scores: Mapping[Scalar, float] | None
    interval: Interval | None
    prediction_set: PredictionSet | None
    reliability: Reliability | None
    warnings: tuple[Warned, ...]
    outputs: Mapping[str, "Prediction"] | None
    raw: Json = field(repr=False)

    @classmethod
    def read(cls, members: Json) -> Self:
        """Return the prediction that an answer holds."""
        outputs = members.get("outputs")
        return cls(
            prediction=members["prediction"],
            label=members.get("label"),
            unit=members.get("unit"),
            probabilities=_by_class(members.get("probabilities"), "probability"),
            scores=_by_class(members.get("scores"), "score"),
            interval=_optional(Interval, members.get("interval")),
            prediction_set=_optional(PredictionSet, members.get("prediction_set")),
            reliability=_optional(Reliability, members.get("reliability")),
            warnings=tuple(map(Warned.read, members.get("warnings", ()))),
            outputs=outputs and {name: cls.read(each) for name, each in outputs.items()},
            raw=members,
        )


@dataclass(frozen=True, slots=True)
class Contribution(Read):
    """How much one input moved a prediction; a word of a text has its position."""

    input: str
    value: Scalar | None
    contribution: float
    standard_error: float
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Correlated(Read):
    """Two inputs that can stand in for each other; ``association`` is from 0 to 1."""

    inputs: Sequence[str]
    association: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Contributions to a prediction: ``base`` plus their sum equals ``prediction``."""

    method: str
    output: Scalar
    base: float
    prediction: float
    contributions: tuple[Contribution, ...]
    correlated: tuple[Correlated, ...]
    raw: Json = field(repr=False)

    @classmethod
    def read(cls, members: Json) -> Self:
        """Return the explanation that an answer holds."""
        return cls(
            method=members["method"],
            output=members["output"],
            base=members["base"],
            prediction=members["prediction"],
            contributions=tuple(map(Contribution.read, members["contributions"])),
            correlated=tuple(map(Correlated.read, members.get("correlated", ()))),
            raw=members,
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One input that would be different."""

    input: str
    from_: Scalar | None
    to: Scalar | None


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """Changes of an instance, and what the model would answer then."""

    changes: tuple[Change, ...]
    prediction: Scalar
    probability: float | None

    @classmethod
    def read(cls, members: Json) -> Self:
        """Return the counterfactual that an answer holds."""
        changes = (Change(each["input"], each["from"], each["to"]) for each in members["changes"])
        return cls(tuple(changes), members["prediction"], members["probability"])


def _by_class(ranked: Sequence[Json] | None, figure: str) -> Mapping[Scalar, float] | None:
    return None if ranked is None else {each["class"]: each[figure] for each in ranked}


def _optional(kind: type[R], members: Json | None) -> R | None:
    return None if members is None else kind.read(members)
