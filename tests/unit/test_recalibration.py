"""Probabilities are fitted once more to what came true, only if that is better on unseen rows."""

from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import FixedThresholdClassifier
from sklearn.naive_bayes import GaussianNB

from servery.artifact.load_policy import LoadPolicy
from servery.artifact.sandbox import SandboxedLoad
from servery.errors import PublishingRefused
from servery.manifest import Manifest
from servery.publishing.files import publish_file
from servery.publishing.options import PublishOptions, Tables
from servery.publishing.preparing import Rows, prepare
from servery.publishing.writing import Prepared, Saved
from servery.settings import Settings

ROWS, HALF = 600, 300
draw = np.random.default_rng(0)
size = draw.normal(size=ROWS)
# Four copies of one column make naive Bayes far too sure.
X = pd.DataFrame({f"size {copy}": (size + draw.normal(size=ROWS) / 9).round(2) for copy in "abcd"})
yes = pd.Series(np.where(size + draw.normal(size=ROWS) > 0, "yes", "no"), name="answer")
third = pd.Series(pd.qcut(size + draw.normal(size=ROWS), 3, labels=["a", "b", "c"]).astype(str))


def prepared(
    model: Any,  # noqa: ANN401
    y: "pd.Series[Any]" = yes,
    *,
    has_test: bool = True,
    **options: Any,  # noqa: ANN401
) -> Prepared:
    model.fit(X[:HALF], y[:HALF])
    test = (X[HALF:], y[HALF:]) if has_test else (None, None)
    given = PublishOptions(**options)
    saved = Saved("model.joblib", b"")
    return prepare(model, Rows(X[:HALF], y[:HALF], *test), name="m", options=given, saved=saved)


def log_loss(manifest: Manifest) -> float:
    assert manifest.metrics is not None
    return next(each.value for each in manifest.metrics.values if each.name == "log_loss")


def words(manifest: Manifest) -> str:
    assert manifest.metrics is not None
    return " ".join([manifest.metrics.detail, *manifest.metrics.remarks])


def test_it_is_offered_and_done_on_held_out_rows() -> None:
    plain, better = prepared(GaussianNB()), prepared(GaussianNB(), recalibrate=True)
    assert plain.recalibrated is None
    assert "Publish with --recalibrate" in words(plain.manifest)
    assert log_loss(better.manifest) < 0.9 * log_loss(plain.manifest)
    assert "recalibrated (sigmoid)" in words(better.manifest)
    assert "--recalibrate" not in words(better.manifest)
    assert better.manifest.runtime.name == "plan"
    golden = better.manifest.golden[0]
    assert isinstance(better.recalibrated, CalibratedClassifierCV)
    shown = better.recalibrated.predict_proba(pd.DataFrame([golden.inputs]))[0]
    assert golden.probabilities == pytest.approx(shown)
    # The figures are those of calibrations that did not see the row.
    seen = better.recalibrated.predict_proba(X[HALF:])
    of_true = seen[np.arange(HALF), (yes[HALF:] == "yes").to_numpy().astype(int)]
    assert log_loss(better.manifest) > -np.log(of_true).mean()


def test_on_folds_the_calibration_of_each_class_is_fitted_within_each() -> None:
    plain, better = (
        prepared(GaussianNB(), third, has_test=False, cv=3, recalibrate=each)
        for each in (False, True)
    )
    assert log_loss(better.manifest) < log_loss(plain.manifest)
    assert "In 3 folds" in words(better.manifest)
    assert better.recalibrated.predict_proba(X).sum(axis=1) == pytest.approx(1.0)


def test_a_calibrated_model_stays_as_it_is() -> None:
    manifest = prepared(LogisticRegression(), recalibrate=True)
    assert manifest.recalibrated is None
    assert "Recalibration did not lower the log loss" in words(manifest.manifest)
    assert "--recalibrate" not in words(prepared(LogisticRegression()).manifest)


def test_a_file_is_published_with_its_recalibration(tmp_path: Path) -> None:
    joblib.dump(GaussianNB().fit(X[:HALF], yes[:HALF]), tmp_path / "bayes.joblib")
    X[:HALF].assign(answer=yes[:HALF]).to_csv(tmp_path / "train.csv", index=False)
    X[HALF:].assign(answer=yes[HALF:]).to_csv(tmp_path / "test.csv", index=False)
    data, test = (str(tmp_path / f"{name}.csv") for name in ("train", "test"))
    result = publish_file(
        tmp_path / "bayes.joblib",
        name="bayes",
        root=tmp_path / "models",
        sandbox=SandboxedLoad(LoadPolicy.from_settings(Settings.from_env())),
        options=PublishOptions(recalibrate=True),
        tables=Tables(data=data, test=test, target=("answer",)),
    )
    assert isinstance(joblib.load(result.folder / "model.joblib"), CalibratedClassifierCV)


@pytest.mark.parametrize(
    ("model", "has_test", "complaint"),
    [
        (GaussianNB(), False, "add --test or --cv"),
        (FixedThresholdClassifier(GaussianNB(), threshold=0.3), True, "a threshold"),
        (Ridge(), True, "probabilities of a classifier"),
    ],
)
def test_what_cannot_be_recalibrated_is_refused(
    model: Any,  # noqa: ANN401
    has_test: bool,
    complaint: str,
) -> None:
    y = pd.Series(size, name="size") if isinstance(model, Ridge) else yes
    with pytest.raises(PublishingRefused, match=complaint):
        prepared(model, y, has_test=has_test, recalibrate=True)
