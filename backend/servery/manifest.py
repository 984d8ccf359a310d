"""What ``model.json`` holds: the facts of one version, written by publishing, read by serving."""

from typing import Literal, TypeAlias

import msgspec

from servery.errors import ManifestUnreadable
from servery.signature import Scalar, Signature

FORMAT = 1

#: How rows reach the estimator: a DataFrame with names, an array without, or a list of texts.
Takes: TypeAlias = Literal["frame", "array", "texts"]


class Facts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Root of everything in a manifest: an unknown field is refused, never dropped."""


class Metric(Facts, frozen=True, kw_only=True):
    """One measured figure; ``meaning`` is one sentence that a non-specialist understands."""

    name: str
    label: str
    value: float
    unit: str | None = None
    meaning: str = ""


class Rate(Facts, frozen=True, kw_only=True):
    """One share, 0 to 1, within a group of rows."""

    name: str
    label: str
    value: float


class GroupRow(Facts, frozen=True, kw_only=True):
    """The rates among the ``rows`` where the group's input has this ``value``."""

    value: Scalar
    rows: int
    rates: list[Rate]


class Group(Facts, frozen=True, kw_only=True):
    """Error rates by the values of one input."""

    input: str
    rows: list[GroupRow]


class Metrics(Facts, frozen=True, kw_only=True):
    """What was measured on rows that the fit did not see.

    Attributes
    ----------
    method, detail
        How the rows were kept unseen, as a word and as a sentence.
    rows
        How many rows the figures stand on.
    """

    method: Literal["held-out", "cross-validated", "leave-one-out"]
    detail: str
    rows: int
    values: list[Metric]
    groups: list[Group] = []


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


class Proof(Facts, frozen=True, kw_only=True):
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
    proof
        Of the compiled form, where one is served.
    declined
        What has no plan: the end of a sentence.
    """

    name: Literal["sklearn", "plan", "onnx"] = "sklearn"
    takes: Takes = "frame"
    categorical: list[str] = []
    proof: Proof | None = None
    declined: str | None = None


class Manifest(Facts, frozen=True, kw_only=True):
    """One version of a model, whole; ``notes`` say what could not be known at publishing."""

    format: int
    name: str
    version: str
    signature: Signature
    metrics: Metrics | None
    training: Training
    runtime: RuntimeFacts
    artifacts: list[Artifact]
    golden: list[Golden]
    notes: list[str] = []

    def __post_init__(self) -> None:
        """Refuse a format of another time, and file names that lead elsewhere."""
        if self.format != FORMAT:
            raise ValueError(f"expected format {FORMAT}, found {self.format}")
        for artifact in self.artifacts:
            if "/" in artifact.file or "\\" in artifact.file or artifact.file.startswith("."):
                raise ValueError(f"expected a plain file name, found {artifact.file!r}")
        if not self.artifacts or (self.runtime.name != "sklearn" and len(self.artifacts) < 2):
            raise ValueError("expected the estimator's artifact, and behind it the compiled form")

    @property
    def estimator(self) -> Artifact:
        """The file that holds the fitted estimator."""
        return self.artifacts[0]

    @property
    def compiled(self) -> Artifact:
        """The file that holds its compiled form, where that is served."""
        return self.artifacts[1]


def read_manifest(data: bytes) -> Manifest:
    """Read the bytes of a ``model.json``.

    Raises
    ------
    ManifestUnreadable
        Says which entry is wrong.
    """
    try:
        return msgspec.json.decode(data, type=Manifest)
    except msgspec.DecodeError as error:
        raise ManifestUnreadable(f"model.json: {error}") from error


def write_manifest(manifest: Manifest) -> bytes:
    """Return the bytes of a ``model.json``, indented so that a diff can be read."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
