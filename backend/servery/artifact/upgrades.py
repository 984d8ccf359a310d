"""Estimators of older scikit-learn releases, brought to the shape that this release has.

`complete` gives a part the parameters that were added since, at their defaults, which keep what it
did. `upgrade` rewrites what a fit leaves behind. It is only used by a conversion, which compares
every answer with the release that saved the file.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np

from servery.artifact.releases import is_of_another
from servery.estimators.parts import estimators_within
from servery.estimators.registry import public_name

Upgrade: TypeAlias = Callable[[Any], None]


def complete(estimator: Any, versions: Mapping[int, str]) -> None:  # noqa: ANN401
    """Give each part of another release its missing parameters.

    Parameters
    ----------
    versions
        The version that saved each part, by the part's id.
    """
    for part, _ in _of_another(estimator, versions):
        for name, default in _defaults(type(part)).items():
            part.__dict__.setdefault(name, default)


def upgrade(estimator: Any, versions: Mapping[int, str]) -> None:  # noqa: ANN401
    """Rewrite what the fits of other releases left behind, part by part."""
    for part, _ in list(_of_another(estimator, versions)):
        rewrite = UPGRADES.get(public_name(type(part)))
        if rewrite is not None:
            rewrite(part)


def _of_another(estimator: Any, versions: Mapping[int, str]) -> Iterator[tuple[Any, str]]:  # noqa: ANN401
    for part in estimators_within(estimator):
        version = versions.get(id(part))
        if is_of_another(version) and type(part).__module__.startswith("sklearn."):
            yield part, version


def _defaults(kind: type) -> Mapping[str, Any]:
    import inspect

    parameters = inspect.signature(kind).parameters.values()
    empty = inspect.Parameter.empty
    return {each.name: each.default for each in parameters if each.default is not empty}


def _tree(part: Any) -> None:  # noqa: ANN401
    """Make shares of the counts that classifiers kept in their leaves."""
    tree = vars(part).get("tree_")
    if tree is not None:
        totals = tree.value.sum(axis=2, keepdims=True)
        tree.value[:] = tree.value / np.where(totals == 0, 1, totals)


def _tfidf(part: Any) -> None:  # noqa: ANN401
    diagonal = part.__dict__.pop("_idf_diag", None)
    if diagonal is not None:
        part.idf_ = diagonal.diagonal()


def _simple_imputer(part: Any) -> None:  # noqa: ANN401
    fitted = vars(part)
    if "statistics_" in fitted:
        fitted.setdefault("_fit_dtype", part.statistics_.dtype)
        fitted.setdefault("_fill_dtype", part._fit_dtype)


def _one_hot(part: Any) -> None:  # noqa: ANN401
    fitted = vars(part)
    fitted.setdefault("_infrequent_enabled", False)
    if "sparse" in fitted:
        part.sparse_output = fitted["sparse"]
    if "drop_idx_" in fitted:
        fitted.setdefault("_drop_idx_after_grouping", part.drop_idx_)
        if not part._infrequent_enabled:
            part._drop_idx_after_grouping = part.drop_idx_
        if "_n_features_outs" not in fitted:
            part._n_features_outs = part._compute_n_features_outs()


def _ordinal(part: Any) -> None:  # noqa: ANN401
    vars(part).setdefault("_infrequent_enabled", False)
    if "categories_" in vars(part):
        vars(part).setdefault("_missing_indices", _missing_places(part.categories_))


def _missing_places(categories: list[Any]) -> dict[int, int]:
    """Return for each column of categories where its missing value stands, which is last."""
    found = {}
    for place, values in enumerate(categories):
        last = values[-1] if len(values) else None
        if isinstance(last, float) and np.isnan(last):
            found[place] = len(values) - 1
    return found


def _column_transformer(part: Any) -> None:  # noqa: ANN401
    """Name the steps that pass columns on, as this release does."""
    from sklearn.preprocessing import FunctionTransformer

    steps = []
    for name, step, columns in vars(part).get("transformers_", ()):
        if isinstance(step, str) and step == "passthrough":
            plain = FunctionTransformer(accept_sparse=True, check_inverse=False)
            plain.feature_names_out = "one-to-one"
            plain.n_features_in_ = len(part._transformer_to_input_indices.get(name, columns))
            steps.append((name, plain, columns))
        else:
            steps.append((name, step, columns))
    if steps:
        part.transformers_ = steps


def _gradient_boosting(part: Any) -> None:  # noqa: ANN401
    """Make the loss again, which older releases kept in classes that are gone."""
    fitted = vars(part)
    for name in ("loss_", "_loss"):
        fitted.pop(name, None)
    part.loss = FORMER_LOSSES.get(part.loss, part.loss)
    if "estimators_" not in fitted:
        return
    if hasattr(part, "classes_"):
        part._n_classes = part.n_classes_ = len(part.classes_)
        part.n_trees_per_iteration_ = 1 if part._n_classes == 2 else part._n_classes
    else:
        part.n_trees_per_iteration_ = 1
    part._loss = part._get_loss(sample_weight=None)


FORMER_LOSSES = {
    "deviance": "log_loss",
    "ls": "squared_error",
    "lad": "absolute_error",
    "least_squares": "squared_error",
    "least_absolute_deviation": "absolute_error",
    "auto": "log_loss",
    "binary_crossentropy": "log_loss",
    "categorical_crossentropy": "log_loss",
}


def _histogram_boosting(part: Any) -> None:  # noqa: ANN401
    part.loss = FORMER_LOSSES.get(part.loss, part.loss)
    if "_predictors" not in vars(part):
        return
    vars(part).setdefault("_preprocessor", None)
    part._loss = part._get_loss(sample_weight=None)


def _ridge_classifier(part: Any) -> None:  # noqa: ANN401
    if "_label_binarizer" in vars(part):
        vars(part).setdefault("classes_", part._label_binarizer.classes_)


UPGRADES: Mapping[str, Upgrade] = {
    "sklearn.linear_model.RidgeClassifier": _ridge_classifier,
    "sklearn.linear_model.RidgeClassifierCV": _ridge_classifier,
    "sklearn.tree.DecisionTreeClassifier": _tree,
    "sklearn.tree.ExtraTreeClassifier": _tree,
    "sklearn.feature_extraction.text.TfidfTransformer": _tfidf,
    "sklearn.impute.SimpleImputer": _simple_imputer,
    "sklearn.preprocessing.OneHotEncoder": _one_hot,
    "sklearn.preprocessing.OrdinalEncoder": _ordinal,
    "sklearn.compose.ColumnTransformer": _column_transformer,
    "sklearn.ensemble.GradientBoostingClassifier": _gradient_boosting,
    "sklearn.ensemble.GradientBoostingRegressor": _gradient_boosting,
    "sklearn.ensemble.HistGradientBoostingClassifier": _histogram_boosting,
    "sklearn.ensemble.HistGradientBoostingRegressor": _histogram_boosting,
}
#: Modules of losses that are made again; an inert object stands for theirs while a file is read.
FORMER_MODULES = frozenset(
    {
        *("sklearn.ensemble._gb_losses", "sklearn.ensemble._hist_gradient_boosting.loss"),
        *("sklearn._loss.glm_distribution", "sklearn.linear_model._glm.link"),
    }
)
