"""A model of a shop, and tables for it as people bring them."""

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from servery.publishing import publish

#: Where the estimator finds `days`.
TRUST = "tests.browser.shop"
HEADER = "id,age,amount,member,country,born"
ROWS = [
    "K0,34,512.5,true,NA,1980-02-29",
    "K1,61,1234.5,false,DE,1990-12-01",
    "K2,45,,true,US,1975-07-04",
]
TABLE = "\n".join([HEADER, *ROWS, ""])


def days(table: pd.DataFrame) -> pd.DataFrame:
    """Return dates as numbers."""
    return table.apply(lambda dates: (pd.to_datetime(dates) - pd.Timestamp("2000-01-01")).dt.days)


def publish_shop(root: Path) -> None:
    """Publish the model `shop`: who buys again."""
    chance, rows = np.random.default_rng(0), 400
    table = pd.DataFrame(
        {
            "age": chance.integers(18, 80, rows),
            "amount": np.where(chance.random(rows) < 0.1, np.nan, chance.gamma(2, 300, rows)),
            "member": chance.random(rows) < 0.4,
            "country": chance.choice(["NA", "US", "DE"], rows),
            "born": pd.Timestamp("1950-01-01")
            + pd.to_timedelta(chance.integers(0, 20_000, rows), "D"),
        }
    )
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    prepare = make_column_transformer(
        (numbers, ["age", "amount"]),
        ("passthrough", ["member"]),
        (OneHotEncoder(handle_unknown="ignore"), ["country"]),
        (make_pipeline(FunctionTransformer(days), StandardScaler()), ["born"]),
    )
    again = np.where(table["amount"].fillna(300) + 300 * table["member"] > 700, "yes", "no")
    model = make_pipeline(prepare, LogisticRegression()).fit(table, again)
    publish(model, table, name="shop", root=root, trust=frozenset({TRUST}))
