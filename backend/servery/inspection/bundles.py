"""Dictionaries and tuples of fitted parts, combined to the pipeline that they stand for.

People save ``{"model": ..., "scaler": ..., "columns": ...}`` or ``(vectorizer, classifier)`` and
apply the parts by hand. The model alone would answer, and wrongly: it was fitted on what the other
parts made. A file shows which parts there are and how many columns each takes and gives, not what
was done with them, so that somebody has to agree to the result.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from itertools import pairwise, permutations
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from sklearn.pipeline import make_pipeline

from servery.errors import PublishingRefused
from servery.inspection.class_names import with_class_names
from servery.inspection.outputs import require_predictor

Part: TypeAlias = Any
#: More parts than this are not tried in every order.
MOST_TRANSFORMERS = 4
#: Values beside the parts that cannot change an answer: versions, scores, remarks.
PLAIN = (str, bytes, int, float, bool, type(None), np.generic)


@dataclass(frozen=True, slots=True)
class Composition:
    """What the parts of a bundle make together.

    Attributes
    ----------
    estimator
        The pipeline, or the model itself where nothing stands before it.
    steps
        The place of each of its steps in the bundle, and the class of it.
    columns
        The names of its inputs, where the bundle holds them.
    left_out
        The keys of what is not part of it.
    """

    estimator: Part
    steps: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    left_out: tuple[str, ...]

    def __str__(self) -> str:
        chain = " -> ".join(f"{kind} ({key})" for key, kind in self.steps)
        on = f", on the columns {', '.join(self.columns)}" if self.columns else ""
        without = f", without {', '.join(self.left_out)}" if self.left_out else ""
        return f"{chain}{on}{without}"


@dataclass(frozen=True, slots=True)
class Predictor:
    """A fitted estimator that predicts, and the bundle that it was composed from, if it was."""

    estimator: Part
    composition: Composition | None


def predictor_of(thing: Any, *, compose: bool) -> Predictor:  # noqa: ANN401 - anything at all
    """Return what predicts: a fitted estimator, or what the parts of a bundle make together.

    Parameters
    ----------
    compose
        Whether somebody agreed to the composition of a bundle.

    Raises
    ------
    PublishingRefused
        Nothing here predicts, or it takes a yes, or it is unclear what belongs together.
    """
    bundle = _bundle(thing)
    if bundle is None:
        require_predictor(thing)
        return Predictor(thing, None)
    composition = _composed(bundle)
    if not compose:
        raise PublishingRefused(
            f"Expected one fitted estimator, found {_described(thing)}. Together they would be:\n"
            f"  {composition}\n"
            "If that is how you predict with them, add --compose (compose=True in Python). If not, "
            f"save a pipeline of your own:\n{_lines(composition)}"
        )
    require_predictor(composition.estimator)
    return Predictor(composition.estimator, composition)


def _bundle(thing: Any) -> dict[str, Any] | None:  # noqa: ANN401
    """Return the parts of a bundle as Python spells their places; None for what is none."""
    if type(thing) is dict and all(type(key) is str for key in thing):
        parts = {repr(key): value for key, value in thing.items()}
    elif type(thing) in {tuple, list}:
        parts = {str(place): value for place, value in enumerate(thing)}
    else:
        return None
    return parts if any(hasattr(part, "predict") for part in parts.values()) else None


def _composed(bundle: Mapping[str, Any]) -> Composition:
    models = [key for key, part in bundle.items() if hasattr(part, "predict")]
    if len(models) > 1:
        raise PublishingRefused(
            f"Expected one fitted estimator, found {len(models)} (parts "
            f"{', '.join(models)}). Save each in its own file."
        )
    [model] = models
    transformers = [key for key, part in bundle.items() if _transforms(part) and key != model]
    encoder = _encoder_of_target(bundle, transformers, model)
    transformers = [key for key in transformers if key != encoder]
    columns = _columns(bundle)
    others = [key for key in bundle if key not in {model, columns, encoder, *transformers}]
    _refuse_what_may_matter(bundle, others)
    order = _order(bundle, transformers, model)
    names = () if columns is None else tuple(str(name) for name in bundle[columns])
    steps = (*order, model)
    estimator = _joined([bundle[key] for key in steps], names)
    kinds = tuple((key, type(bundle[key]).__name__) for key in steps)
    if encoder is not None:
        words = [str(word) for word in bundle[encoder].classes_]
        estimator = with_class_names(estimator, words)
        kinds = (*kinds, (encoder, f"classes {', '.join(words)}"))
    return Composition(estimator, kinds, names, tuple(others))


def _encoder_of_target(
    bundle: Mapping[str, Any], transformers: Sequence[str], model: str
) -> str | None:
    """Return the key of the encoder whose words the classes of the model are numbers of."""
    encoders = [key for key in transformers if type(bundle[key]).__name__ == "LabelEncoder"]
    if len(encoders) != 1:
        return None
    numbers = np.asarray(getattr(bundle[model], "classes_", ()))
    words = getattr(bundle[encoders[0]], "classes_", ())
    is_numbered = np.issubdtype(numbers.dtype, np.integer)
    return encoders[0] if is_numbered and numbers.tolist() == list(range(len(words))) else None


def _transforms(part: Part) -> bool:
    return hasattr(part, "transform") and hasattr(part, "fit")


def _columns(bundle: Mapping[str, Any]) -> str | None:
    """Return the key of the names of the columns: the only list of texts, or the one so called."""
    found = [key for key, value in bundle.items() if _is_list_of_texts(value)]
    called = [key for key in found if any(word in key.lower() for word in ("column", "feature"))]
    if len(called) > 1 or (not called and len(found) > 1):
        raise _unclear(f"{', '.join(called or found)} are all lists of texts")
    return next(iter(called or found), None)


def _is_list_of_texts(value: Any) -> bool:  # noqa: ANN401
    is_list = isinstance(value, (list, tuple, np.ndarray, pd.Index)) and np.ndim(value) == 1
    return is_list and len(value) > 0 and all(isinstance(each, str) for each in value)


def _refuse_what_may_matter(bundle: Mapping[str, Any], others: Sequence[str]) -> None:
    """Refuse what could be a step of the prediction that no pipeline of these parts does.

    Raises
    ------
    PublishingRefused
        Says what that is, and what does the same within an estimator.
    """
    for key in others:
        value, name = bundle[key], key.lower()
        if any(word in name for word in ("threshold", "cutoff", "cut_off")):
            raise _unclear(
                f"{key} is a threshold, which sklearn.model_selection.FixedThresholdClassifier "
                "holds together with its model"
            )
        if not _is_plain(value):
            raise _unclear(f"{key} is a {type(value).__name__}, which may change the answer")


def _is_plain(value: Any, depth: int = 3) -> bool:  # noqa: ANN401
    if isinstance(value, (list, tuple)):
        return depth > 0 and all(_is_plain(each, depth - 1) for each in value)
    if isinstance(value, dict):
        return depth > 0 and all(_is_plain(each, depth - 1) for each in value.values())
    return isinstance(value, PLAIN)


def _order(bundle: Mapping[str, Any], transformers: Sequence[str], model: str) -> tuple[str, ...]:
    """Return the order in which each part takes as many columns as the one before it gives.

    Several orders fit where parts keep the number of columns. Then it is that of a bundle that
    lists them before its model, or the one that imputes first, unless these differ.
    """
    for key in transformers:
        if type(bundle[key]).__name__ in TARGETS:
            raise _unclear(
                f"{key} is a {type(bundle[key]).__name__} of the target: fit the model on the "
                "words themselves, and it answers with them"
            )
    if len(transformers) > MOST_TRANSFORMERS:
        raise _unclear(f"there are {len(transformers)} transformers")
    fitting = [
        order
        for order in permutations(transformers)
        if all(_fits(bundle[one], bundle[after]) for one, after in pairwise([*order, model]))
    ]
    if not fitting:
        raise _unclear(
            "the parts take other numbers of columns than those before them give: "
            + ", ".join(f"{key} takes {_taken(bundle[key])}" for key in (*transformers, model))
        )
    if len(fitting) == 1:
        return fitting[0]
    places = list(bundle)
    listed = [
        order for order in fitting if [*order, model] == sorted([*order, model], key=places.index)
    ]
    imputed = [order for order in fitting if _imputes_first([bundle[key] for key in order])]
    likely: set[tuple[str, ...]] = {*listed, *(imputed if len(imputed) == 1 else ())}
    if len(likely) != 1:
        raise _unclear(f"{', '.join(transformers)} could follow each other in any order")
    return likely.pop()


def _imputes_first(parts: Sequence[Part]) -> bool:
    imputes = ["Imputer" in type(part).__name__ for part in parts]
    return any(imputes) and imputes == sorted(imputes, reverse=True)


#: Transformers of the target, not of the inputs.
TARGETS = frozenset({"LabelEncoder", "LabelBinarizer", "MultiLabelBinarizer"})


def _fits(part: Part, next_: Part) -> bool:
    given, taken = _given(part), _taken(next_)
    return given is None or taken is None or given == taken


def _taken(part: Part) -> int | None:
    count = getattr(part, "n_features_in_", None)
    return int(count) if isinstance(count, (int, np.integer)) and count else None


def _given(part: Part) -> int | None:
    """Return how many columns leave a transformer; None where it does not say."""
    try:
        return len(part.get_feature_names_out())
    except Exception:  # transformers without names refuse in many ways
        return None


def _joined(parts: Sequence[Part], names: Sequence[str]) -> Part:
    """Return the pipeline of parts; the first one takes columns by these names."""
    first, *rest = parts
    if names and not hasattr(first, "feature_names_in_") and _taken(first) is not None:
        if _taken(first) != len(names):
            raise _unclear(f"there are {len(names)} names for {_taken(first)} columns")
        first = copy(first)
        with suppress(AttributeError):  # boosters keep their names elsewhere
            first.feature_names_in_ = np.array(names, dtype=object)
    elif names and list(getattr(first, "feature_names_in_", names)) != list(names):
        raise _unclear("the names of the columns are other than those of the fit")
    return make_pipeline(*map(_named, pairwise([first, *rest])), parts[-1]) if rest else first


def _named(pair: tuple[Part, Part]) -> Part:
    """Return a transformer that gives its columns the names that the next part was fitted on."""
    part, after = pair
    wanted = getattr(after, "feature_names_in_", None)
    if wanted is None or not hasattr(part, "set_output"):
        return part
    if list(part.get_feature_names_out()) == list(wanted):
        return copy(part).set_output(transform="pandas")
    return part


def _described(thing: Any) -> str:  # noqa: ANN401
    """Return what a bundle holds, as the words of a sentence."""
    items = thing.items() if isinstance(thing, dict) else enumerate(thing)
    held = ", ".join(f"{key!r}: {type(value).__name__}" for key, value in items)
    return f"a {type(thing).__name__} of {held}"


def _lines(composition: Composition) -> str:
    parts = ", ".join(f"parts[{key}]" for key, _ in composition.steps)
    return (
        "  import joblib; from sklearn.pipeline import make_pipeline\n"
        '  parts = joblib.load("the file")\n'
        f'  joblib.dump(make_pipeline({parts}), "pipeline.joblib")'
    )


def _unclear(why: str) -> PublishingRefused:
    return PublishingRefused(
        f"Expected one fitted estimator, found several parts, and {why}. Save one estimator that "
        "does all of it, and check that it answers as before:\n"
        "  import joblib; from sklearn.pipeline import make_pipeline\n"
        "  pipeline = make_pipeline(transformer, model)  # yours, in the order of your own code\n"
        '  joblib.dump(pipeline, "pipeline.joblib")'
    )
