"""Days and moments from a table to the estimator: one rule for texts, moments and midnight."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

from servery import score
from servery.batch.scoring.uncertainty import NOTHING, Uncertainty
from servery.errors import PublishingRefused
from servery.inputs import DatetimeInput
from servery.inputs.base import Refusal
from servery.inputs.moment import zone_named
from servery.inspection import Inspected, inspect
from servery.manifest import Manifest
from servery.publishing.options import PublishOptions
from servery.publishing.preparing import Rows, prepare
from servery.publishing.writing import Saved
from servery.runtimes.sklearn import SklearnRuntime
from servery.signature import Signature
from servery.unanswered import columns_of

ROWS, FIT = 400, 300
RNG = np.random.default_rng(0)
MINUTES = pd.Series(pd.to_timedelta(RNG.integers(0, 60_000, ROWS), unit="min"))
MOMENTS = pd.Timestamp("2024-03-01") + MINUTES
KM = RNG.random(ROWS) * 9


@dataclass
class Served:
    signature: Signature
    runtime: SklearnRuntime
    uncertainty: Uncertainty = NOTHING
    name: str = "fares"


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
        MOMENTS.dt.strftime("%Y-%m-%dT%H:%M:%S+01:00"),
        MOMENTS.dt.strftime("%Y-%m-%d %H:%M:%SZ"),
    ],
)
def test_texts_with_a_time_zone_are_refused_by_one_sentence(when: Any) -> None:  # noqa: ANN401
    X = table(when)
    with pytest.raises(PublishingRefused, match=r"'when' has .*time zone.*tz_convert"):
        published(fitted(FunctionTransformer(parts), X), X)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "UTC", "America/New_York", "UTC+05:30"])
def test_a_time_with_an_offset_is_converted_to_the_zone_of_the_fit(
    zone: str, tmp_path: Path
) -> None:
    hours = pd.date_range("2024-10-20", periods=ROWS, freq="h", tz="UTC")
    local = hours.tz_convert(zone_named(zone))
    X = table(pd.Series(local))
    model = fitted(FunctionTransformer(parts), X)
    manifest = published(model, X)
    when = manifest.signature.inputs[0]
    assert isinstance(when, DatetimeInput)
    assert when.zone == zone
    assert manifest.metrics is not None
    assert manifest.metrics.rows == ROWS - FIT
    expected = model.predict(X).tolist()
    elsewhere = hours.tz_convert("Asia/Tokyo")
    for moments in (local, hours, elsewhere):
        sent = ({"when": t.isoformat(), "km": km} for t, km in zip(moments, KM, strict=True))
        assert answers(model, manifest, *sent) == pytest.approx(expected)
    # Each value is written so that it is read as the same moment, also in the hour that is twice.
    values = [when.parse(moment.isoformat()) for moment in hours]
    again = [when.parse(when.to_json(value)) for value in values]
    assert [(each, each.fold) for each in again] == [(each, each.fold) for each in values]
    served = Served(manifest.signature, SklearnRuntime(model, manifest.signature, manifest.runtime))
    for kind in ("csv", "parquet", "jsonl", "frame"):
        frame = X.assign(when=elsewhere)
        path = tmp_path / f"table.{kind}"
        if kind == "csv":
            frame.to_csv(path, index=False)
        elif kind == "parquet":
            frame.to_parquet(path)
        elif kind == "jsonl":
            frame.assign(when=hours.strftime("%Y-%m-%dT%H:%M:%SZ")).to_json(
                path, orient="records", lines=True, double_precision=15
            )
        told = score(cast("Any", served), frame if kind == "frame" else path)
        assert told["error"].isna().all(), told["error"].dropna().head(1).tolist()
        assert told["prediction"].tolist() == pytest.approx(expected)


def test_a_time_that_the_clock_skips_is_refused() -> None:
    when = DatetimeInput(name="when", zone="Europe/Berlin")
    with pytest.raises(Refusal, match=r"does not exist in the time zone Europe/Berlin"):
        when.parse("2024-03-31T02:30:00")
    assert when.parse("2024-03-31T01:30:00Z").isoformat() == "2024-03-31T03:30:00"
    first, second = (when.parse(f"2024-10-27T02:30:00{each}") for each in ("", "+01:00"))
    assert (first.fold, second.fold) == (0, 1)


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
