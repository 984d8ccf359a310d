"""CatBoost: it has no plan, and keeps hashes of its categories instead of the categories."""

from servery.estimators.boosters import KnownColumn, learn
from servery.estimators.registry import AllowedNames, Family, Part, register
from servery.estimators.tracking import Kind, TrackedColumns


def _track(part: Part, columns: TrackedColumns) -> TrackedColumns:
    kinds: dict[int, Kind] = dict.fromkeys(part.get_cat_feature_indices(), "words")
    kinds |= dict.fromkeys(part.get_text_feature_indices(), "text")
    count = len(part.feature_names_)
    return learn(part, columns, [KnownColumn(kind=kinds.get(place)) for place in range(count)])


register(
    Family(
        "catboost.core: CatBoost",
        track=_track,
        names=AllowedNames(derived=(("catboost.core", ("catboost.core._CatBoostBase",)),)),
    )
)
