"""Recorded answers: what the estimator itself says of a few rows, to hold every server to."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from servery.errors import InvalidInputs, PublishingRefused
from servery.inspection import Inspected, typical_row
from servery.manifest import Golden
from servery.publishing.rows import parsed, plain_instance, plain_row
from servery.runtimes import Outcomes
from servery.runtimes.answers import RELATIVE_TOLERANCE, alike, plain_answers
from servery.runtimes.sklearn import SklearnRuntime, ask, to_table
from servery.signature import Row, Signature

GOLDEN_ROWS = 12


def record(estimator: Any, inspected: Inspected) -> list[Golden]:  # noqa: ANN401
    """Record what the estimator itself answers, on rows spread over the training table.

    Without a table, the typical instance is asked.
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
        answers = ask(estimator, to_table(signature.inputs, rows, facts), signature.output)
    served = SklearnRuntime(estimator, signature, facts).predict(rows)
    golden = _recorded(signature, rows, answers)
    for expected, again in zip(golden, _recorded(signature, rows, served), strict=True):
        # Forests fitted with n_jobs add up their trees in whatever order the threads finish.
        if not alike(expected.prediction, again.prediction, RELATIVE_TOLERANCE):
            raise PublishingRefused(
                f"Served, the estimator answers {again.prediction!r} where it answered "
                f"{expected.prediction!r} before, for {expected.inputs}."
            )
    return golden


def _spread(signature: Signature, X: pd.DataFrame) -> pd.DataFrame:
    """Return rows from first to last that fit: what the model cannot take was not in its fit."""
    positions = np.unique(np.linspace(0, len(X) - 1, 4 * GOLDEN_ROWS).astype(int))
    fitting = []
    for position in positions:
        row = X.iloc[[position]]
        try:
            signature.parse([plain_row(signature, row.to_dict("records")[0])])
        except InvalidInputs:
            continue
        fitting.append(position)
    if not fitting:
        parsed(signature, X.iloc[:1], "No row of the data fits the model")
    chosen = np.unique(np.linspace(0, len(fitting) - 1, GOLDEN_ROWS).astype(int))
    return X.iloc[[fitting[place] for place in chosen]]


def _recorded(signature: Signature, rows: Sequence[Row], outcomes: Outcomes) -> list[Golden]:
    answers = plain_answers(signature.output, outcomes)
    return [
        Golden(inputs=plain_instance(signature, row), prediction=value, probabilities=probable)
        for row, (value, probable) in zip(rows, answers, strict=True)
    ]
