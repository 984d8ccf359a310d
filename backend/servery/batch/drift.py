"""Whether the rows of a table are distributed as those of training were, input by input.

The population stability index (PSI) of each input is held to the values that it has by chance for
as many rows: fixed thresholds would report drift in nearly every small table.
"""

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Literal, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from servery.batch.decisions import used_threshold
from servery.batch.pipeline import Model
from servery.batch.summary import Spread, Summary
from servery.inputs import TrainingBins
from servery.manifest import Manifest
from servery.manifest.measured import Confusion, Residuals
from servery.served import ServedModel
from servery.signature import ClassOutput, RegressionOutput, Signature

Counts: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Size: TypeAlias = Literal["small", "moderate", "large"]

#: The chance that any input of a table without drift is reported.
FAMILY_WISE = 0.05
#: With fewer rows, only what everybody sees would be reported.
FEWEST_ROWS = 50
SIMULATIONS = 4_000
SEED = 0
#: Added to the rows of each bin, so that one without rows has a logarithm.
SMOOTHING = 0.5
#: From here on a drift is called moderate, and large.
MODERATE, LARGE = 0.1, 0.25
#: Ranges of predicted quantities, with equal numbers of rows at publishing.
RANGES = 10
#: Inputs without drift in a report.
MOST_STABLE = 50


class Distribution(msgspec.Struct, frozen=True, kw_only=True):
    """The values of an input in a table beside those of training.

    Attributes
    ----------
    input
        None for the predictions, beside those for unseen rows at publishing.
    psi
        The index.
    labels, training, table
        The bins, and the share of rows in each.
    """

    input: str | None
    psi: float
    labels: list[str]
    training: list[float]
    table: list[float]


class Drift(Distribution, frozen=True, kw_only=True):
    """How far the values of an input are from those of training, beyond chance.

    ``critical`` is the largest index that chance explains.
    """

    critical: float
    size: Size


class DriftReport(msgspec.Struct, frozen=True, kw_only=True):
    """The inputs that have drifted, the furthest first, of so many that were ``compared``.

    ``rows`` are those that fit the model; with fewer than ``fewest_rows``, nothing is compared.
    ``stable`` are inputs that have not drifted; of many, the first.
    """

    rows: int
    fewest_rows: int = FEWEST_ROWS
    compared: int
    drifted: list[Drift]
    stable: list[Distribution] = msgspec.field(default_factory=list)


def drift_of(summary: Summary, signature: Signature, manifest: Manifest | None) -> DriftReport:
    """Compare the inputs and predictions of a table with those of training.

    Parameters
    ----------
    manifest
        Of the model, with its predictions for unseen rows; None where it is not known.

    References
    ----------
    B. Yurdakul & J. Naranjo (2020), Journal of Risk Model Validation 14(4), 89-100: the
    distribution of the PSI without drift.
    """
    rows = summary.rows - summary.bad_rows
    pairs = [] if rows < FEWEST_ROWS else _pairs(summary, signature, manifest)
    draw = np.random.default_rng(SEED)
    found = [_compared(name, of, table, len(pairs), draw) for name, of, table in pairs]
    drifted = sorted(
        (each for each in found if isinstance(each, Drift)), key=lambda each: -each.psi
    )
    stable = [each for each in found if not isinstance(each, Drift)]
    return DriftReport(rows=rows, compared=len(pairs), drifted=drifted, stable=stable[:MOST_STABLE])


def drift_of_model(summary: Summary, model: Model) -> DriftReport:
    """Compare a table with what a model was fitted on, as far as that is known here."""
    manifest = model.manifest if isinstance(model, ServedModel) else None
    return drift_of(summary, model.signature, manifest)


def _pairs(
    summary: Summary, signature: Signature, manifest: Manifest | None
) -> list[tuple[str | None, TrainingBins, Counts]]:
    """Return the bins of each input and of the predictions, with the counts of the table."""
    pairs: list[tuple[str | None, TrainingBins, Counts]] = []
    for item in signature.inputs:
        bins = item.training_bins()
        counts = summary.inputs.get(item.name)
        if bins is not None and counts is not None and len(counts) == len(bins.counts):
            pairs.append((item.name, bins, np.asarray(counts)))
    output = signature.output
    # Another threshold gives other classes, without any drift.
    is_comparable = used_threshold(output) is None
    evaluation = manifest.evaluation if manifest is not None and is_comparable else None
    if evaluation and isinstance(output, ClassOutput) and evaluation.confusion:
        pairs.append((None, *_of_classes(evaluation.confusion, summary.classes[output.name])))
    elif evaluation and isinstance(output, RegressionOutput) and evaluation.residuals:
        pairs.append((None, *_of_quantities(evaluation.residuals, summary.quantities[output.name])))
    return pairs


def _of_classes(confusion: Confusion, found: Counter[Any]) -> tuple[TrainingBins, Counts]:
    counts = np.array(confusion.counts).sum(axis=0).tolist()
    labels = [str(value) for value in confusion.classes]
    table = np.array([found.get(value, 0) for value in confusion.classes])
    return TrainingBins(labels=labels, counts=counts), table


def _of_quantities(residuals: Residuals, spread: Spread) -> tuple[TrainingBins, Counts]:
    # Both on the grid of the spread: what lies in one of its bins is then on one side of each edge.
    seen = Spread()
    seen.add(np.array([point.predicted for point in residuals.points]))
    middles, rows = np.array(seen.histogram()).T
    known = np.repeat(middles, rows.astype(np.int64))
    edges = np.unique(np.quantile(known, np.linspace(0.0, 1.0, RANGES + 1)[1:-1]))
    counts = np.bincount(edges.searchsorted(known, side="right"), minlength=len(edges) + 1)
    middles, rows = np.array(spread.histogram()).T
    places = edges.searchsorted(middles, side="right")
    table = np.bincount(places, weights=rows, minlength=len(counts)).astype(np.int64)
    ends = ["", *(f"{edge:.4g}" for edge in edges.tolist()), ""]
    labels = [f"{low} to {high}".strip() for low, high in pairwise(ends)]
    return TrainingBins(labels=labels, counts=counts.tolist()), table


def _compared(
    name: str | None, bins: TrainingBins, table: Counts, compared: int, draw: np.random.Generator
) -> Distribution:
    """Return the values of a table beside those of training; a `Drift` if beyond chance."""
    training = np.asarray(bins.counts)
    psi = float(_psi(training[None], table[None])[0])
    shares = _shares(training[None] + table[None])[0]
    rows = int(training.sum()), int(table.sum())
    # Chance alone gives this on average; what is not above it needs no simulation.
    expected = (np.count_nonzero(training + table) - 1) * (1 / rows[0] + 1 / max(rows[1], 1))
    found = Distribution(
        input=name,
        psi=psi,
        labels=list(bins.labels),
        training=(training / rows[0]).tolist(),
        table=(table / max(rows[1], 1)).tolist(),
    )
    if psi <= expected:
        return found
    drawn = [draw.multinomial(size, shares, SIMULATIONS) for size in rows]
    critical = float(np.quantile(_psi(*drawn), 1.0 - FAMILY_WISE / compared))
    if psi <= critical:
        return found
    size: Size = "large" if psi >= LARGE else "moderate" if psi >= MODERATE else "small"
    return Drift(**msgspec.structs.asdict(found), critical=critical, size=size)


def _psi(training: Counts, table: Counts) -> Floats:
    """Return the index of each pair of rows of counts."""
    one, other = _shares(training), _shares(table)
    index: Floats = ((other - one) * np.log(other / one)).sum(axis=1)
    return index


def _shares(counts: Counts) -> Floats:
    smooth = counts + SMOOTHING
    shares: Floats = smooth / smooth.sum(axis=1, keepdims=True)
    return shares


def input_labels(signature: Signature) -> dict[str, str]:
    """Return what each input is called, by its name."""
    return {item.name: item.label or item.name for item in signature.inputs}


def drift_name(found: Distribution, labels: Mapping[str, str]) -> str:
    """Return what an input, or the predictions, are called."""
    return "The predictions" if found.input is None else labels.get(found.input, found.input)


def drift_text(drift: Drift, labels: Mapping[str, str]) -> str:
    """Say how an input has drifted: the bin that has changed most, in a sentence."""
    place = max(range(len(drift.labels)), key=lambda at: abs(drift.table[at] - drift.training[at]))
    here, there = drift.table[place], drift.training[place]
    return (
        f"{drift_name(drift, labels)}: a {drift.size} drift. {drift.labels[place]}: {here:.1%} of "
        f"the rows, {there:.1%} in training."
    )
