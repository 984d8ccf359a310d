"""Pipelines, and transformers of some columns each: what estimators are put together by."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from servery.estimators.parts import LIBRARIES
from servery.estimators.plans import PlannedPredictor, Unsupported, Upstream
from servery.estimators.registry import AllowedNames, Family, Part, register, table
from servery.estimators.tampering import require_fitted
from servery.estimators.tracking import (
    MIXED,
    Kind,
    TrackedColumn,
    TrackedColumns,
    as_many,
    known,
    track,
)
from servery.runtimes.plan.steps.columns import Concatenate, Elementwise, Select
from servery.runtimes.plan.steps.words import Words
from servery.runtimes.plan.transform import Transform

#: Attributes that hold steps.
STEPS = ("steps", "transformer_list", "transformers", "transformers_")


def _check_steps(part: Part) -> None:
    for steps in (part.__dict__.get(name) for name in STEPS):
        require_fitted(steps is None or type(steps) is list, "a list of steps")
        for step in steps or ():
            require_fitted(type(step) is tuple and len(step) >= 2, "a list of steps")
            require_fitted(_is_step(step[1]), f"a step that is a {type(step[1]).__name__}")


def _is_step(step: object) -> bool:
    """Return whether a step is an estimator, a word for none, or an object of trusted code."""
    from sklearn.base import BaseEstimator

    if step is None or isinstance(step, (str, BaseEstimator)):
        return True
    if all(hasattr(type(step), name) for name in ("fit", "get_params")):  # CatBoost has its own
        return True
    library = type(step).__module__.split(".")[0]
    return library not in {
        *LIBRARIES,
        *("builtins", "collections", "functools", "numpy", "pandas"),
    }


def _first_step(part: Part) -> Sequence[Part]:
    steps = (step for _, step in part.steps)
    return [next(step for step in steps if step is not None and not isinstance(step, str))]


def _last_step(part: Part) -> Part:
    return part.steps[-1][1]


def _track_pipeline(part: Part, columns: TrackedColumns) -> TrackedColumns:
    for _, step in part.steps:
        columns = columns if step is None else track(step, columns)
    return columns


def _transform_steps(part: Part, upstream: Upstream) -> Transform:
    for _, step in part.steps:
        upstream = upstream.after(step)
    return upstream.features


def _predictor_steps(part: Part, upstream: Upstream) -> PlannedPredictor:
    for _, step in part.steps[:-1]:
        upstream = upstream.after(step)
    return upstream.predicted(_last_step(part))


PIPELINE = Family(
    "sklearn.pipeline: Pipeline",
    inner=_first_step,
    answering=_last_step,
    track=_track_pipeline,
    transform=_transform_steps,
    predictor=_predictor_steps,
    check=_check_steps,
)
register(PIPELINE)


def _track_column_transformer(part: Part, columns: TrackedColumns) -> TrackedColumns:
    selectors = {name: chosen for name, _, chosen in part.transformers}
    left: list[TrackedColumn | None] = []
    for name, transformer, _ in part.transformers_:
        chosen = [columns[place] for place in part._transformer_to_input_indices[name]]
        kind = _kind_selected(selectors.get(name))
        for tracked in known(chosen) if kind else ():
            tracked.column.kind = kind or tracked.column.kind
        made = part.output_indices_[name]
        followed = track(transformer, chosen) if chosen else []
        left.extend(as_many(followed, made.stop - made.start))
    return left


#: Types of columns, and what a `make_column_selector` calls them.
SELECTED: dict[Kind, set[str]] = {
    "boolean": {"bool", "bool_", "boolean"},
    "integer": {"int", "int64", "int32", "integer"},
    "datetime": {"datetime", "datetime64", "datetime64[ns]"},
}


def _kind_selected(selector: object) -> Kind | None:
    """Return the type by which a `make_column_selector` chose its columns, if it is conclusive."""
    include = getattr(selector, "dtype_include", None)
    if include is None or getattr(selector, "dtype_exclude", None) is not None:
        return None
    names = {str(getattr(each, "__name__", each)) for each in np.atleast_1d(np.array(include, "O"))}
    return next((kind for kind, telling in SELECTED.items() if names <= telling), None)


def _transform_columns(part: Part, upstream: Upstream) -> Transform:
    parts = []
    for name, transformer, _ in part.transformers_:
        indices = part._transformer_to_input_indices[name]
        if len(indices) and not (isinstance(transformer, str) and transformer == "drop"):
            made = _columns(part, indices, upstream).transformed(transformer)
            parts.append(_weighted(made, part.transformer_weights, name))
    return parts[0] if len(parts) == 1 else Concatenate(parts)


def _weighted(made: Transform, weights: Mapping[str, float] | None, name: str) -> Transform:
    """Return features times the weight that their name has, if it has one."""
    weight = float((weights or {}).get(name, 1.0))
    if weight == 1.0:
        return made
    if isinstance(made, Words):
        if made.norm is not None:
            raise Unsupported("weights of texts that are normalized")
        idf = np.ones(made.width) if made.idf is None else made.idf
        return replace(made, idf=idf * weight)
    return Elementwise(made, [[["multiply", weight]]] * made.width)


def _columns(part: Part, indices: Sequence[int], upstream: Upstream) -> Upstream:
    """Return some of what goes into a column transformer, by its own order of columns."""
    fitted = getattr(part, "feature_names_in_", None)
    if isinstance(upstream.taken, Transform):
        chosen: list[int] | Transform = Select(upstream.taken, [int(index) for index in indices])
    elif fitted is None:
        chosen = [upstream.taken[index] for index in indices]
    else:
        chosen = [upstream.names.index(str(fitted[index])) for index in indices]
    return replace(upstream, taken=chosen)


register(
    Family(
        "sklearn.compose: ColumnTransformer",
        takes_all=False,
        track=_track_column_transformer,
        transform=_transform_columns,
        check=_check_steps,
        names=AllowedNames(
            made=table(
                "sklearn.compose._column_transformer: _RemainderColsList make_column_selector"
            )
        ),
    )
)


def _parts_of_union(part: Part) -> list[Any]:
    return [each for _, each in part.transformer_list]


def _track_union(part: Part, columns: TrackedColumns) -> TrackedColumns:
    made = [track(each, columns) for each in _parts_of_union(part)]
    return MIXED if MIXED in made else [left for each in made for left in each]


def _transform_union(part: Part, upstream: Upstream) -> Transform:
    return Concatenate(
        [
            _weighted(upstream.transformed(each), part.transformer_weights, name)
            for name, each in part.transformer_list
            if not isinstance(each, str) or each != "drop"
        ]
    )


register(
    Family(
        "sklearn.pipeline: FeatureUnion",
        inner=_parts_of_union,
        track=_track_union,
        transform=_transform_union,
        check=_check_steps,
    )
)
