"""Measure which estimators of older scikit-learn releases load faithfully here.

Each class of scikit-learn is fitted and saved by each release, in an environment of its own, with
its answers to rows of its own. The files are then opened by Servery's reader under the installed
scikit-learn and asked again. A class loads faithfully from a release if every file of it opens and
gives the same answers: equal labels, and numbers within 1e-6.

    .venv/bin/python bin/measure_releases.py FOLDER

FOLDER keeps the environments and files. The result is backend/servery/artifact/releases.toml.
"""

import argparse
import json
import os
import subprocess
import warnings
from pathlib import Path
from typing import Any

SAVED_WITH = ("1.0.2", "1.1.3", "1.2.2", "1.3.2", "1.4.2", "1.5.2", "1.6.1", "1.7.2", "1.8.0")
METHODS = ("predict", "predict_proba", "decision_function", "transform", "score_samples")
ROWS = 90


# --- in the environment of a release: what follows runs on Python 3.8 ----------------------------


def save_all(folder: Any) -> Any:
    """Fit and save every case of the installed release, with its answers."""
    import joblib

    for name, make, fit, questions in cases():
        if (folder / f"{name}.json").exists():
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                estimator = make()
                fit(estimator)
                answers = {key: ask(estimator, asked) for key, asked in questions.items()}
        except Exception as error:  # a class or a parameter that this release does not have
            print(f"{name}: not measured ({type(error).__name__}: {str(error)[:80]})")
            continue
        joblib.dump(estimator, folder / f"{name}.joblib")
        facts = {"class": described(estimator), "questions": plain(questions), "answers": answers}
        (folder / f"{name}.json").write_text(json.dumps(facts))


def full_name(estimator: Any) -> Any:
    """Return the public name of a class: sklearn.svm.SVC."""
    kind = type(estimator)
    public = []
    for part in kind.__module__.split("."):
        if part.startswith("_"):
            break
        public.append(part)
    return ".".join([*public, kind.__name__])


def described(estimator: Any) -> Any:
    """Return the name of a class, with a setting whose files are told from others."""
    name = full_name(estimator)
    rest = getattr(estimator, "multi_class", None) in {"ovr", "multinomial"}
    is_one_by_one = getattr(estimator, "solver", None) == "liblinear"
    if "LogisticRegression" in name and (rest or (is_one_by_one and len(estimator.classes_) > 2)):
        return name + "[multi_class]"
    return name


def ask(estimator: Any, question: Any) -> Any:
    """Return what each method answers; None where it refuses."""
    answers = {}
    for method in METHODS:
        if not hasattr(estimator, method):
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                answers[method] = listed(getattr(estimator, method)(question))
        except Exception:
            answers[method] = None
    return answers


def listed(answer: Any) -> Any:
    """Return an answer as nested lists."""
    import numpy as np

    if isinstance(answer, list):
        return [listed(each) for each in answer]
    if hasattr(answer, "toarray"):
        answer = answer.toarray()
    return np.asarray(answer).tolist()


def plain(questions: Any) -> Any:
    """Return questions as JSON has them: frames as columns, the rest as lists."""
    import pandas as pd

    found = {}
    for key, asked in questions.items():
        is_frame = isinstance(asked, pd.DataFrame)
        cells = asked.astype(object).where(asked.notna(), None) if is_frame else asked
        found[key] = {
            "columns": list(asked.columns) if is_frame else None,
            "rows": cells.to_numpy().tolist() if is_frame else list(map(listed_row, asked)),
        }
    return found


def listed_row(row: Any) -> Any:
    """Return a row of an array as a list; a text is itself."""
    return row if isinstance(row, str) else row.tolist()


def table(rows: Any = ROWS, seed: Any = 0) -> Any:
    """Return numbers with names, a target of three classes and one of numbers."""
    import numpy as np
    import pandas as pd

    chance = np.random.RandomState(seed)
    X = pd.DataFrame(chance.gamma(2.0, size=(rows, 4)), columns=list("abcd"))
    score = X.a - X.b + 0.3 * chance.normal(size=rows)
    classes = np.where(score > 0.8, "high", np.where(score < -0.8, "low", "middle"))
    return X, classes, (2 * X.a + X.c + chance.gamma(1.0, size=rows)).to_numpy()


def texts(rows: Any = ROWS) -> Any:
    """Return short texts, and whether each is good."""
    good, bad = (
        ["good film", "very good", "fine film", "so well done"],
        ["bad film", "poor", "so bad"],
    )
    both = [good[place % 4] if place % 2 else bad[place % 3] for place in range(rows)]
    return both, [place % 2 for place in range(rows)]


def mixed(rows: Any = ROWS) -> Any:
    """Return numbers and categories, some of them missing."""
    import numpy as np

    X, classes, y = table(rows)
    chance = np.random.RandomState(3)
    X = X[["a", "b"]].assign(
        k=chance.choice(["x", "y", "z"], rows), m=chance.choice(["p", "q"], rows)
    )
    X.loc[::7, "a"] = np.nan
    X.loc[3::9, "k"] = np.nan
    return X, classes, y


def cases() -> Any:
    """Go through the cases: a name, how to make and fit it, and what to ask."""
    yield from of_every_class()
    yield from of_texts()
    yield from of_categories()
    yield from with_parameters()
    yield from composed()


#: Classes that take other things than a table of numbers, or answer nothing for new rows.
ELSEWHERE = {
    *("CountVectorizer", "HashingVectorizer", "TfidfVectorizer", "DictVectorizer", "FeatureHasher"),
    *("OneHotEncoder", "OrdinalEncoder", "TargetEncoder", "LabelEncoder", "LabelBinarizer"),
    *("MultiLabelBinarizer", "PatchExtractor", "ColumnTransformer", "Pipeline", "FeatureUnion"),
    *("SparseCoder", "FunctionTransformer", "IsotonicRegression", "AdditiveChi2Sampler"),
}
#: What classes that wrap others are given.
WRAPPED: Any = {
    "estimator": "model",
    "base_estimator": "model",
    "estimators": "named models",
    "param_grid": "grid",
    "param_distributions": "grid",
}


def of_every_class() -> Any:
    """Go through every class of the release, with its defaults."""
    from sklearn.experimental import enable_halving_search_cv, enable_iterative_imputer  # noqa: F401
    from sklearn.utils import all_estimators

    X, classes, y = table()
    new, _, _ = table(40, seed=1)
    holes = new.copy()
    holes.iloc[::3, 0] = float("nan")
    questions = {"rows": new, "holes": holes, "one": new.iloc[:1]}
    for name, kind in all_estimators():
        if name in ELSEWHERE:
            continue
        for target_name, target in targets_of(kind, classes, y):
            make = lambda kind=kind, target=target_name: made(kind, target)  # noqa: E731
            yield (
                f"{name}-{target_name}",
                make,
                lambda estimator, X=X, target=target: estimator.fit(X, target),
                questions,
            )


def targets_of(kind: Any, classes: Any, y: Any) -> Any:
    """Return the targets that a class may be fitted on, by name."""
    import numpy as np

    two = np.column_stack([y, y[::-1]])
    labels = np.column_stack([classes == "high", classes == "low"]).astype(int)
    is_classifier = (
        getattr(kind, "_estimator_type", None) == "classifier" or "Classifi" in kind.__name__
    )
    found = [("classes", classes), ("binary", (classes == "high").astype(int))]
    if not is_classifier:
        found = [("numbers", y), ("classes", classes)]
    found += [("labels", labels)] if is_classifier else [("two", two)]
    return found


def made(kind: Any, target: Any) -> Any:
    """Make an estimator: small, seeded, and around a linear model where it wraps one."""
    import inspect

    from sklearn.linear_model import LinearRegression, LogisticRegression

    known = inspect.signature(kind).parameters
    model = LinearRegression() if target in {"numbers", "two"} else LogisticRegression()
    given = {"n_components": 2} if "RandomProjection" in kind.__name__ else {}
    for name, small in SMALL.items():
        if name in known:
            given[name] = small
    for name, what in WRAPPED.items():
        if name in known and (known[name].default is inspect.Parameter.empty or what == "grid"):
            given[name] = {
                "model": model,
                "named models": [("one", model), ("two", model)],
                "grid": {"fit_intercept": [True, False]},
            }[what]
    return kind(**given)


SMALL = {"random_state": 0, "n_estimators": 5, "max_iter": 60, "k": 2}


def of_texts() -> Any:
    """Go through the classes that take texts."""
    from sklearn.feature_extraction import text
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    read, good = texts()
    questions = {"texts": ["good bad film", "unknown words", "", *read[:5]]}
    for name, parameters in (
        ("CountVectorizer", {}),
        ("CountVectorizer", {"ngram_range": (1, 2), "stop_words": "english"}),
        ("HashingVectorizer", {"n_features": 64}),
        ("TfidfVectorizer", {}),
        ("TfidfVectorizer", {"analyzer": "char_wb", "ngram_range": (2, 3), "sublinear_tf": True}),
        ("TfidfVectorizer", {"use_idf": False}),
    ):
        make = lambda name=name, given=parameters: getattr(text, name)(**given)  # noqa: E731
        yield f"{name}-{len(str(parameters))}", make, lambda each: each.fit(read, good), questions
    counts = text.CountVectorizer().fit_transform(read).toarray()
    weigh = lambda: text.TfidfTransformer()  # noqa: E731
    yield "TfidfTransformer-counts", weigh, lambda each: each.fit(counts), {"rows": counts[:9]}
    counted = lambda: make_pipeline(text.CountVectorizer(), LogisticRegression())  # noqa: E731
    yield "Pipeline-texts", counted, lambda each: each.fit(read, good), questions


def of_categories() -> Any:
    """Go through the encoders, with missing and unknown values."""
    from sklearn import preprocessing

    X, _, y = mixed()
    known = X[["k", "m"]].fillna("none")
    odd = known.head(20).copy()
    odd.iloc[::4, 0] = "never seen"
    gaps = X[["k", "m"]]
    for name, parameters in (
        ("OneHotEncoder", {}),
        ("OneHotEncoder", {"handle_unknown": "ignore"}),
        ("OneHotEncoder", {"drop": "first"}),
        ("OneHotEncoder", {"handle_unknown": "infrequent_if_exist", "min_frequency": 40}),
        ("OrdinalEncoder", {}),
        ("OrdinalEncoder", {"handle_unknown": "use_encoded_value", "unknown_value": -1}),
        ("TargetEncoder", {}),
    ):
        for held, fitted in (("known", known), ("gaps", gaps)):
            make = lambda name=name, given=parameters: getattr(preprocessing, name)(**given)  # noqa: E731
            questions = {"known": known.head(20), "odd": odd, "gaps": gaps.head(20)}
            yield (
                f"{name}-{len(str(parameters))}-{held}",
                make,
                lambda each, fitted=fitted: each.fit(fitted, y),
                questions,
            )


def with_parameters() -> Any:
    """Go through settings that change what a class holds."""
    import numpy as np
    from sklearn import ensemble, isotonic, linear_model, neighbors, preprocessing, svm, tree
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.impute import KNNImputer, SimpleImputer

    X, classes, y = table()
    new, _, _ = table(40, seed=1)
    holes = X.copy()
    holes.iloc[::5, 1] = np.nan
    asked = {"rows": new, "holes": holes.head(20)}
    tables = {"X": X, "holes": holes, "holes0": holes.fillna(0)}
    for name, kind, parameters, fitted, target in (
        ("LogisticRegression", linear_model, {"penalty": "l1", "solver": "saga"}, "X", classes),
        ("LogisticRegression", linear_model, {"solver": "liblinear"}, "X", classes == "high"),
        ("LogisticRegression", linear_model, {"solver": "liblinear"}, "holes0", classes),
        ("LogisticRegression", linear_model, {"multi_class": "ovr"}, "X", classes),
        (
            "LogisticRegression",
            linear_model,
            {"multi_class": "multinomial"},
            "X",
            classes == "high",
        ),
        ("LogisticRegressionCV", linear_model, {"multi_class": "ovr"}, "X", classes),
        ("SGDClassifier", linear_model, {"loss": "modified_huber"}, "X", classes),
        ("SVC", svm, {"probability": True, "random_state": 0}, "X", classes),
        ("SVC", svm, {"kernel": "linear"}, "X", classes),
        ("NuSVC", svm, {"probability": True, "random_state": 0, "nu": 0.1}, "X", classes),
        ("DecisionTreeClassifier", tree, {"max_depth": 3}, "X", classes),
        ("DecisionTreeClassifier", tree, {"class_weight": "balanced"}, "X", classes),
        ("DecisionTreeRegressor", tree, {"criterion": "absolute_error"}, "X", y),
        ("RandomForestClassifier", ensemble, {"n_estimators": 5, "oob_score": True}, "X", classes),
        ("GradientBoostingClassifier", ensemble, {"n_estimators": 5}, "X", classes == "high"),
        ("GradientBoostingRegressor", ensemble, {"n_estimators": 5, "loss": "huber"}, "X", y),
        ("GradientBoostingRegressor", ensemble, {"n_estimators": 5, "loss": "quantile"}, "X", y),
        ("HistGradientBoostingClassifier", ensemble, {"max_iter": 5}, "holes", classes),
        ("HistGradientBoostingRegressor", ensemble, {"max_iter": 5, "loss": "poisson"}, "holes", y),
        ("AdaBoostRegressor", ensemble, {"n_estimators": 5, "loss": "square"}, "X", y),
        ("KNeighborsClassifier", neighbors, {"weights": "distance"}, "X", classes),
        ("KNeighborsClassifier", neighbors, {"algorithm": "ball_tree"}, "X", classes),
        ("KNeighborsRegressor", neighbors, {"algorithm": "brute", "metric": "cosine"}, "X", y),
        ("SimpleImputer", None, {"strategy": "median"}, "holes", None),
        ("SimpleImputer", None, {"strategy": "constant", "fill_value": -1}, "holes", None),
        ("SimpleImputer", None, {"add_indicator": True}, "holes", None),
        ("KNNImputer", None, {"n_neighbors": 2}, "holes", None),
        ("QuantileTransformer", preprocessing, {"n_quantiles": 20}, "X", None),
        ("KBinsDiscretizer", preprocessing, {"n_bins": 3, "strategy": "quantile"}, "X", None),
        ("KBinsDiscretizer", preprocessing, {"encode": "ordinal"}, "X", None),
        ("SplineTransformer", preprocessing, {"n_knots": 4}, "X", None),
        ("PolynomialFeatures", preprocessing, {"degree": 3, "interaction_only": True}, "X", None),
        ("PowerTransformer", preprocessing, {"method": "box-cox"}, "X", None),
        ("FunctionTransformer", preprocessing, {"func": np.log1p}, "X", None),
        ("FunctionTransformer", preprocessing, {}, "X", None),
        ("CalibratedClassifierCV", None, {"method": "isotonic", "cv": 3}, "X", classes),
        ("IsotonicRegression", isotonic, {"out_of_bounds": "clip"}, "column", y),
    ):
        others = {
            "SimpleImputer": SimpleImputer,
            "KNNImputer": KNNImputer,
            "CalibratedClassifierCV": CalibratedClassifierCV,
        }
        build = others[name] if kind is None else getattr(kind, name)
        make = lambda build=build, given=parameters: build(**given)  # noqa: E731
        rows = X[["a"]] if fitted == "column" else tables[fitted]
        yield (
            f"{name}-{abs(hash_of(str(sorted(parameters))))}-{fitted}-parameters",
            make,
            lambda each, rows=rows, target=target: each.fit(rows, target),
            {"rows": new[["a"]]} if fitted == "column" else asked,
        )


def hash_of(text: Any) -> Any:
    """Return a number for a text that is the same in each process."""
    import zlib

    return zlib.crc32(text.encode())


def composed() -> Any:
    """Go through estimators that hold others by column."""
    from sklearn import pipeline, preprocessing
    from sklearn.compose import ColumnTransformer

    X, classes, _ = mixed()
    scale, encode = preprocessing.StandardScaler, preprocessing.OneHotEncoder
    numbers, words = ["a", "b"], ["k", "m"]
    filled = X.fillna({"a": 0.0, "k": "none"})
    for rest in ("drop", "passthrough"):
        make = lambda rest=rest: ColumnTransformer(  # noqa: E731
            [("numbers", scale(), ["a"]), ("words", encode(handle_unknown="ignore"), words)],
            remainder=rest,
        )
        yield (
            f"ColumnTransformer-{rest}",
            make,
            lambda each: each.fit(filled, classes),
            {"rows": filled.head(20)},
        )
    union = lambda: pipeline.make_union(scale(), preprocessing.MinMaxScaler())  # noqa: E731
    yield (
        "FeatureUnion",
        union,
        lambda each: each.fit(filled[numbers]),
        {"rows": filled[numbers].head(20)},
    )


# --- here ----------------------------------------------------------------------------------------


def python_of(version: Any, root: Any) -> Any:
    """Return the Python of an environment with a release, which is made where it is missing."""
    from servery.publishing.environments import make_environment

    folder = root / version
    if not (folder / "bin" / "python").exists():
        make_environment(version, folder)
    return folder / "bin" / "python"


def outcome(path: Any, converts: Any = False) -> Any:
    """Return what became of a file here: ``same``, ``differs``, or why it does not open."""
    import numpy as np
    import pandas as pd

    from servery.artifact import LoadPolicy
    from servery.artifact.opening import open_estimator
    from servery.errors import ArtifactRejected
    from servery.estimators.parts import estimators_within
    from servery.estimators.registry import public_name

    facts = json.loads(path.with_suffix(".json").read_text())
    try:
        estimator = open_estimator(
            path.read_bytes(), path.name, LoadPolicy(converts=converts)
        ).estimator
    except ArtifactRejected as error:
        return facts["class"], (), str(error)
    held = {public_name(type(each)) for each in estimators_within(estimator)}
    for key, question in facts["questions"].items():
        rows = question["rows"]
        if question["columns"] is not None:
            asked = pd.DataFrame(rows, columns=question["columns"]).infer_objects()
            asked = asked.fillna(np.nan).infer_objects()
        else:
            asked = rows
        found = ask(estimator, asked)
        for method, expected in facts["answers"][key].items():
            if expected is not None and not alike(expected, found.get(method)):
                return facts["class"], held, f"{method} differs"
    return facts["class"], held, "same"


def alike(expected: Any, found: Any) -> Any:
    """Return whether answers are equal, numbers within 1e-6."""
    import math

    if isinstance(expected, list) and isinstance(found, list):
        pairs = zip(expected, found)
        return len(expected) == len(found) and all(alike(*pair) for pair in pairs)
    if isinstance(expected, float) and isinstance(found, (int, float)):
        close = math.isclose(expected, found, rel_tol=1e-6, abs_tol=1e-9)
        return close or (math.isnan(expected) and math.isnan(found))
    return expected == found


def measure(root: Any) -> Any:
    """Return the releases from which each class loads faithfully, by class."""
    results: dict[str, dict[str, list[tuple[str, str]]]] = {}
    held_by: dict[str, dict[str, Any]] = {}
    for version in SAVED_WITH:
        files = root / f"files-{version}"
        if not (files / "complete").exists():  # what was interrupted goes on where it ended
            python = python_of(version, root)
            files.mkdir(exist_ok=True)
            command = [python, __file__, "--save", files]
            subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": ""})  # noqa: S603
            (files / "complete").touch()
        release = ".".join(version.split(".")[:2])
        for path in sorted(files.glob("*.joblib")):
            name, held, said = outcome(path)
            results.setdefault(name, {}).setdefault(release, []).append((path.stem, said))
            for part in held:
                held_by.setdefault(part, {}).setdefault(release, set()).add((path.stem, said))
    # What is never saved by itself is faithful if an estimator that holds it is.
    for part, by_release in held_by.items():
        if part not in results:
            results[part] = {
                release: [each for each in found if each[1] == "same"]
                for release, found in by_release.items()
                if any(said == "same" for _, said in found)
            }
    return results


def write(results: Any, path: Any) -> Any:
    """Write the table."""
    import sklearn

    ours = ".".join(sklearn.__version__.split(".")[:2])
    lines = [
        "# From which releases of scikit-learn each estimator loads faithfully.",
        "#",
        "# Written by bin/measure_releases.py, whose head says how it is measured: each class is",
        "# saved by each release, opened here, and asked the same rows again.",
        "",
        f"saved_with = {json.dumps(list(SAVED_WITH))}",
        "",
        f'[opened_with."{ours}"]',
    ]
    for name in sorted(results):
        faithful = [
            release
            for release, found in results[name].items()
            if all(said == "same" for _, said in found)
        ]
        if faithful:
            lines.append(f"{json.dumps(name)} = {json.dumps(faithful)}")
    path.write_text("\n".join(lines) + "\n")


def main() -> None:
    """Measure, or save in the environment of a release."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--save", action="store_true")
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    if asked.save:
        save_all(asked.folder)
        return
    results = measure(asked.folder.resolve())
    for name, by_release in sorted(results.items()):
        for release, found in by_release.items():
            for case, said in found:
                if said != "same":
                    print(f"{release} {name} ({case}): {said}")
    write(results, Path(__file__).parents[1] / "backend/servery/artifact/releases.toml")


if __name__ == "__main__":
    main()
