"""An estimator is tried with all inputs at once, with the same results as one by one."""

import msgspec
import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

from servery.inspection import inspect
from servery.inspection.probing import InputProbe, Probe, probed_inputs

ROWS = 40


def table() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    numbers = {f"n{place}": rng.normal(size=ROWS) for place in range(7)}
    whole = {f"w{place}": rng.integers(0, 9, ROWS) for place in range(3)}
    words = {f"c{place}": rng.choice(["red", "green"], ROWS) for place in range(7)}
    return pd.DataFrame({**numbers, **words, **whole})


@pytest.mark.parametrize(("imputed", "ignoring"), [(0, 3), (4, 0), (7, 7)])
def test_inputs_are_the_same_as_if_probed_alone(imputed: int, ignoring: int) -> None:
    X = table()
    numbers, words = list(X.columns[:7]), list(X.columns[7:14])
    parts = [
        (SimpleImputer(), numbers[:imputed]),
        ("passthrough", [*numbers[imputed:], *X.columns[14:]]),
        (OneHotEncoder(handle_unknown="ignore"), words[:ignoring]),
        (OrdinalEncoder(), words[ignoring:]),
    ]
    model = make_pipeline(make_column_transformer(*parts), LogisticRegression())
    model.fit(X, np.where(X["n0"] > 0, "yes", "no"))
    found = inspect(model, X)
    signature, facts = found.signature, found.facts
    inputs = [msgspec.structs.replace(item, missing_allowed=True) for item in signature.inputs]
    probe = Probe.of(model, inputs, facts, X)
    probes = [InputProbe(probe, signature.output, place, True) for place in range(len(inputs))]
    alone = [item.probed(each) for item, each in zip(inputs, probes, strict=True)]
    assert probed_inputs(probes) == alone
    assert [item.missing_allowed for item in alone[:7]] == [place < imputed for place in range(7)]
