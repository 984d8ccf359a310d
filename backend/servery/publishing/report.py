"""The report after publishing: what Servery inferred, and what would improve it."""

from collections.abc import Iterator

from servery.inputs import Input
from servery.layout import MANIFEST
from servery.manifest import Manifest, RuntimeFacts
from servery.manifest.measured import Metric
from servery.publishing.writing import Published
from servery.signature import ClassOutput, MultiOutput, Output
from servery.versions import unverified

MOST_INPUTS = 30


def report(published: Published) -> str:
    """Return the report, as lines for a terminal or a notebook."""
    return "\n".join([inferred(published), *(f"To improve: {each}" for each in _advice(published))])


def inferred(published: Published) -> str:
    """Return what was inferred from the model, without advice."""
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
            f"Note: {MANIFEST} contains {len(manifest.background)} rows of your data, as the "
            "background of explanations."
        )
    if manifest.kept is not None:
        yield (
            f"Note: {MANIFEST} contains {len(manifest.kept.rows):,} measured rows with their "
            "outcomes. Anyone who may ask the model sees those nearest to an instance."
        )


def _runtime(facts: RuntimeFacts) -> str:
    if facts.verification is None:
        return f"Served by the estimator itself: there is no compiled form of {facts.unsupported}."
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
    kind = "held-out rows" if manifest.metrics.method == "held-out" else "rows, each left out once"
    yield f"Measured on {manifest.metrics.rows:,} {kind}:"
    for metric in manifest.metrics.values:
        yield f"  {metric.label}: {metric.value:.4g} {metric.unit or ''}".rstrip() + _ends(metric)
    yield from (f"  {remark}" for remark in manifest.metrics.remarks)
    if manifest.intervals:
        stated, measured = manifest.intervals.coverage, manifest.intervals.measured
        yield f"  {stated:.0%} intervals contained {measured:.1%} of the outcomes."


def _ends(metric: Metric) -> str:
    if metric.low is None or metric.high is None:
        return ""
    return f" (95% interval {metric.low:.4g} to {metric.high:.4g})"


def _advice(published: Published) -> Iterator[str]:
    manifest, folder = published.manifest, published.folder
    if manifest.training.rows is None:
        yield "--data train.csv adds ranges, typical values and categories with counts."
    if manifest.metrics is None:
        yield (
            "--test test.csv --target NAME measures the model on held-out rows and calibrates its "
            "uncertainty; --cv 5 does so on folds of the data and refits the model for each."
        )
    if published.card_written:
        yield f"write your own texts in {folder.parent / 'card.toml'}; the page shows them."
        if manifest.training.rows is not None:
            yield "its examples are rows of your data; remove what must not be public."
