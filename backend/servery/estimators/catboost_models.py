"""CatBoost: it has no plan, and keeps hashes of its categories instead of the categories."""

from servery.estimators.boosters import KnownColumn, learn
from servery.estimators.native_files import NativeFileRefused, NativeFormat, register_format
from servery.estimators.registry import AllowedNames, Family, Part, register
from servery.estimators.tracking import Kind, TrackedColumns


def _track(part: Part, columns: TrackedColumns) -> TrackedColumns:
    kinds: dict[int, Kind] = dict.fromkeys(part.get_cat_feature_indices(), "words")
    kinds |= dict.fromkeys(part.get_text_feature_indices(), "text")
    count = len(part.feature_names_)
    known = [KnownColumn(kind=kinds.get(place)) for place in range(count)]
    return learn(part, columns, known, takes_objects=True)


register(
    Family(
        "catboost.core: CatBoost",
        track=_track,
        names=AllowedNames(derived=(("catboost.core", ("catboost.core._CatBoostBase",)),)),
    )
)


def _read(data: bytes) -> Part:
    """Return the estimator for a file that ``save_model`` of CatBoost wrote.

    Raises
    ------
    NativeFileRefused
        It answers neither with a class nor with a quantity.
    """
    import catboost

    model = catboost.CatBoost()
    model.load_model(None, blob=data)
    loss = str(model.get_all_params().get("loss_function", "unknown"))
    name = loss.split(":")[0]
    if name in CLASSIFIES and len(model.classes_):
        model = catboost.CatBoostClassifier(loss_function=loss)
    elif name in QUANTITIES:
        # It decides by this parameter whether the answer is the exponential of the sums.
        model = catboost.CatBoostRegressor(loss_function=loss)
    else:
        raise NativeFileRefused(f"has the loss {name!r}, which Servery does not serve")
    model.load_model(None, blob=data)
    return model


CLASSIFIES = frozenset({"Logloss", "MultiClass", "MultiClassOneVsAll"})
QUANTITIES = frozenset(
    {
        *("RMSE", "MultiRMSE", "MAE", "MAPE", "SMAPE", "R2", "MedianAbsoluteError", "MSLE"),
        *("Poisson", "Tweedie", "Huber", "LogCosh", "Lq", "Expectile"),
        *("Quantile", "LogLinQuantile"),
    }
)


def _recognises(head: bytes) -> bool:
    return head.startswith(b"CBM1")


register_format(
    "catboost",
    NativeFormat("a CatBoost model", "catboost", "catboost", ".cbm", _recognises, _read),
)
