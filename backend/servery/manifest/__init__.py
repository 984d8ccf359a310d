"""What ``model.json`` holds: the facts of one version, written by publishing, read by serving."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from servery.errors import ManifestUnreadable
from servery.guarded import FileRefused, is_plain_name, read_file
from servery.inputs import Scalar
from servery.layout import MANIFEST, MOST_BYTES
from servery.manifest.measured import Evaluation, Facts, Metrics
from servery.manifest.upgrade import upgraded
from servery.signature import Signature
from servery.uncertainty import (
    AnswerReliability,
    ChowLiuTree,
    Intervals,
    KeptRows,
    PredictionSets,
)

#: 1 had other names for some members; see `upgrade`.
FORMAT = 2
#: Publishing writes two, a dozen and a hundred.
MOST_ARTIFACTS, MOST_GOLDEN, MOST_BACKGROUND = 8, 1_000, 10_000
#: Callers search all of them for each answer.
MOST_KEPT = 5_000

#: Without texts of training that show how many of their words a model knows.
FEWEST_KNOWN_WORDS = 0.2

#: How rows reach the estimator: a DataFrame with names, an array without, or a list of texts.
Takes: TypeAlias = Literal["frame", "array", "texts"]
#: Objects other than NaN that stand for a missing value: None and ``pandas.NA``.
MissingObject: TypeAlias = Literal["none", "na"]


class Training(Facts, frozen=True, kw_only=True):
    """What the shipped fit saw, when, and with which versions of which libraries.

    ``rows`` is None where the version was published without its data. ``recorded_with`` is the
    scikit-learn that gave the recorded answers, where it is not the one of the fit.
    """

    rows: int | None
    fitted_on: str
    libraries: dict[str, str]
    recorded_with: str | None = None


class Artifact(Facts, frozen=True, kw_only=True):
    """A file of the version folder and the digest of its bytes."""

    file: str
    sha256: str
    size_bytes: int


class Golden(Facts, frozen=True, kw_only=True):
    """An instance and what the estimator itself answered when it was published.

    With several outputs, ``prediction`` and ``probabilities`` hold one entry for each.
    """

    inputs: dict[str, Scalar | None]
    prediction: Scalar | list[Scalar]
    probabilities: list[float | list[float] | None] | None = None

    @property
    def missing(self) -> int:
        """How many inputs have no value."""
        return list(self.inputs.values()).count(None)


class Verification(Facts, frozen=True, kw_only=True):
    """On how many rows a compiled form was held to the estimator, and how far off it was at most.

    ``largest_difference`` is relative; labels never differed.
    """

    rows: int
    largest_difference: float


class RuntimeFacts(Facts, frozen=True, kw_only=True):
    """Which runtime serves the version, and how the estimator takes rows.

    Attributes
    ----------
    categorical
        Names the inputs that the estimator takes as a pandas categorical.
    missing_objects
        For inputs whose missing values the estimator takes as another object than NaN, which one.
    verification
        Of the compiled form, where one is served.
    row_by_row
        Up to how many rows a plan is faster row by row than on arrays; 0 if not measured.
    unsupported
        What has no plan: the end of a sentence.
    classes_from
        What gives the class of a row: the labels that the estimator predicts, or only its
        probabilities, so that it is asked once.
    compares_gaps
        Whether rows that lack other cells are asked apart, because an answer may depend on them.
    gathers
        Whether a model process answers concurrent requests by one call: rows were found to get the
        same answers together as alone, in less than half the time.
    """

    name: Literal["sklearn", "plan", "onnx"] = "sklearn"
    takes: Takes = "frame"
    categorical: Sequence[str] = ()
    missing_objects: Mapping[str, MissingObject] = msgspec.field(default_factory=dict)
    verification: Verification | None = None
    row_by_row: int = 0
    unsupported: str | None = None
    classes_from: Literal["labels", "probabilities"] = "labels"
    compares_gaps: bool = False
    gathers: bool = False


class Head(msgspec.Struct, frozen=True):
    """What is read of a ``model.json`` first."""

    format: int


class Manifest(Facts, frozen=True, kw_only=True):
    """One version of a model, whole.

    Attributes
    ----------
    metrics, evaluation
        What was measured on held-out rows.
    background
        Training rows as the background of explanations, each in signature order.
    anomaly, intervals, sets, reliability
        Measured uncertainty; None if it could not be computed.
    kept
        Measured rows that callers may see; None unless they were asked for at publishing.
    fewest_known_words
        The share of a text's words that the model must know for its answer to be firm.
    notes
        Sentences about what was unknown at publishing.
    """

    format: int
    name: str
    version: str
    signature: Signature
    metrics: Metrics | None
    training: Training
    runtime: RuntimeFacts
    artifacts: list[Artifact]
    golden: list[Golden]
    notes: Sequence[str] = ()
    intervals: Intervals | None = None
    sets: PredictionSets | None = None
    reliability: AnswerReliability | None = None
    fewest_known_words: float = FEWEST_KNOWN_WORDS
    anomaly: ChowLiuTree | None = None
    evaluation: Evaluation | None = None
    background: Sequence[Sequence[Scalar | None]] = ()
    kept: KeptRows | None = None

    def __post_init__(self) -> None:
        """Refuse a format of another time, and file names that lead elsewhere."""
        if self.format != FORMAT:
            raise ValueError(f"expected format {FORMAT}, found {self.format}")
        for artifact in self.artifacts:
            if not is_plain_name(artifact.file):
                raise ValueError(f"expected a plain file name, found {artifact.file[:100]!r}")
            if artifact.size_bytes < 0:
                raise ValueError("expected artifacts of a size that is not negative")
        _require_at_most("artifacts", self.artifacts, MOST_ARTIFACTS)
        _require_at_most("golden rows", self.golden, MOST_GOLDEN)
        _require_at_most("background rows", self.background, MOST_BACKGROUND)
        if self.kept is not None:
            _require_at_most("kept rows", self.kept.rows, MOST_KEPT)
            if not all(0 <= each.place < len(self.signature.inputs) for each in self.kept.scales):
                raise ValueError("expected the scales of inputs that there are")
        if len(self.artifacts) < (2 if self.runtime.name == "onnx" else 1):
            raise ValueError("expected the estimator's artifact, and behind it the compiled form")

    @property
    def estimator(self) -> Artifact | None:
        """The file that holds the fitted estimator; None where there is only its plan."""
        is_plan_alone = self.runtime.name == "plan" and len(self.artifacts) == 1
        return None if is_plan_alone else self.artifacts[0]

    @property
    def compiled(self) -> Artifact:
        """The file that holds its compiled form, where that is served."""
        return self.artifacts[-1]


def _require_at_most(what: str, values: Sequence[object], most: int) -> None:
    if len(values) > most:
        raise ValueError(f"expected at most {most:,} {what}, found {len(values):,}")


def manifest_bytes(folder: Path) -> bytes:
    """Return the bytes of the ``model.json`` of a version folder.

    Raises
    ------
    ManifestUnreadable
        The file may not be read.
    """
    names = [folder.parent.name, folder.name, MANIFEST]
    try:
        return read_file(folder.parent.parent, names, MOST_BYTES[MANIFEST])
    except FileRefused as error:
        raise ManifestUnreadable(str(error)) from error


def read_manifest(data: bytes) -> Manifest:
    """Read the bytes of a ``model.json``.

    Raises
    ------
    ManifestUnreadable
        Says which entry is wrong.
    """
    try:
        if msgspec.json.decode(data, type=Head).format == 1:
            return msgspec.convert(upgraded(msgspec.json.decode(data)), Manifest)
        return msgspec.json.decode(data, type=Manifest)
    except msgspec.DecodeError as error:
        raise ManifestUnreadable(f"model.json: {error}") from error
    except RecursionError as error:
        raise ManifestUnreadable("model.json is nested too deeply.") from error


#: Lists and objects that hold no other ones.
LEAF = re.compile(r"[\[{]\n[^\[\]{}]*[\]}]")


def write_manifest(manifest: Manifest) -> bytes:
    """Return the bytes of a ``model.json``, laid out so that a diff can be read."""
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=1).decode()
    # A line break stands nowhere but between entries: within a text it is escaped.
    return LEAF.sub(lambda leaf: re.sub(r"\n *", " ", leaf[0]), text).encode() + b"\n"
