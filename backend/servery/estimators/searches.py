"""Searches and other wrappers that answer as one fitted estimator within them."""

from collections.abc import Callable, Sequence

from servery.estimators.plans import PlannedPredictor, Upstream
from servery.estimators.registry import AllowedNames, Family, Part, register, table


def _as(attribute: str) -> Callable[[Part, Upstream], PlannedPredictor]:
    """Compile what a wrapper holds, which answers in its place."""

    def compile_inner(part: Part, upstream: Upstream) -> PlannedPredictor:
        return upstream.predicted(getattr(part, attribute))

    return compile_inner


register(
    Family(
        """
        sklearn.model_selection: GridSearchCV HalvingGridSearchCV HalvingRandomSearchCV
        sklearn.model_selection: RandomizedSearchCV
        """,
        predictor=_as("best_estimator_"),
        names=AllowedNames(
            derived=(
                (
                    "sklearn.model_selection._split",
                    (
                        "sklearn.model_selection._split.BaseCrossValidator",
                        "sklearn.model_selection._split.BaseShuffleSplit",
                        "sklearn.model_selection._split._RepeatedSplits",
                    ),
                ),
            ),
            made=table(
                """
                sklearn.metrics._scorer: _CurveScorer _MultimetricScorer _PassthroughScorer _Scorer
                """
            ),
        ),
    )
)
register(Family("sklearn.linear_model: RANSACRegressor", predictor=_as("estimator_")))


def _frozen(part: Part) -> Sequence[Part]:
    return [part.estimator]


register(Family("sklearn.frozen: FrozenEstimator", inner=_frozen, predictor=_as("estimator")))
