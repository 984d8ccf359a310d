"""Models of flats: two versions of a rent, their kinds, and models that need more or less."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression

from servery.publishing import publish

ROWS, TEST_ROWS, KEPT = 400, 150, 120


def publish_flats(root: Path) -> None:
    """Publish `rent` twice, `kind`, `by-size` and `by-floor`; the first two keep test rows."""
    chance = np.random.default_rng(0)
    table = pd.DataFrame(
        {"size": chance.uniform(20, 120, ROWS).round(), "age": chance.integers(0, 90, ROWS)}
    )
    rent = 300 + 12 * table["size"] - 2 * table["age"] + chance.normal(0, 60, ROWS)
    kind = np.where(table["size"] + chance.normal(0, 12, ROWS) > 70, "large", "small")
    floor = table.assign(floor=chance.integers(0, 9, ROWS))
    _publish(root, "rent", LinearRegression(), table, rent, keep_rows=KEPT)
    forest = RandomForestRegressor(n_estimators=10, max_depth=4, random_state=0)
    _publish(root, "rent", forest, table, rent, keep_rows=KEPT)
    _publish(root, "kind", LogisticRegression(), table, kind, keep_rows=KEPT)
    _publish(root, "by-size", LinearRegression(), table[["size"]], rent)
    _publish(root, "by-floor", LinearRegression(), floor, rent)


def _publish(
    root: Path,
    name: str,
    model: Any,  # noqa: ANN401
    X: pd.DataFrame,
    y: Any,  # noqa: ANN401
    **options: Any,  # noqa: ANN401
) -> None:
    y = pd.Series(y, name="outcome")
    fitted = model.fit(X[TEST_ROWS:], y[TEST_ROWS:])
    rows = {"X_test": X[:TEST_ROWS], "y_test": y[:TEST_ROWS]}
    publish(fitted, X[TEST_ROWS:], y[TEST_ROWS:], **rows, name=name, root=root, **options)
