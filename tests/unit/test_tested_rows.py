"""Test rows as they come: what the estimator answers is measured, the rest is counted and named."""

from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import RadiusNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from servery.errors import PublishingRefused
from servery.manifest import Manifest, read_manifest, write_manifest
from servery.publishing.options import PublishOptions
from servery.publishing.preparing import Rows, prepare
from servery.publishing.writing import Saved
from tests.conftest import output_here, run_here

FIT, ROWS = 80, 120
RNG = np.random.default_rng(0)
X = pd.DataFrame({"a": RNG.normal(size=ROWS), "b": RNG.normal(size=ROWS)})
IS_HIGH = (X.a > 0).to_numpy()
IS_RARE = np.isin(np.arange(ROWS), [90, 100])
KINDS = RNG.choice(["x", "y"], ROWS)


def measured(
    model: Any,  # noqa: ANN401 - any estimator
    X: pd.DataFrame,
    y: Any,  # noqa: ANN401 - as the fit has it
    y_test: Any = None,  # noqa: ANN401 - as the table has it
    **options: Any,  # noqa: ANN401
) -> Manifest:
    """Return what publishing finds, of a fit on the first rows that is tested on the others."""
    model.fit(X[:FIT], y[:FIT])
    tests = y if y_test is None else y_test
    rows = Rows(X[:FIT], y[:FIT], *(() if options else (X[FIT:], tests[FIT:])))
    given = PublishOptions(**options)
    saved = Saved("model.joblib", b"")
    return prepare(model, rows, name="tested", options=given, saved=saved).manifest


def series(values: Any) -> "pd.Series[Any]":  # noqa: ANN401
    return pd.Series(values, name="y")


def logistic() -> Any:  # noqa: ANN401 - a pipeline
    return make_pipeline(StandardScaler(), LogisticRegression())


@pytest.mark.parametrize(
    ("fitted", "written"),
    [
        (IS_HIGH.astype(float), IS_HIGH.astype(int)),
        (IS_HIGH, IS_HIGH.astype(int)),
        (IS_HIGH.astype(int), IS_HIGH),
        (IS_HIGH.astype(int), IS_HIGH.astype(int).astype(str)),
        (IS_HIGH, np.where(IS_HIGH, "True", "false")),
        (IS_HIGH.astype(int).astype(str), IS_HIGH.astype(float)),
        (np.where(IS_HIGH, "hi", "lo"), np.where(IS_HIGH, " hi", "lo ")),
    ],
)
def test_an_outcome_is_the_same_however_it_is_written(fitted: Any, written: Any) -> None:  # noqa: ANN401
    manifest = measured(logistic(), X, series(fitted), series(written))
    assert manifest.metrics is not None
    by_name = {metric.name: metric.value for metric in manifest.metrics.values}
    assert by_name["accuracy"] > 0.9


@pytest.mark.parametrize(
    ("fitted", "written", "found"),
    [
        (IS_HIGH.astype(int), np.where(IS_HIGH, "yes", "no"), "'yes'"),
        (np.where(IS_HIGH, "hi", "lo"), np.where(IS_RARE, "mid", "lo"), "'mid' in 2 rows"),
        (IS_HIGH.astype(int), np.where(IS_RARE, 2, 1), "2 in 2 rows"),
    ],
)
def test_a_class_that_the_fit_never_saw_is_named_with_its_rows(
    fitted: Any,  # noqa: ANN401
    written: Any,  # noqa: ANN401
    found: str,
) -> None:
    with pytest.raises(PublishingRefused, match="classes of the model") as refused:
        measured(logistic(), X, series(fitted), series(written))
    assert "Column 'y' of the test data" in str(refused.value)
    assert found in str(refused.value)


def test_blank_outcomes_are_left_out_and_counted() -> None:
    blank = series(np.where(IS_HIGH, "hi", "lo")).mask(np.arange(ROWS) >= ROWS - 5)
    metrics = measured(logistic(), X, series(np.where(IS_HIGH, "hi", "lo")), blank).metrics
    assert metrics is not None
    assert metrics.rows == ROWS - FIT - 5
    assert "Left out: 5 rows without an outcome." in metrics.detail


def test_what_is_no_number_among_quantities_is_left_out() -> None:
    y = series(X.a * 2)
    odd = y.astype(object)
    odd[ROWS - 1], odd[ROWS - 2] = "unknown", np.inf
    metrics = measured(LinearRegression(), X, y, odd).metrics
    assert metrics is not None
    assert metrics.rows == ROWS - FIT - 2
    with pytest.raises(PublishingRefused, match="the model predicts finite numbers"):
        measured(LinearRegression(), X, y, series(np.where(IS_HIGH, "hi", "lo")))


def test_the_words_of_an_encoded_target_are_refused_on_folds_and_noted_without() -> None:
    model, words = logistic().fit(X, IS_HIGH.astype(int)), series(np.where(IS_HIGH, "hi", "lo"))
    saved = Saved("model.joblib", b"")
    given = PublishOptions()
    noted = prepare(model, Rows(X, words), name="n", options=given, saved=saved).manifest
    assert "predicts the latter" in noted.notes[-1]
    with pytest.raises(PublishingRefused, match=r"the model are 0 and 1.*--classes hi,lo"):
        prepare(model, Rows(X, words), name="n", options=PublishOptions(cv=3), saved=saved)


@pytest.mark.filterwarnings("ignore:One or more samples have no neighbors")
def test_a_model_without_an_answer_to_shuffled_rows_is_measured() -> None:
    table = pd.DataFrame({"a": [0.0, 9.0] * 50, "b": [0.0, 9.0] * 50})
    rows = Rows(table[:60], series(table.a[:60]), table[60:], series(table.a[60:]))
    model = RadiusNeighborsRegressor(radius=1.0).fit(table[:60], table.a[:60])
    given, saved = PublishOptions(), Saved("model.joblib", b"")
    published = prepare(model, rows, name="n", options=given, saved=saved)
    read = read_manifest(write_manifest(published.manifest))
    assert read.evaluation is not None
    assert read.evaluation.importance is None


def test_a_model_of_one_class_is_measured() -> None:
    manifest = measured(DummyClassifier(), X, series(np.full(ROWS, "only")))
    assert manifest.metrics is not None
    assert {each.name: each.value for each in manifest.metrics.values}["accuracy"] == 1.0


def test_metrics_without_a_value_are_not_published() -> None:
    y = series(X.a * 2)
    rows = Rows(X[:FIT], y[:FIT], X[FIT : FIT + 1], y[FIT : FIT + 1])
    model = LinearRegression().fit(X[:FIT], y[:FIT])
    saved = Saved("model.joblib", b"")
    metrics = prepare(model, rows, name="n", options=PublishOptions(), saved=saved).manifest.metrics
    assert metrics is not None
    assert "r2" not in {metric.name for metric in metrics.values}


def test_what_only_test_rows_lack_is_accepted_if_the_estimator_answers_it() -> None:
    gap = X.assign(b=X.b.mask(np.arange(ROWS) == ROWS - 1))
    manifest = measured(HistGradientBoostingClassifier(max_iter=3), gap, series(IS_HIGH))
    assert manifest.metrics is not None
    assert manifest.metrics.rows == ROWS - FIT
    assert [item.missing_allowed for item in manifest.signature.inputs] == [False, True]
    assert "1 of 40 test rows lack one" in manifest.notes[-1]


def test_rows_that_the_estimator_cannot_answer_are_counted_and_named() -> None:
    gap = X.assign(b=X.b.mask(np.arange(ROWS) == ROWS - 1))
    metrics = measured(logistic(), gap, series(IS_HIGH)).metrics
    assert metrics is not None
    assert metrics.rows == ROWS - FIT - 1
    assert f"Left out of 40 rows: 1 (row {ROWS - 1}): b: Expected a value" in metrics.detail
    most = X.assign(b=X.b.mask(np.arange(ROWS) > FIT + 10))
    with pytest.raises(PublishingRefused, match=r"Most of the test data .* 29 \(rows 91, 92"):
        measured(logistic(), most, series(IS_HIGH))


@pytest.mark.parametrize(("handle_unknown", "rows"), [("ignore", 40), ("error", 39)])
def test_a_category_that_training_lacked_is_measured_if_it_is_answered(
    handle_unknown: str, rows: int
) -> None:
    kinds = KINDS.copy()
    kinds[-1] = "z"
    split = make_column_transformer(
        (OneHotEncoder(handle_unknown=handle_unknown), ["k"]), remainder="passthrough"
    )
    model = make_pipeline(split, LogisticRegression())
    metrics = measured(model, X.assign(k=kinds), series(IS_HIGH)).metrics
    assert metrics is not None
    assert metrics.rows == rows


def test_blank_and_long_texts_of_test_rows_are_measured_and_accepted() -> None:
    texts = series(np.where(IS_HIGH, "good day ", "bad night ")) + np.arange(ROWS).astype(str)
    texts[ROWS - 3], texts[ROWS - 2], texts[ROWS - 1] = "", "  ", "word " * 4000
    split = make_column_transformer((CountVectorizer(), "text"), remainder="passthrough")
    model = make_pipeline(split, LogisticRegression())
    manifest = measured(model, X.assign(text=texts), series(IS_HIGH))
    assert manifest.metrics is not None
    assert manifest.metrics.rows == ROWS - FIT
    assert manifest.runtime.name == "plan"
    rows = [{"a": 0.0, "b": 0.0, "text": text} for text in (None, "", "  ", "word " * 4000)]
    parsed = manifest.signature.parse(rows).rows
    assert [row[-1] for row in parsed[:3]] == ["", "", "  "]


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (pd.Series([True, None, False] * 40, dtype=object), "boolean"),
        (pd.Series([True, pd.NA, False] * 40, dtype="boolean"), "boolean"),
        (pd.Series([1.0, None, 3.0] * 40), "integer"),
        (pd.Series([1.0, None, 3.0] * 39 + [2.5, 1.0, 2.0]), "number"),
        (pd.Series([1e18, None, 3.0] * 40), "number"),
        (pd.Series([1, 2.5, 3] * 40, dtype=object), "number"),
    ],
)
def test_odd_columns_have_the_type_of_their_values(column: Any, kind: str) -> None:  # noqa: ANN401
    model = HistGradientBoostingClassifier(max_iter=2)
    manifest = measured(model, X.assign(odd=column), series(IS_HIGH))
    assert manifest.signature.inputs[-1].type_name == kind
    assert manifest.metrics is not None
    assert manifest.metrics.rows == ROWS - FIT


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (X.assign(id=np.arange(ROWS) + 10**18), "'id' holds whole numbers beyond"),
        (X.rename(columns={"b": ""}), "Column 2 of the fit has no name"),
    ],
)
def test_columns_that_no_request_can_hold_are_refused(table: pd.DataFrame, said: str) -> None:
    with pytest.raises(PublishingRefused, match=said):
        measured(HistGradientBoostingClassifier(max_iter=2), table, series(IS_HIGH))


@pytest.mark.parametrize(
    ("columns", "names"),
    [([0, 1], ("0", "1")), (pd.MultiIndex.from_tuples([("p", "a"), ("p", "b")]), ("p.a", "p.b"))],
)
def test_columns_that_are_not_named_by_texts_get_such_names(
    columns: Any,  # noqa: ANN401
    names: tuple[str, ...],
) -> None:
    manifest = measured(logistic(), X.set_axis(columns, axis=1), series(IS_HIGH))
    assert manifest.signature.names == names


def test_a_row_of_a_file_is_named_by_its_line(tmp_path: Path) -> None:
    table = X.assign(y=np.where(IS_HIGH, "hi", "lo"))
    table.loc[FIT + 3, "b"] = np.nan
    joblib.dump(logistic().fit(X[:FIT], table.y[:FIT]), tmp_path / "m.joblib")
    table[:FIT].to_csv(tmp_path / "fit.csv", index=False)
    table[FIT:].to_csv(tmp_path / "test.csv", index=False)
    words = ("publish", "m.joblib", "--data", "fit.csv", "--target", "y", "--test", "test.csv")
    assert "Measured on 39 held-out rows" in output_here(*words, cwd=tmp_path)
    manifest = (tmp_path / "models" / "m" / "1" / "model.json").read_text()
    assert "1 (line 5): b: Expected a value" in manifest
    odd = table[FIT:].astype({"a": object})
    odd.iloc[0, 0] = "inf"
    odd.to_csv(tmp_path / "test.csv", index=False)
    assert "Measured on 38 held-out rows" in output_here(*words, cwd=tmp_path)
    table[FIT:].assign(y="mid").to_csv(tmp_path / "test.csv", index=False)
    refused = run_here(*words, cwd=tmp_path)
    assert refused.returncode == 1
    assert "'mid' in 40 rows (lines 2, 3, 4, 5, 6 and 35 others)" in refused.stderr


def test_an_error_cell_of_a_workbook_is_no_missing_value_of_a_test(tmp_path: Path) -> None:
    table = X.assign(y=np.where(IS_HIGH, "hi", "lo"), note="n")
    joblib.dump(logistic().fit(X[:FIT], table.y[:FIT]), tmp_path / "m.joblib")
    table[:FIT].to_csv(tmp_path / "fit.csv", index=False)
    words = ("publish", "m.joblib", "--data", "fit.csv", "--target", "y", "--test", "test.xlsx")
    for column in ("b", "y", "note"):
        book = table[FIT:].astype(object)
        book.iloc[3, book.columns.get_loc(column)] = "#N/A"  # which openpyxl writes as an error
        book.to_excel(tmp_path / "test.xlsx", index=False)
        done = run_here(*words, cwd=tmp_path)
        if column == "note":
            assert "Measured on 40 held-out rows" in done.stdout
        else:
            assert done.returncode == 1
            assert f"Line 5 of test.xlsx: {column}: Expected a value" in done.stderr


def test_a_merged_cell_is_no_group_of_the_folds(tmp_path: Path) -> None:
    table = X.assign(y=np.where(IS_HIGH, "hi", "lo"), person=np.arange(ROWS) // 2, note="n")
    joblib.dump(logistic().fit(X[:FIT], table.y[:FIT]), tmp_path / "m.joblib")
    words = ("publish", "m.joblib", "--data", "fit.xlsx", "--target", "y", "--cv", "group:person")
    for merged, refused in (("E3:E4", ""), ("D2:D3", "Line 3 of fit.xlsx: person: Expected a")):
        with pd.ExcelWriter(tmp_path / "fit.xlsx", engine="openpyxl") as writer:
            table[:FIT].to_excel(writer, index=False, sheet_name="fit")
            writer.sheets["fit"].merge_cells(merged)
        done = run_here(*words, cwd=tmp_path)
        assert (done.returncode, refused in done.stderr) == (bool(refused), True)
