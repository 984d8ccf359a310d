"""Models of imbalanced-learn: a sampler changes the rows of the fit, and no prediction."""

from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from servery.artifact import LoadPolicy
from servery.artifact.sandbox import SandboxedLoad
from servery.inputs import CategoryInput, NumberInput
from servery.predict import predict
from servery.publishing.files import publish_file
from servery.repository import Repository

over_sampling = pytest.importorskip("imblearn.over_sampling")
pipeline = pytest.importorskip("imblearn.pipeline")
RNG = np.random.default_rng(0)
X = pd.DataFrame({"a": RNG.normal(size=200), "k": RNG.choice(["x", "y"], 200)})
RARE = (X.a > 1).astype(int)


def sampled(sampler: Any) -> Any:  # noqa: ANN401
    columns = make_column_transformer((StandardScaler(), ["a"]), (OneHotEncoder(), ["k"]))
    return pipeline.make_pipeline(columns, sampler, LogisticRegression()).fit(X, RARE)


@pytest.mark.parametrize("name", ["SMOTE", "RandomOverSampler", "ADASYN"])
def test_a_pipeline_with_a_sampler_has_a_plan(name: str, tmp_path: Path) -> None:
    model = sampled(getattr(over_sampling, name)(random_state=0))
    joblib.dump(model, tmp_path / "model.joblib")
    library = Path(pipeline.__file__).parent
    sandbox = SandboxedLoad(LoadPolicy(allow_read=(library.parent,)))
    published = publish_file(
        tmp_path / "model.joblib", name="m", root=tmp_path / "models", sandbox=sandbox
    )
    assert published.manifest.runtime.name == "plan"
    served = Repository(tmp_path / "models").get("m")
    assert [type(item) for item in served.signature.inputs] == [NumberInput, CategoryInput]
    answers = predict(served, served.signature.parse(X.to_dict("records")))
    assert [answer.prediction for answer in answers] == model.predict(X).tolist()
