"""Measuring a model on rows that its fit did not see."""

from typing import Any

import pandas as pd

from servery.errors import PublishingRefused
from servery.evaluation import measure
from servery.inspection import Inspected, Target
from servery.manifest import Metrics
from servery.publishing.rows import parsed
from servery.runtimes.sklearn import ask, to_table


def held_out(
    estimator: Any,  # noqa: ANN401
    inspected: Inspected,
    X_test: pd.DataFrame | None,
    y_test: Target,
) -> Metrics:
    """Measure a model on rows that its fit did not see, asked as the server will ask them.

    Raises
    ------
    PublishingRefused
        The rows do not fit the model, have no outcome, or are the rows of the fit.
    """
    if X_test is None or y_test is None:
        raise PublishingRefused("Test rows need their true outcomes: name the target.")
    signature = inspected.signature
    truth = y_test.to_frame() if isinstance(y_test, pd.Series) else y_test
    lacking = [name for name in signature.names if name not in X_test.columns]
    if lacking:
        raise PublishingRefused(f"The test data lack the column {lacking[0]!r}.")
    seen = _share_seen(inspected.X, X_test[list(signature.names)])
    if seen > MOST_SEEN:
        raise PublishingRefused(
            f"{seen:.0%} of the test rows are also in the training data: what is measured on them "
            "says nothing about new rows. Give rows that the fit did not see."
        )
    X_test = _dated(inspected.X, X_test)
    known = truth.notna().all(axis=1).to_numpy()
    X_test, truth = X_test[known], truth[known]
    rows = parsed(signature, X_test, "The test data do not fit the model")
    table = to_table(signature.inputs, rows, inspected.facts)
    outcomes = ask(estimator, table, signature.output)
    detail = f"Measured on {len(rows):,} rows that the fit did not see, given when publishing."
    if seen:
        detail += f" {seen:.1%} of them have the same inputs as a training row."
    return Metrics(
        method="held-out",
        detail=detail,
        rows=len(rows),
        values=measure(signature.output, truth, outcomes),
    )


def _dated(X: pd.DataFrame | None, X_test: pd.DataFrame) -> pd.DataFrame:
    """Return test rows with dates where the training rows have them."""
    if X is None:
        return X_test
    dated = [name for name in X.columns if pd.api.types.is_datetime64_any_dtype(X[name])]
    return X_test.assign(**{name: pd.to_datetime(X_test[name]) for name in dated})


#: Beyond this share of rows that were in the training data, "unseen" would be a lie.
MOST_SEEN = 0.5


def _share_seen(X: pd.DataFrame | None, X_test: pd.DataFrame) -> float:
    if X is None or X_test.empty:
        return 0.0
    seen = set(pd.util.hash_pandas_object(X.astype(str), index=False))
    return float(pd.util.hash_pandas_object(X_test.astype(str), index=False).isin(seen).mean())
