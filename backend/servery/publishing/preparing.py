"""Finding out all that a version folder says about a fitted estimator."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pandas as pd

from servery.card import described, read_card
from servery.compiling import Compiled, compile_verified
from servery.errors import InvalidInputs, PublishingRefused
from servery.evaluation.measuring import HeldOutPredictions
from servery.evaluation.naming import listed
from servery.evaluation.truth import unknown_outcomes
from servery.inspection import Inspected, Target, inspect
from servery.libraries import library_version, library_versions
from servery.manifest import FORMAT, Golden, Manifest, Training
from servery.publishing.background import background
from servery.publishing.card_template import card_template
from servery.publishing.golden import Recorded, record
from servery.publishing.held_out import (
    Measured,
    cross_validated_predictions,
    held_out_predictions,
    measured,
    without_fold_column,
)
from servery.publishing.kept import kept_rows, require_keepable
from servery.publishing.options import PublishOptions
from servery.publishing.recalibrating import Recalibrated, recalibrated
from servery.publishing.rows import as_table, as_target, fitting_rows
from servery.publishing.vocabulary import fewest_known_words
from servery.publishing.writing import Prepared, Saved, artifacts_of, titled
from servery.signature import ClassificationOutput, Signature
from servery.tables.frames import MISSING_TEXTS
from servery.uncertainty import fit_chow_liu

#: A version has no number before it is written.
UNNUMBERED = "0"
#: So many rows are enough to fit the anomaly tree; more would only take longer.
ENOUGH_TO_LEARN = 20_000


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that a model is published with, as a notebook has them or a file gives them.

    Attributes
    ----------
    X, y
        The rows that the estimator was fitted on: they give the signature its types and ranges.
    X_test, y_test
        Rows that the fit did not see.
    """

    X: Any = None
    y: Any = None
    X_test: Any = None
    y_test: Any = None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What answers of another release confirmed: the signature, some of them, and a plan."""

    inspected: Inspected
    golden: list[Golden]
    compiled: Compiled


def prepare(
    estimator: Any,  # noqa: ANN401 - any fitted scikit-learn estimator
    rows: Rows,
    *,
    name: str,
    options: PublishOptions,
    saved: Saved,
    card: str | None = None,
    confirmed: Confirmed | None = None,
) -> Prepared:
    """Find out all that a version folder says of an estimator; nothing is written.

    Parameters
    ----------
    card
        The text of the card that is there; None where there is none yet.
    confirmed
        Of a file of another release, which this one may answer for otherwise.

    Raises
    ------
    PublishingRefused
        The card or the rows do not fit the estimator.
    """
    require_keepable(options, rows.X, has_test=rows.X_test is not None)
    X, y = as_table(rows.X), as_target(rows.y)
    taken = without_fold_column(X, options.cv, estimator)
    inspected = (
        confirmed.inspected if confirmed else inspect(estimator, taken, y, as_table(rows.X_test))
    )
    recalibration = _recalibrated(estimator, inspected, rows, y, options)
    if recalibration is not None and recalibration.estimator is not None:
        estimator = recalibration.estimator
        inspected = inspect(estimator, taken, y, as_table(rows.X_test))
    inspected = _with_missing_texts(inspected, X, rows.X_test)
    worded, groups = _fitting_card(card, inspected.signature)
    recorded = Recorded(confirmed.golden) if confirmed else record(estimator, inspected)
    anomaly = fit_chow_liu(
        inspected.signature.inputs,
        fitting_rows(inspected.signature, inspected.X, most=ENOUGH_TO_LEARN),
    )
    predictions = (
        recalibration.predictions
        if recalibration
        else _held_out(estimator, inspected, rows, y, options)
    )
    found = (
        Measured()
        if predictions is None
        else measured(predictions, worded, groups, options, anomaly)
    )
    fitting = fitting_rows(inspected.signature, inspected.X)
    compiled = (
        confirmed.compiled
        if confirmed
        else compile_verified(estimator, inspected.signature, inspected.facts, fitting)
    )
    manifest = Manifest(
        format=FORMAT,
        name=name,
        version=UNNUMBERED,
        signature=inspected.signature,
        metrics=found.metrics,
        training=Training(
            rows=None if X is None else len(X),
            fitted_on=options.fitted_on or datetime.now(UTC).date().isoformat(),
            libraries=_library_versions(saved.fitted_with),
            recorded_with=None
            if confirmed or not saved.fitted_with
            else library_version("scikit-learn"),
        ),
        runtime=compiled.facts,
        artifacts=artifacts_of(saved, compiled.facts.name, compiled.data),
        golden=recorded.golden,
        notes=[*inspected.notes, *recorded.notes, *_outcome_notes(inspected, y)],
        intervals=found.intervals,
        sets=found.sets,
        reliability=found.reliability,
        fewest_known_words=fewest_known_words(estimator, inspected, fitting),
        anomaly=anomaly,
        evaluation=found.evaluation,
        background=background(estimator, inspected, fitting),
        kept=None
        if predictions is None or not options.keep_rows
        else kept_rows(estimator, predictions, found.held, fitting, options.keep_rows),
    )
    first_card = None
    if card is None:
        title, examples = (
            options.title or titled(name),
            [] if inspected.X is None else recorded.golden,
        )
        first_card = card_template(title, inspected.signature, examples)
    recalibrated_estimator = None if recalibration is None else recalibration.estimator
    return Prepared(manifest, compiled.data, first_card, recalibrated_estimator)


def _recalibrated(
    estimator: Any,  # noqa: ANN401
    inspected: Inspected,
    rows: Rows,
    y: Target,
    options: PublishOptions,
) -> Recalibrated | None:
    if not options.recalibrate:
        return None
    predictions = _held_out(estimator, inspected, rows, y, options)
    if predictions is None:
        raise PublishingRefused(
            "Probabilities are recalibrated on rows that the fit did not see: add --test or --cv."
        )
    return recalibrated(estimator, inspected, predictions, (as_table(rows.X), y), options)


def _held_out(
    estimator: Any,  # noqa: ANN401
    inspected: Inspected,
    rows: Rows,
    y: Target,
    options: PublishOptions,
) -> HeldOutPredictions | None:
    if rows.X_test is not None:
        X_test, y_test = as_table(rows.X_test), as_target(rows.y_test)
        return held_out_predictions(estimator, inspected, X_test, y_test, options.detail)
    if options.cv is not None:
        X = as_table(rows.X)
        return cross_validated_predictions(estimator, inspected, X, y, options)
    return None


def _outcome_notes(inspected: Inspected, y: Target) -> list[str]:
    """Return a note where the target of the fit is not in the words of the model."""
    output = inspected.signature.output
    if not isinstance(y, pd.Series) or not isinstance(output, ClassificationOutput):
        return []
    unknown = unknown_outcomes(output, y)
    if not unknown:
        return []
    classes = listed([outcome.value for outcome in output.classes])
    return [
        f"The target {str(y.name)!r} of the data has {listed(unknown, most=5)}, and the classes of "
        f"the model are {classes}: it predicts the latter."
    ]


def _with_missing_texts(inspected: Inspected, *tables: Any) -> Inspected:  # noqa: ANN401
    """Note which texts meant a missing value in the files of tables, where they are from files."""
    frames = [table for table in tables if isinstance(table, pd.DataFrame)]
    texts = sorted({text for frame in frames for text in frame.attrs.get(MISSING_TEXTS, ())})
    signature = msgspec.structs.replace(inspected.signature, missing_texts=tuple(texts))
    return replace(inspected, signature=signature)


def _fitting_card(text: str | None, signature: Signature) -> tuple[Signature, list[str]]:
    """Return the signature with the words of the card that is there, and the groups it names."""
    if text is None:
        return signature, []
    card = read_card(text)
    worded = described(signature, card)
    try:
        worded.parse([example.inputs for example in card.examples])
    except InvalidInputs as error:
        faults = "; ".join(f"{fault.pointer}: {fault.detail}" for fault in error.faults)
        raise PublishingRefused(f"An example of card.toml does not fit: {faults}") from error
    return worded, card.groups


def _library_versions(fitted_with: str | None) -> dict[str, str]:
    return library_versions() | ({"scikit-learn": fitted_with} if fitted_with else {})
