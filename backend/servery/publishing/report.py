"""What a person is told after publishing: what was inferred, and what would make it better."""

from collections.abc import Iterator

from servery.inputs import Input
from servery.layout import MANIFEST
from servery.manifest import Manifest, RuntimeFacts
from servery.publishing.writing import Published
from servery.signature import ClassOutput, MultiOutput, Output
from servery.versions import unverified

MOST_INPUTS = 30


def report(published: Published) -> str:
    """Say what was published, in lines for a terminal or a notebook."""
    return "\n".join([inferred(published), *(f"To improve: {each}" for each in _advice(published))])


def inferred(published: Published) -> str:
    """Say what was read out of the model, without advice."""
    manifest = published.manifest
    lines = [
        f"{manifest.name} version {manifest.version}, read from the model"
        + (f" and {manifest.training.rows:,} rows:" if manifest.training.rows else ":"),
        *_inputs(manifest),
        f"  -> {_output(manifest.signature.output)}",
        *_metrics(manifest),
        _runtime(manifest.runtime),
        *(f"Note: {note}" for note in (*manifest.notes, *unverified(manifest.training))),
        *_kept(manifest),
    ]
    return "\n".join(lines)


def _kept(manifest: Manifest) -> Iterator[str]:
    if manifest.background:
        yield (
            f"Note: {MANIFEST} keeps {len(manifest.background)} rows of the data, for explanations "
            "to compare with."
        )


def _runtime(facts: RuntimeFacts) -> str:
    if facts.verification is None:
        return f"Served by scikit-learn: no compiled form of {facts.unsupported}."
    return (
        f"Served compiled ({facts.name}): the same answers on {facts.verification.rows:,} rows "
        f"(largest relative difference {facts.verification.largest_difference:.1g})."
    )


def _inputs(manifest: Manifest) -> Iterator[str]:
    inputs = manifest.signature.inputs
    width = min(32, max(len(item.name) for item in inputs[:MOST_INPUTS]))
    for item in inputs[:MOST_INPUTS]:
        yield f"  {item.name:{width}}  {_input(item)}"
    if len(inputs) > MOST_INPUTS:
        yield f"  and {len(inputs) - MOST_INPUTS} others"


def _input(item: Input) -> str:
    words = [item.type_name, item.summary(), "may be missing" if item.missing_allowed else None]
    return ", ".join(filter(None, words))


def _output(output: Output) -> str:
    if isinstance(output, MultiOutput):
        return "; ".join(_output(part) for part in output.outputs)
    if not isinstance(output, ClassOutput):
        return f"{output.name}: a number"
    shown = ", ".join(str(outcome.value) for outcome in output.classes[:6])
    more = " and others" if len(output.classes) > 6 else ""
    sure = "with probabilities" if output.probabilities else "without probabilities"
    return f"{output.name}: {shown}{more} ({output.task}, {sure})"


def _metrics(manifest: Manifest) -> Iterator[str]:
    if manifest.metrics is None:
        return
    yield f"Measured on {manifest.metrics.rows:,} unseen rows:"
    for metric in manifest.metrics.values:
        yield f"  {metric.label}: {metric.value:.4g} {metric.unit or ''}".rstrip()
    if manifest.intervals:
        held = manifest.intervals
        yield f"  Intervals for {held.coverage:.0%} held {held.measured:.1%} of the outcomes."


def _advice(published: Published) -> Iterator[str]:
    manifest, folder = published.manifest, published.folder
    if manifest.training.rows is None:
        yield "--data train.csv tells ranges, typical values and categories with their counts."
    if manifest.metrics is None:
        yield (
            "--test test.csv --target NAME measures the model on rows that it never saw, and how "
            "sure its answers are; --cv 5 does so on folds of the data, fitting it anew for each."
        )
    if published.card_written:
        yield f"{folder.parent / 'card.toml'} has the words of the page; write your own."
        if manifest.training.rows is not None:
            yield "The examples in it are rows of your data: take out what nobody may see."
