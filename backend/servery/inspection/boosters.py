"""What gradient boosting libraries record of their columns, read without importing them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, TypeAlias

from servery.inputs import Scalar

#: What a column holds; "words" are categories that no part can list.
Kind: TypeAlias = Literal["number", "integer", "boolean", "text", "words", "datetime"]


@dataclass(frozen=True, slots=True)
class Known:
    """What a booster knows of one column: its type, its range or its categories."""

    kind: Kind | None = None
    categories: tuple[Scalar, ...] | None = None
    is_categorical: bool = False
    low: float | None = None
    high: float | None = None


def read_booster(part: Any) -> list[Known] | None:  # noqa: ANN401 - any fitted estimator
    """Return what a booster knows of each of its columns; None for anything else."""
    library = type(part).__module__.split(".")[0]
    return READERS[library](part) if library in READERS else None


def _xgboost(part: Any) -> list[Known]:  # noqa: ANN401
    booster = part.get_booster()
    types = booster.feature_types or [""] * booster.num_features()
    encoded: Sequence[dict[str, Any]] = [{}] * len(types)
    if "c" in types:
        learner = json.loads(booster.save_raw("json"))["learner"]
        encoded = learner["gradient_booster"]["model"]["cats"]["enc"] or encoded
    return [
        _xgboost_category(categories) if kind == "c" else Known(kind=XGBOOST_KINDS.get(kind))
        for kind, categories in zip(types, encoded, strict=True)
    ]


# "q" (quantitative) and "float" say no more than number.
XGBOOST_KINDS: dict[str, Kind] = {"int": "integer", "i": "boolean"}


def _xgboost_category(encoded: dict[str, Any]) -> Known:
    """Read categories: numbers as they are, texts as one buffer of bytes and where to cut it."""
    values = encoded.get("values") or []
    cuts = encoded.get("offsets")
    # XGBoost 3 counts characters where it should count bytes: outside ASCII the cuts are wrong.
    if not values or (cuts is not None and min(values) < 0):
        return Known(kind="words", is_categorical=True)
    if cuts is not None:
        values = [bytes(values[start:end]).decode() for start, end in pairwise(cuts)]
    return Known(categories=tuple(values), is_categorical=True)


def _lightgbm(part: Any) -> list[Known]:  # noqa: ANN401
    text = part.booster_.model_to_string(num_iteration=1)
    infos = text.split("feature_infos=", 1)[1].split("\n", 1)[0].split(" ")
    tables = list(part.booster_.pandas_categorical or [])
    is_categorical = [not info.startswith("[") and info != "none" for info in infos]
    # Where a column never varied its kind is lost, and with it which table belongs to which.
    if sum(is_categorical) != len(tables):
        tables = [None] * sum(is_categorical)
    return [
        _lightgbm_category(tables.pop(0)) if categorical else _lightgbm_number(info)
        for info, categorical in zip(infos, is_categorical, strict=True)
    ]


def _lightgbm_category(table: list[Scalar] | None) -> Known:
    return Known(categories=None if table is None else tuple(table), is_categorical=bool(table))


def _lightgbm_number(info: str) -> Known:
    if info == "none":
        return Known()
    low, high = (float(end) for end in info.strip("[]").split(":"))
    return Known(low=low, high=high)


def _catboost(part: Any) -> list[Known]:  # noqa: ANN401
    # CatBoost keeps hashes of its categories, not the categories.
    kinds: dict[int, Kind] = dict.fromkeys(part.get_cat_feature_indices(), "words")
    kinds |= dict.fromkeys(part.get_text_feature_indices(), "text")
    return [Known(kind=kinds.get(place)) for place in range(len(part.feature_names_))]


READERS: dict[str, Callable[[Any], list[Known]]] = {
    "xgboost": _xgboost,
    "lightgbm": _lightgbm,
    "catboost": _catboost,
}
