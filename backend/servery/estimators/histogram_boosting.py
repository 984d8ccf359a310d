"""Gradient boosting by histograms, as scikit-learn has it."""

from typing import Any

import numpy as np

from servery.estimators.nodes import Nodes
from servery.estimators.plans import PlannedPredictor, Unsupported, Upstream
from servery.estimators.registry import AllowedNames, Family, Part, register, table
from servery.estimators.tampering import require_fitted
from servery.estimators.tracking import MIXED, TrackedColumns, known, rounded, track, unchanged
from servery.runtimes.plan.steps.quantities import Exponential
from servery.runtimes.plan.steps.scores import Sigmoid, Softmax


def _track_bins(part: Part, columns: TrackedColumns) -> TrackedColumns:
    preprocessor = getattr(part, "_preprocessor", None)
    if preprocessor is not None:
        track(preprocessor, columns)
    else:
        for column, cuts in unchanged(columns, part._bin_mapper.bin_thresholds_):
            column.approximate_range = (float(cuts[0]), float(cuts[-1])) if len(cuts) else None
            column.typical = rounded(np.median(cuts)) if len(cuts) else None
    for tracked in known(columns):
        tracked.column.missing_allowed = True
        tracked.column.unknown_allowed = True
    return MIXED


def _histogram_boosting(part: Part, upstream: Upstream) -> PlannedPredictor:
    if part._preprocessor is not None:
        features = upstream.transformed(part._preprocessor)
    else:
        features = upstream.features
    known, place_of = part._bin_mapper.make_known_categories_bitsets()
    width = part.n_trees_per_iteration_
    nodes = Nodes()
    for stage in part._predictors:
        for column, member in enumerate(stage):
            _add_histogram_tree(nodes, member, (column, width), known, place_of)
    trees = nodes.trees(features, part._baseline_prediction)
    if hasattr(part, "classes_"):
        return (Sigmoid(trees) if width == 1 else Softmax(trees)), "probabilities"
    link = type(part._loss.link).__name__
    if link == "LogLink":
        return Exponential(trees), "value"
    if link != "IdentityLink":
        raise Unsupported(f"the link {link}")
    return trees, "value"


def _add_histogram_tree(
    nodes: Nodes,
    member: Any,  # noqa: ANN401
    output: tuple[int, int],
    known: Any,  # noqa: ANN401
    place_of: Any,  # noqa: ANN401
) -> None:
    column, width = output
    table = member.nodes
    is_leaf = table["is_leaf"].astype(bool)
    missing_left = table["missing_go_to_left"].astype(bool)
    rows = np.full(len(table), -1)
    for index in np.flatnonzero(~is_leaf & table["is_categorical"].astype(bool)):
        chosen = _bits(member.raw_left_cat_bitsets[table["bitset_idx"][index]])
        seen = _bits(known[place_of[table["feature_idx"][index]]])
        rows[index] = len(nodes.goes_left)
        nodes.goes_left.append(chosen | (~seen & missing_left[index]))
    values = np.zeros((len(table), width))
    values[:, column] = table["value"]
    nodes.add(
        table["feature_idx"],
        table["num_threshold"],
        np.where(is_leaf, -1, table["left"].astype(np.int64)),
        np.where(is_leaf, -1, table["right"].astype(np.int64)),
        missing_left,
        values,
        rows,
    )


def _bits(words: Any) -> Any:  # noqa: ANN401 - eight words of 32 bits
    return np.unpackbits(np.asarray(words, dtype="<u4").view(np.uint8), bitorder="little").astype(
        bool
    )


def _check_predictors(part: Part) -> None:
    for predictor in (each for stage in getattr(part, "_predictors", ()) for each in stage):
        nodes, sets = predictor.nodes, predictor.raw_left_cat_bitsets
        inner = nodes["is_leaf"] == 0
        place = np.arange(len(nodes))[inner]
        of_categories = inner & (nodes["is_categorical"] != 0)
        is_fit = (
            len(nodes) > 0
            and all(
                ((nodes[side][inner] > place) & (nodes[side][inner] < len(nodes))).all()
                for side in ("left", "right")
            )
            and ((nodes["feature_idx"] >= 0) & (nodes["feature_idx"] < part.n_features_in_)).all()
            and (sets.ndim, sets.shape[1:]) == (2, (8,))
            and (nodes["bitset_idx"][of_categories] < len(sets)).all()
        )
        require_fitted(is_fit, "a tree")
    if hasattr(part, "_bin_mapper"):
        is_fit = len(part._bin_mapper.is_categorical_) == part.n_features_in_
        require_fitted(is_fit, "a bin mapper")


# The base class of classifier and regressor.
register(
    Family(
        "sklearn.ensemble: BaseHistGradientBoosting",
        check=_check_predictors,
        names=AllowedNames(
            made=table("sklearn.ensemble._hist_gradient_boosting.predictor: TreePredictor")
        ),
    )
)
register(
    Family(
        "sklearn.ensemble: HistGradientBoostingClassifier HistGradientBoostingRegressor",
        track=_track_bins,
        predictor=_histogram_boosting,
    )
)
