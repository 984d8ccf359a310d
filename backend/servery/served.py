"""The waist: one version of a model, ready to answer.

The repository makes a `ServedModel`; predicting takes one; neither side knows the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from servery.card import Card, Example
from servery.inputs import Scalar
from servery.manifest import Manifest
from servery.manifest.measured import Metric
from servery.runtimes import Runtime
from servery.signature import RegressionOutput, Row, Signature
from servery.signature.reading import InstanceReader


@dataclass(frozen=True, slots=True)
class Outline:
    """What a list shows of a model, whether it is open or not.

    ``metric`` is the main one, and ``spread`` the histogram of the quantity in training; None and
    empty where nothing was measured.
    """

    name: str
    version: str
    title: str
    summary: str
    task: str
    picture: str | None
    metric: Metric | None = None
    spread: tuple[int, ...] = ()

    @classmethod
    def of(cls, name: str, version: str, card: Card, manifest: Manifest) -> Self:
        """Return the outline of a model by what its folder says of it."""
        title, output = card.title or name, manifest.signature.output
        metrics = manifest.metrics.values if manifest.metrics else []
        stats = output.training_stats if isinstance(output, RegressionOutput) else None
        spread = stats.histogram.counts if stats and stats.histogram else ()
        return cls(
            name=name,
            version=version,
            title=title,
            summary=card.summary,
            task=output.task,
            picture=card.picture,
            metric=metrics[0] if metrics else None,
            spread=tuple(spread),
        )


@dataclass(frozen=True, slots=True)
class ServedModel:
    """Signature, card and runtime of one version.

    Attributes
    ----------
    signature
        The manifest's signature with the card's words laid over it.
    reader
        Reads valid instances.
    folder
        The model folder, which holds the card, its pictures and the versions.
    background
        Training rows that explanations compare with.
    notes
        Sentences on what is not known of the model, or not as it was when it was fitted.
    """

    name: str
    version: str
    card: Card
    manifest: Manifest
    signature: Signature
    reader: InstanceReader
    runtime: Runtime
    folder: Path
    background: Sequence[Row] = ()
    notes: Sequence[str] = ()

    @property
    def title(self) -> str:
        """What people call the model."""
        return self.card.title or self.name

    @property
    def outline(self) -> Outline:
        """What a list shows of the model."""
        return Outline.of(self.name, self.version, self.card, self.manifest)

    @property
    def examples(self) -> list[Example]:
        """The card's examples with every input named; TOML has no word for a missing value."""
        names = self.signature.names
        return [
            Example(
                title=example.title,
                inputs={name: example.inputs.get(name) for name in names},
            )
            for example in self.card.examples
        ]

    @property
    def example(self) -> Mapping[str, Scalar | None]:
        """An instance that is answered: the first example, or else a complete recorded one."""
        if self.examples:
            return self.examples[0].inputs
        golden = self.manifest.golden
        return min(golden, key=lambda each: each.missing).inputs if golden else {}
