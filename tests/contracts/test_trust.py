"""What is told beside the predictions of the shipped models is right, by independent means."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split
from xgboost import XGBRegressor

from servery.artifact import LoadPolicy, read_artifact
from servery.artifact.opening import open_estimator
from servery.explaining import Aim, counterfactuals, curve, explain
from servery.layout import model_folders
from servery.predict import ClassPrediction, QuantityPrediction, predict
from servery.publishing import publish
from servery.repository import Repository
from servery.runtimes import Coalitions
from servery.runtimes.sklearn import SklearnRuntime
from servery.served import ServedModel
from servery.signature import ClassOutput, Instances, Row
from tests.conftest import DATA, ROOT

MODELS = [folder.name for folder in model_folders(ROOT / "models")]
TABULAR = [name for name in MODELS if name != "questions"]
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the training data are not beside this checkout"
)


@pytest.fixture(scope="module")
def repository() -> Repository:
    return Repository(ROOT / "models")


def rows_of(model: ServedModel) -> list[Row]:
    asked = [each.inputs for each in model.manifest.golden[:3]] + [model.example]
    return list(model.signature.parse(asked).rows)


def reference(model: ServedModel) -> SklearnRuntime:
    """Return the fitted estimator itself."""
    folder = ROOT / "models" / model.name / model.version
    artifact = model.manifest.artifacts[0]
    opened = open_estimator(read_artifact(folder, artifact), artifact.file, LoadPolicy())
    return SklearnRuntime(opened.estimator, model.signature, model.manifest.runtime)


def coded(model: ServedModel, column: int, row: Row) -> tuple[Any, Any, Callable[[Any], Any]]:
    """Return background and row as numbers that stand for values, and the estimator on these."""
    rows = [*model.background, row]
    values = [list(dict.fromkeys(each)) for each in zip(*rows, strict=True)]
    codes = np.array(
        [[known.index(value) for known, value in zip(values, each, strict=True)] for each in rows],
        dtype=float,
    )
    runtime = reference(model)

    def answer(table: NDArray[np.float64]) -> Any:  # noqa: ANN401
        asked = [
            tuple(known[int(code)] for known, code in zip(values, codes_of_row, strict=True))
            for codes_of_row in table
        ]
        coalitions = Coalitions(
            asked, np.repeat(np.arange(len(asked))[:, None], len(values), axis=1)
        )
        return runtime.figures(coalitions)[:, column]

    return codes[:-1], codes[-1:], answer


@pytest.mark.parametrize("name", TABULAR)
def test_contributions_agree_with_an_exact_explainer_on_the_estimator_itself(
    repository: Repository, name: str
) -> None:
    import shap  # which takes seconds: no process loads it to collect tests

    model = repository.get(name)
    for row in rows_of(model)[-2:]:
        explanation = explain(model, row, budget_s=np.inf)
        output = model.signature.output
        classes = [each.value for each in getattr(output, "classes", ())]
        column = classes.index(explanation.output) if isinstance(output, ClassOutput) else 0
        background, asked, answer = coded(model, column, row)
        masker = shap.maskers.Independent(background, max_samples=len(background))
        [expected] = shap.explainers.ExactExplainer(answer, masker)(asked)
        assert explanation.method == "exact"
        scale = max(1.0, abs(explanation.prediction))
        found = [each.contribution for each in explanation.contributions]
        assert found == pytest.approx(expected.values.tolist(), abs=1e-6 * scale)
        assert explanation.base == pytest.approx(float(expected.base_values), abs=1e-6 * scale)


@pytest.mark.parametrize("name", MODELS)
def test_base_and_contributions_add_up_to_the_prediction(repository: Repository, name: str) -> None:
    model = repository.get(name)
    for row in rows_of(model):
        explanation = explain(model, row)
        [answer] = predict(model, Instances([row], [[]]))
        total = explanation.base + sum(each.contribution for each in explanation.contributions)
        told = answer.prediction
        if isinstance(answer, ClassPrediction):
            assert explanation.output == answer.prediction
            by_class = {each.class_: each.probability for each in answer.probabilities or ()}
            told = by_class[answer.prediction]
        assert total == pytest.approx(told, rel=1e-6)
        assert explanation.prediction == pytest.approx(told, rel=1e-6)


def test_base_is_close_to_the_mean_over_all_rows(repository: Repository) -> None:
    model = repository.get("income")
    explanation = explain(model, rows_of(model)[0], budget_s=np.inf)
    share = explanation.base if explanation.output == ">50K" else 1 - explanation.base
    assert share == pytest.approx(0.241, abs=0.01)


def test_words_of_a_text_stand_where_they_say(repository: Repository) -> None:
    model = repository.get("questions")
    text = (
        "Why are «naïve» people 😀 so stupid - and why don\u2019t they learn from history at all?"
    )
    explanation = explain(model, (text,), output="insincere")
    words = [each.value for each in explanation.contributions]
    assert words[:4] == ["Why", "are", "naïve", "people"]
    assert "don\u2019t" in words
    for each in explanation.contributions:
        assert isinstance(each.start, int)
        assert isinstance(each.end, int)
        assert text[each.start : each.end] == each.value
    strongest = max(explanation.contributions, key=lambda each: each.contribution)
    assert strongest.value == "stupid"


def test_a_long_text_is_explained_by_runs_of_words(repository: Repository) -> None:
    text = "why do people " * 700
    explanation = explain(repository.get("questions"), (text,), budget_s=0.2)
    assert len(explanation.contributions) == 30
    total = explanation.base + sum(each.contribution for each in explanation.contributions)
    assert total == pytest.approx(explanation.prediction, abs=1e-9)


@pytest.mark.parametrize("name", TABULAR)
def test_a_curve_is_what_the_model_answers_at_each_value(repository: Repository, name: str) -> None:
    model = repository.get(name)
    row = rows_of(model)[0]
    for place, item in enumerate(model.signature.inputs):
        drawn = curve(model, row, place)
        places = [0, len(drawn.points) // 2, -1]
        for point in (drawn.points[at] for at in places):
            moved = (*row[:place], point.value, *row[place + 1 :])
            rows = [(*each[:place], point.value, *each[place + 1 :]) for each in model.background]
            answers = predict(model, Instances([moved, *rows], [[]] * (len(rows) + 1)))
            told = [figure(model, answer, drawn.output) for answer in answers]
            assert point.prediction == pytest.approx(told[0], rel=1e-6), item.name
            assert point.average == pytest.approx(np.mean(told[1:]), rel=1e-6), item.name
        assert row[place] in [point.value for point in drawn.points] or row[place] is None


def figure(model: ServedModel, answer: Any, output: object) -> float:  # noqa: ANN401
    if isinstance(model.signature.output, ClassOutput):
        return {each.class_: each.probability for each in answer.probabilities}[output]  # type: ignore[no-any-return]
    return float(answer.prediction)


def test_what_would_turn_the_outcome_does(repository: Repository) -> None:
    model = repository.get("income")
    found = 0
    for row in [*rows_of(model), *model.background[:4]]:
        [before] = predict(model, Instances([row], [[]]))
        target = 0 if before.prediction == ">50K" else 1
        for each in counterfactuals(model, row, Aim(place=target), budget_s=np.inf):
            found += 1
            changes = {change.input: change.to for change in each.changes}
            assert not {"age", "race", "sex"} & set(changes)
            assert 1 <= len(changes) <= 3
            names = model.signature.names
            asked = [changes.get(name, value) for name, value in zip(names, row, strict=True)]
            [after] = predict(model, model.signature.parse([dict(zip(names, asked, strict=True))]))
            assert after.prediction == each.prediction != before.prediction
            assert after.warnings == [] or before.warnings
    assert found >= 3


@pytest.mark.parametrize(("low", "high"), [(6000.0, np.inf), (-np.inf, 2000.0), (3000.0, 3200.0)])
def test_a_number_is_brought_within_two_ends(
    repository: Repository, low: float, high: float
) -> None:
    model = repository.get("bikes")
    row = rows_of(model)[0]
    for each in counterfactuals(model, row, Aim(low=low, high=high)):
        assert low <= float(each.prediction) <= high


def test_what_cannot_be_reached_is_not_found(repository: Repository) -> None:
    model = repository.get("bikes")
    assert counterfactuals(model, rows_of(model)[0], Aim(low=1e9)) == []
    assert counterfactuals(model, rows_of(model)[0], Aim(low=2.0, high=1.0)) == []


@needs_data
def test_intervals_hold_nine_in_ten_unseen_days(tmp_path: Path) -> None:
    data = pd.read_csv(DATA / "bikes.csv")
    X, y = data[["temperature", "humidity", "windspeed"]], data["count"]
    held = []
    for seed in range(6):
        X_fit, X_new, y_fit, y_new = train_test_split(X, y, test_size=0.3, random_state=seed)
        model = XGBRegressor(n_estimators=60, max_depth=2, n_jobs=1).fit(X_fit, y_fit)
        publish(model, X_fit, y_fit, name=f"days{seed}", root=tmp_path, cv=5)
        served = Repository(tmp_path).get(f"days{seed}")
        answers = predict(served, served.signature.parse(X_new.to_dict("records")))
        for answer, true in zip(answers, y_new.tolist(), strict=True):
            assert isinstance(answer, QuantityPrediction)
            assert bool(answer.interval) is not bool(answer.warnings)
            if answer.interval is None:
                continue
            held.append(answer.interval.low <= true <= answer.interval.high)
    # Six splits of one table are no independent draws: three standard errors of one of them.
    assert np.mean(held) == pytest.approx(0.9, abs=3 * np.sqrt(0.09 / (len(held) / 6)))


def unseen_people(names: list[str]) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Return the people that the fit of income did not see, as a table and as instances."""
    data = pd.read_csv(DATA / "adult.csv", na_values="?")
    _, unseen = train_test_split(
        data[[*names, "income"]], test_size=0.2, random_state=0, stratify=data["income"]
    )
    inputs = unseen[names].astype(object)
    return unseen, inputs.where(inputs.notna(), None).to_dict("records")


@needs_data
def test_prediction_sets_hold_nine_in_ten_unseen_people_of_each_class(
    repository: Repository,
) -> None:
    model = repository.get("income")
    unseen, records = unseen_people(list(model.signature.names))
    answers = predict(model, model.signature.parse(records))
    for name, rows in (("<=50K", 4870), (">50K", 1556)):
        held = [
            name in answer.prediction_set.classes
            for answer, true in zip(answers, unseen["income"], strict=True)
            if true == name and isinstance(answer, ClassPrediction) and answer.prediction_set
        ]
        assert len(held) == rows
        assert np.mean(held) >= 0.9 - 3 * np.sqrt(0.09 / rows)


@needs_data
def test_about_one_in_a_hundred_unseen_people_is_unusual(repository: Repository) -> None:
    model = repository.get("income")
    _, records = unseen_people(list(model.signature.names))
    tree = model.manifest.anomaly
    assert tree is not None
    flagged = tree.anomalous(model.signature.parse(records).rows)
    assert len(flagged) / len(records) == pytest.approx(0.01, abs=0.004)


def test_ten_animals_rule_nothing_out(repository: Repository) -> None:
    model = repository.get("species")
    for answer in predict(model, Instances(rows_of(model), [[]] * 4)):
        assert isinstance(answer, ClassPrediction)
        assert answer.prediction_set
        assert set(answer.prediction_set.classes) == {"Cat", "Dog"}


def test_few_states_have_wide_intervals(repository: Repository) -> None:
    intervals = repository.get("petrol").manifest.intervals
    assert intervals is not None
    assert intervals.mean_width > 200
