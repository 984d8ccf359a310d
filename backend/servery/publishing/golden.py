"""Recorded answers: what the estimator itself says of a few rows, to hold every server to."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from servery.compiling.verification import made_rows
from servery.errors import PublishingRefused
from servery.estimators.parts import labels_follow_probabilities
from servery.inspection import Inspected, typical_row
from servery.manifest import Golden
from servery.publishing.rows import fitting, parsed, plain_instance
from servery.runtimes import Outcomes
from servery.runtimes.answers import DOUBLE, SINGLE, differing, plain_answers
from servery.runtimes.columns import as_columns
from servery.runtimes.sense import answered, finite_rows, senseless
from servery.runtimes.sklearn import SklearnRuntime, ask, to_table
from servery.signature import ClassOutput, Row, Signature

GOLDEN_ROWS = 12
#: Of a table of float32, this share of rows may cross a threshold when it is asked in float64.
MOST_CROSSING = 0.25


@dataclass(frozen=True, slots=True)
class Recorded:
    """Recorded answers, and sentences on how the served ones differ."""

    golden: list[Golden]
    notes: tuple[str, ...] = ()


def record(estimator: Any, inspected: Inspected) -> Recorded:  # noqa: ANN401
    """Record what the estimator itself answers, on rows spread over the training table.

    Without a table, the typical instance is asked.

    Raises
    ------
    PublishingRefused
        The answers make no sense, or others are given when the estimator is served.
    """
    signature, facts = inspected.signature, inspected.facts
    if inspected.X is None:
        rows: Sequence[Row] = [typical_row(signature.inputs)]
        table = to_table(signature.inputs, rows, facts)
    else:
        asked = _spread(signature, inspected.X)
        rows = parsed(signature, asked, "The data do not fit the model")
        table = asked if facts.takes == "frame" else to_table(signature.inputs, rows, facts)
    try:
        answers = ask(estimator, table, signature.output)
    except (ValueError, TypeError):  # a table read from a file lacks the dtypes of the fit
        table = to_table(signature.inputs, rows, facts)
        answers = ask(estimator, table, signature.output)
    labels_follow = labels_follow_probabilities(estimator, signature.output)
    _require_sensible(signature, rows, answers, labels_follow=labels_follow)
    runtime = SklearnRuntime(estimator, signature, facts)
    _require_each_alone(runtime, signature, rows)
    served = runtime.predict(rows)
    return _compared(signature, rows, (answers, served), is_single=_is_single(table))


def _require_each_alone(runtime: SklearnRuntime, signature: Signature, rows: Sequence[Row]) -> None:
    """Refuse an estimator whose answer to a row depends on the other rows, or on chance.

    Raises
    ------
    PublishingRefused
        Names a row and both answers.
    """
    if len(rows) < GOLDEN_ROWS:
        rows = [*rows, *made_rows(signature, rows, None)[: GOLDEN_ROWS - len(rows)]]
    rows = [*rows, *_with_gaps(signature, rows)]  # imputers may draw what is missing by chance
    is_answered = answered(lambda some: as_columns(runtime.predict(some)), rows)
    rows = [row for row, has_answer in zip(rows, is_answered, strict=True) if has_answer]
    output = signature.output
    together = plain_answers(output, runtime.predict(rows))
    alone, again = (
        [plain_answers(output, runtime.predict([row]))[0] for row in rows] for _ in range(2)
    )
    differ = differing(output, together, alone, SINGLE)
    for place, (one, other) in enumerate(zip(alone, again, strict=True)):
        # Of tied classes any may be right, but always the same one.
        is_other_class = isinstance(output, ClassOutput) and one[0] != other[0]
        if is_other_class or differing(output, [one], [other], DOUBLE):
            differ.append(place)
    if differ:
        place = differ[0]
        raise PublishingRefused(
            "The model does not always give a row the same answer: its answers depend on chance "
            "or on the other rows. Use an estimator that answers each row by "
            f"itself. The row is {plain_instance(signature, rows[place])}."
        )


def _with_gaps(signature: Signature, rows: Sequence[Row]) -> list[Row]:
    """Return some of the rows without the value of one input, and a row without any."""
    places = [place for place, item in enumerate(signature.inputs) if item.missing_allowed]
    made = [
        (*row[:place], signature.inputs[place].value_of_missing, *row[place + 1 :])
        for place, row in zip(places[:GOLDEN_ROWS], itertools.cycle(rows), strict=False)
    ]
    if len(places) == len(signature.inputs):
        made.append(tuple(item.value_of_missing for item in signature.inputs))
    return made


def _require_sensible(
    signature: Signature, rows: Sequence[Row], answers: Outcomes, *, labels_follow: bool
) -> None:
    columns = as_columns(answers)
    is_finite = finite_rows(columns, len(rows))
    if not is_finite.all():
        inputs = plain_instance(signature, rows[int(np.flatnonzero(~is_finite)[0])])
        raise PublishingRefused(
            f"The model answers with a number that is not finite, for {inputs}. Refit it on rows "
            "and with transformations that give finite numbers."
        )
    fault = senseless(signature.output, columns, labels_follow=labels_follow)
    if fault is not None:
        raise PublishingRefused(
            f"The model answers {fault}. It is not served. Fit it within CalibratedClassifierCV of "
            "scikit-learn, which makes such probabilities of its answers."
        )


def _is_single(table: Any) -> bool:  # noqa: ANN401 - as the estimator takes it
    """Return whether a table holds numbers of less precision than those that are served."""
    dtypes = table.dtypes if isinstance(table, pd.DataFrame) else ()
    return any(str(dtype).lower() in {"float16", "float32"} for dtype in dtypes)


def _compared(
    signature: Signature, rows: Sequence[Row], pair: tuple[Outcomes, Outcomes], *, is_single: bool
) -> Recorded:
    """Hold the served answers to the estimator's own, and return those to record."""
    output = signature.output
    expected, served = (plain_answers(output, outcomes) for outcomes in pair)
    differ = differing(output, expected, served, SINGLE if is_single else DOUBLE)
    if len(differ) > (MOST_CROSSING * len(rows) if is_single else 0):
        place = differ[0]
        raise PublishingRefused(
            f"Served, the estimator answers {served[place][0]!r} where it answered "
            f"{expected[place][0]!r} before, for {plain_instance(signature, rows[place])}."
        )
    notes: tuple[str, ...] = ()
    if differ:
        notes = (
            f"The rows of the data are float32, and served rows are float64: {len(differ)} of "
            f"{len(rows)} compared rows get another answer. Fit on float64 to avoid this.",
        )
    golden = [
        Golden(inputs=plain_instance(signature, row), prediction=value, probabilities=probable)
        for row, (value, probable) in zip(rows, served if is_single else expected, strict=True)
    ]
    return Recorded(golden, notes)


def _spread(signature: Signature, X: pd.DataFrame) -> pd.DataFrame:
    """Return rows from first to last that fit: what the model cannot take was not in its fit."""
    positions = np.unique(np.linspace(0, len(X) - 1, 4 * GOLDEN_ROWS).astype(int))
    _, places = fitting(signature, X.iloc[positions])
    if not places:
        parsed(signature, X.iloc[:1], "No row of the data fits the model")
    chosen = np.unique(np.linspace(0, len(places) - 1, GOLDEN_ROWS).astype(int))
    return X.iloc[[positions[places[place]] for place in chosen]]
