"""Days and moments from a table to the estimator: one rule for texts, moments and midnight."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

from servery.errors import PublishingRefused
from servery.inspection import Inspected, inspect
from servery.manifest import Manifest
from servery.publishing.options import PublishOptions
from servery.publishing.preparing import Rows, prepare
from servery.publishing.writing import Saved
from servery.runtimes.sklearn import SklearnRuntime
from servery.unanswered import columns_of

ROWS, FIT = 400, 300
RNG = np.random.default_rng(0)
MINUTES = pd.Series(pd.to_timedelta(RNG.integers(0, 60_000, ROWS), unit="min"))
MOMENTS = pd.Timestamp("2024-03-01") + MINUTES
KM = RNG.random(ROWS) * 9


def parts(X: Any) -> pd.DataFrame:  # noqa: ANN401 - a frame
    """Return the hour and the day of the week, as a model's own code makes them of texts."""
    moments = pd.to_datetime(pd.DataFrame(X).iloc[:, 0])
    return _parts(moments)


def parts_day_first(X: Any) -> pd.DataFrame:  # noqa: ANN401 - a frame
    return _parts(pd.to_datetime(pd.DataFrame(X).iloc[:, 0], format="%d/%m/%Y"))


def parts_of_moments(X: pd.DataFrame) -> pd.DataFrame:
    return _parts(X.iloc[:, 0])


def _parts(moments: "pd.Series[Any]") -> pd.DataFrame:
    return pd.DataFrame({"hour": moments.dt.hour, "day": moments.dt.day})


def squared(X: pd.DataFrame) -> pd.DataFrame:
    return X**2


def table(when: Any) -> pd.DataFrame:  # noqa: ANN401 - a column
    return pd.DataFrame({"when": when, "km": KM})


def fitted(transformer: Any, X: pd.DataFrame) -> Any:  # noqa: ANN401 - a pipeline
    split = make_column_transformer((transformer, ["when"]), remainder="passthrough")
    return make_pipeline(split, Ridge()).fit(X[:FIT], KM[:FIT] + MOMENTS.dt.hour[:FIT])


def published(model: Any, X: pd.DataFrame) -> Manifest:  # noqa: ANN401 - a pipeline
    y = pd.Series(KM + MOMENTS.dt.hour, name="fare")
    rows = Rows(X[:FIT], y[:FIT], X[FIT:], y[FIT:])
    saved = Saved("model.joblib", b"")
    return prepare(model, rows, name="fare", options=PublishOptions(), saved=saved).manifest


def answers(model: Any, found: Inspected | Manifest, *instances: dict[str, Any]) -> list[float]:  # noqa: ANN401
    """Return the served answers, which are the same row by row and as columns."""
    facts = found.runtime if isinstance(found, Manifest) else found.facts
    runtime = SklearnRuntime(model, found.signature, facts)
    rows = found.signature.parse(instances).rows
    values = runtime.predict(rows).values
    by_columns = runtime.predict_columns(columns_of(found.signature.inputs, rows)).values
    assert values is not None
    assert by_columns is not None
    assert values == by_columns.tolist()
    return list(values)


@pytest.mark.parametrize(
    ("spelling", "function", "kind"),
    [
        (None, parts, "datetime"),
        (None, parts_of_moments, "datetime"),
        ("%Y-%m-%d %H:%M:%S", parts, "datetime"),
        ("%Y-%m-%dT%H:%M", parts, "datetime"),
        ("%d/%m/%Y", parts_day_first, "date"),
    ],
)
def test_a_date_is_asked_as_the_fit_had_it(spelling: str | None, function: Any, kind: str) -> None:  # noqa: ANN401
    X = table(MOMENTS if spelling is None else MOMENTS.dt.strftime(spelling))
    model = fitted(FunctionTransformer(function), X)
    manifest = published(model, X)
    assert manifest.signature.inputs[0].type_name == kind
    assert manifest.metrics is not None
    assert manifest.metrics.rows == ROWS - FIT
    moment = MOMENTS[0].to_pydatetime()
    iso = moment.date().isoformat() if kind == "date" else moment.isoformat()
    sent = [iso] if spelling is None else [iso, moment.strftime(spelling)]
    expected = model.predict(X[:1]).tolist() * len(sent)
    served = answers(model, manifest, *({"when": each, "km": KM[0]} for each in sent))
    assert served == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("cv", "method"), [(5, "time-ordered"), ("shuffle:5", "cross-validated")])
def test_folds_follow_time_if_an_input_is_a_date(cv: Any, method: str) -> None:  # noqa: ANN401
    X, y = table(MOMENTS), pd.Series(KM + MOMENTS.dt.hour, name="fare")
    model = fitted(FunctionTransformer(parts_of_moments), X)
    options, saved = PublishOptions(cv=cv), Saved("model.joblib", b"")
    metrics = prepare(model, Rows(X, y), name="fare", options=options, saved=saved).manifest.metrics
    assert metrics is not None
    assert metrics.method == method


def test_texts_of_a_file_are_moments_to_a_model_that_takes_no_texts() -> None:
    model = fitted(FunctionTransformer(parts_of_moments), table(MOMENTS))
    texts = table(MOMENTS.dt.strftime("%Y-%m-%d %H:%M:%S"))
    manifest = published(model, texts)
    assert manifest.signature.inputs[0].type_name == "datetime"
    assert manifest.metrics is not None
    assert manifest.metrics.rows == ROWS - FIT


def test_midnight_is_a_moment_like_any_other() -> None:
    hours = pd.Series(pd.date_range("2024-03-01", periods=ROWS, freq="h"))
    days = hours.where(np.arange(ROWS) >= FIT, pd.Series(pd.date_range("2023", periods=ROWS)))
    for when in (hours, days):
        X = table(when)
        model = fitted(FunctionTransformer(parts), X)
        manifest = published(model, X)
        assert manifest.signature.inputs[0].type_name == "datetime"
        assert manifest.metrics is not None
        assert manifest.metrics.rows == ROWS - FIT
        midnight = {"when": "2024-03-01T00:00:00", "km": 1.0}
        row = pd.DataFrame({"when": [pd.Timestamp("2024-03-01")], "km": [1.0]})
        assert answers(model, manifest, midnight) == pytest.approx(model.predict(row).tolist())


@pytest.mark.parametrize(
    "when",
    [
        MOMENTS.dt.tz_localize("Europe/Berlin", nonexistent="shift_forward", ambiguous=True),
        MOMENTS.dt.strftime("%Y-%m-%dT%H:%M:%S+01:00"),
        MOMENTS.dt.strftime("%Y-%m-%d %H:%M:%SZ"),
    ],
)
def test_a_time_zone_is_refused_by_one_sentence(when: Any) -> None:  # noqa: ANN401
    X = table(when)
    with pytest.raises(PublishingRefused, match=r"'when' has .*time zone.*tz_localize"):
        published(fitted(FunctionTransformer(parts), X), X)


def test_dates_that_an_encoder_knows_are_categories() -> None:
    days = MOMENTS.dt.strftime("%d/%m/%Y")
    X = table(days)
    found = inspect(fitted(OneHotEncoder(handle_unknown="ignore"), X), X[:FIT])
    assert found.signature.inputs[0].type_name == "category"


def test_days_that_can_be_read_in_two_ways_are_no_dates() -> None:
    X = table(RNG.choice(["01/02/2024", "03/04/2024", "11/12/2024"], ROWS))
    found = inspect(fitted(FunctionTransformer(parts_day_first), X), X[:FIT])
    assert found.signature.inputs[0].type_name == "category"


def test_without_data_the_type_of_what_enters_own_code_is_asked_for() -> None:
    model = fitted(FunctionTransformer(parts), table(MOMENTS))
    with pytest.raises(
        PublishingRefused, match=r"type of 'when' is not known, .*: .*\.parts\. .*--data"
    ):
        inspect(model)


def test_a_number_is_assumed_for_own_code_that_computes_and_that_is_said() -> None:
    found = inspect(fitted(FunctionTransformer(squared), table(KM)))
    assert found.signature.inputs[0].type_name == "number"
    says = "type of 'when' is assumed to be a number, because your own code takes it: "
    assert any(says in note and note.endswith("squared.") for note in found.notes)
