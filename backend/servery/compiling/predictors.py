"""Fitted estimators as steps: what tells scores or quantities from features."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import TransformedTargetRegressor
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import VotingClassifier, VotingRegressor
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import (
    ARDRegression,
    BayesianRidge,
    ElasticNet,
    ElasticNetCV,
    GammaRegressor,
    HuberRegressor,
    Lars,
    LarsCV,
    Lasso,
    LassoCV,
    LassoLars,
    LassoLarsCV,
    LassoLarsIC,
    LinearRegression,
    LogisticRegression,
    LogisticRegressionCV,
    OrthogonalMatchingPursuit,
    OrthogonalMatchingPursuitCV,
    PassiveAggressiveClassifier,
    PassiveAggressiveRegressor,
    Perceptron,
    PoissonRegressor,
    QuantileRegressor,
    RANSACRegressor,
    Ridge,
    RidgeClassifier,
    RidgeClassifierCV,
    RidgeCV,
    SGDClassifier,
    SGDRegressor,
    TheilSenRegressor,
    TweedieRegressor,
)
from sklearn.model_selection import (
    FixedThresholdClassifier,
    GridSearchCV,
    RandomizedSearchCV,
    TunedThresholdClassifierCV,
)
from sklearn.model_selection._search_successive_halving import (
    HalvingGridSearchCV,
    HalvingRandomSearchCV,
)
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import LinearSVC, LinearSVR

from servery.compiling.declined import Declined
from servery.compiling.forests import FORESTS
from servery.compiling.transforms import Entering, Source, as_features, compile_transform
from servery.runtimes.plan import Gives
from servery.runtimes.plan.features import Above
from servery.runtimes.plan.predictors import (
    Average,
    Both,
    Calibrated,
    Clipped,
    Constant,
    Curve,
    Exponential,
    FromScores,
    Gaussian,
    Linear,
    OneByOne,
    Predictor,
    Rescaled,
    Sigmoid,
    Softmax,
)

Compiled: TypeAlias = "tuple[Predictor, Gives]"


def compile_predictor(part: Any, entering: Entering, source: Source) -> Compiled:  # noqa: ANN401
    """Compile a fitted estimator on what enters it.

    Raises
    ------
    Declined
        No step does what it does.
    """
    compile_one = COMPILERS.get(f"{type(part).__module__.split('.')[0]}.{type(part).__name__}")
    if compile_one is None:
        raise Declined(type(part).__name__)
    return compile_one(part, entering, source)


def _pipeline(part: Pipeline, entering: Entering, source: Source) -> Compiled:
    for _, step in part.steps[:-1]:
        entering = compile_transform(step, entering, source)
    return compile_predictor(part.steps[-1][1], entering, source)


def _inner(name: str) -> "Compile":
    """Compile what a wrapper holds, which answers in its stead."""

    def compile_inner(part: Any, entering: Entering, source: Source) -> Compiled:  # noqa: ANN401
        return compile_predictor(getattr(part, name), entering, source)

    return compile_inner


def _threshold(part: Any, entering: Entering, source: Source) -> Compiled:  # noqa: ANN401
    if part.response_method == "decision_function":
        raise Declined("a threshold on the decision function")
    return compile_predictor(getattr(part, "estimator_", part.estimator), entering, source)


def _sums(part: Any, entering: Entering, source: Source) -> Linear:  # noqa: ANN401
    """Return the weighted sums of a linear model, one for each row of its coefficients."""
    features = as_features(entering, source)
    weights = np.atleast_2d(np.asarray(_dense(part.coef_), dtype=float)).T
    intercept = np.broadcast_to(np.ravel(np.asarray(part.intercept_, float)), weights.shape[1])
    return Linear(features, np.ascontiguousarray(weights), intercept.tolist())


def _dense(array: Any) -> Any:  # noqa: ANN401 - an array, or a sparse one
    return array.toarray() if hasattr(array, "toarray") else array


def _linear_regressor(part: Any, entering: Entering, source: Source) -> Compiled:  # noqa: ANN401
    return _sums(part, entering, source), "value"


def _generalized(part: Any, entering: Entering, source: Source) -> Compiled:  # noqa: ANN401
    link = type(part._base_loss.link).__name__
    if link == "IdentityLink":
        return _sums(part, entering, source), "value"
    if link != "LogLink":
        raise Declined(f"the link {link}")
    return Exponential(_sums(part, entering, source)), "value"


def _logistic(part: Any, entering: Entering, source: Source) -> Compiled:  # noqa: ANN401
    sums = _sums(part, entering, source)
    return (Sigmoid(sums) if len(part.classes_) == 2 else Softmax(sums)), "probabilities"


def _scores(part: Any, entering: Entering, source: Source) -> Compiled:  # noqa: ANN401
    sums = _sums(part, entering, source)
    return (Both(sums) if len(part.classes_) == 2 else sums), "scores"


def _sgd(part: SGDClassifier, entering: Entering, source: Source) -> Compiled:
    if part.loss == "log_loss":
        sums = _sums(part, entering, source)
        return (Sigmoid(sums) if len(part.classes_) == 2 else OneByOne(sums)), "probabilities"
    if part.loss == "modified_huber":
        return Clipped(_sums(part, entering, source)), "probabilities"
    return _scores(part, entering, source)


def _gaussian(part: GaussianNB, entering: Entering, source: Source) -> Compiled:
    likelihoods = Gaussian(
        as_features(entering, source),
        np.log(part.class_prior_).tolist(),
        part.theta_,
        part.var_,
    )
    return Softmax(likelihoods, by_logs=True), "probabilities"


def _multinomial(part: MultinomialNB, entering: Entering, source: Source) -> Compiled:
    weights = np.ascontiguousarray(part.feature_log_prob_.T)
    sums = Linear(as_features(entering, source), weights, part.class_log_prior_.tolist())
    return Softmax(sums, by_logs=True), "probabilities"


def _complement(part: ComplementNB, entering: Entering, source: Source) -> Compiled:
    if len(part.classes_) == 1:
        raise Declined("a ComplementNB of one class")
    weights = np.ascontiguousarray(part.feature_log_prob_.T)
    sums = Linear(as_features(entering, source), weights, [0.0] * len(part.classes_))
    return Softmax(sums, by_logs=True), "probabilities"


def _bernoulli(part: BernoulliNB, entering: Entering, source: Source) -> Compiled:
    features = as_features(entering, source)
    if part.binarize is not None:
        features = Above(features, float(part.binarize))
    absent = np.log(1 - np.exp(part.feature_log_prob_))
    weights = np.ascontiguousarray((part.feature_log_prob_ - absent).T)
    start = part.class_log_prior_ + absent.sum(axis=1)
    sums = Linear(features, weights, start.tolist())
    return Softmax(sums, by_logs=True), "probabilities"


def _calibrated(part: CalibratedClassifierCV, entering: Entering, source: Source) -> Compiled:
    members: list[Predictor] = []
    for member in part.calibrated_classifiers_:
        if member.method not in {"sigmoid", "isotonic"}:
            raise Declined(f"calibration by {member.method!r}")
        inner, gives = compile_predictor(member.estimator, entering, source)
        asks_scores = hasattr(member.estimator, "decision_function")
        if asks_scores and gives == "probabilities":
            inner = _scores_behind(inner)
        members.append(_member(member, inner, is_binary=len(part.classes_) == 2))
    shares = [1.0 / len(members)] * len(members)
    return (members[0] if len(members) == 1 else Average(members, shares)), "probabilities"


def _scores_behind(predictor: Predictor) -> Predictor:
    """Return the scores that probabilities are made of, as ``decision_function`` gives them."""
    if isinstance(predictor, Sigmoid):
        return Both(predictor.inner)
    if isinstance(predictor, FromScores):
        return predictor.inner
    raise Declined("calibration of this estimator")


def _member(member: Any, inner: Predictor, *, is_binary: bool) -> Calibrated:  # noqa: ANN401
    curves = [_curve(calibrator) for calibrator in member.calibrators]
    columns = [1] if is_binary else list(range(len(curves)))
    if len(curves) != len(columns):
        raise Declined("calibration of fewer classes than there are")
    return Calibrated(inner, columns, curves)


def _curve(calibrator: Any) -> Curve:  # noqa: ANN401
    if hasattr(calibrator, "a_"):
        return Curve(slope=float(calibrator.a_), offset=float(calibrator.b_))
    return Curve(
        x=np.asarray(calibrator.X_thresholds_, float),
        y=np.asarray(calibrator.y_thresholds_, float),
    )


def _voting(part: Any, entering: Entering, source: Source) -> Compiled:  # noqa: ANN401
    if getattr(part, "voting", "soft") != "soft":
        raise Declined("a vote by heads")
    members = [compile_predictor(each, entering, source) for each in part.estimators_]
    if len({gives for _, gives in members}) > 1:
        raise Declined("a vote of different answers")
    weights = np.ones(len(members)) if part.weights is None else np.array(part._weights_not_none)
    shares = (weights / weights.sum()).tolist()
    return Average([member for member, _ in members], shares), members[0][1]


def _dummy(part: Any, _entering: Entering, _source: Source) -> Compiled:  # noqa: ANN401
    if isinstance(part, DummyRegressor):
        return Constant(np.ravel(part.constant_).astype(float).tolist()), "value"
    if part.strategy in {"stratified", "uniform"}:
        raise Declined("a DummyClassifier that answers by chance")
    figures = part.predict_proba(np.zeros((1, 1)))[0]
    return Constant(figures.astype(float).tolist()), "probabilities"


#: The inverses of functions that targets are transformed by.
INVERSES: dict[Any, Callable[[Predictor], Predictor]] = {
    np.expm1: lambda inner: Exponential(inner, less=1.0),
    np.exp: Exponential,
}


def _target(part: TransformedTargetRegressor, entering: Entering, source: Source) -> Compiled:
    inner, _ = compile_predictor(part.regressor_, entering, source)
    transformer = part.transformer_
    if isinstance(transformer, FunctionTransformer):
        if transformer.inverse_func is None:
            return inner, "value"
        if transformer.inverse_func in INVERSES:
            return INVERSES[transformer.inverse_func](inner), "value"
    if type(transformer) is StandardScaler:
        scale = transformer.scale_[0] if transformer.with_std else 1.0
        shift = transformer.mean_[0] if transformer.with_mean else 0.0
        return Rescaled(inner, float(scale), float(shift)), "value"
    raise Declined(f"a target transformed by {type(transformer).__name__}")


Compile: TypeAlias = Callable[[Any, Entering, Source], Compiled]


def _by_name(**compilers: tuple[type, ...]) -> dict[str, Compile]:
    return {
        f"{kind.__module__.split('.')[0]}.{kind.__name__}": globals()[name]
        for name, kinds in compilers.items()
        for kind in kinds
    }


_best, _frozen, _robust = _inner("best_estimator_"), _inner("estimator"), _inner("estimator_")

#: By class, as its library and its name: a library need not be there to be known.
COMPILERS: dict[str, Compile] = {
    **_by_name(
        _pipeline=(Pipeline,),
        _best=(GridSearchCV, HalvingGridSearchCV, HalvingRandomSearchCV, RandomizedSearchCV),
        _frozen=(FrozenEstimator,),
        _robust=(RANSACRegressor,),
        _threshold=(FixedThresholdClassifier, TunedThresholdClassifierCV),
        _linear_regressor=(
            *(ARDRegression, BayesianRidge, ElasticNet, ElasticNetCV, HuberRegressor, Lars),
            *(LarsCV, Lasso, LassoCV, LassoLars, LassoLarsCV, LassoLarsIC, LinearRegression),
            *(LinearSVR, OrthogonalMatchingPursuit, OrthogonalMatchingPursuitCV),
            *(PassiveAggressiveRegressor, QuantileRegressor, Ridge, RidgeCV, SGDRegressor),
            TheilSenRegressor,
        ),
        _generalized=(GammaRegressor, PoissonRegressor, TweedieRegressor),
        _logistic=(LinearDiscriminantAnalysis, LogisticRegression, LogisticRegressionCV),
        _sgd=(SGDClassifier,),
        _scores=(
            *(LinearSVC, PassiveAggressiveClassifier, Perceptron),
            *(RidgeClassifier, RidgeClassifierCV),
        ),
        _dummy=(DummyClassifier, DummyRegressor),
        _gaussian=(GaussianNB,),
        _multinomial=(MultinomialNB,),
        _complement=(ComplementNB,),
        _bernoulli=(BernoulliNB,),
        _calibrated=(CalibratedClassifierCV,),
        _voting=(VotingClassifier, VotingRegressor),
        _target=(TransformedTargetRegressor,),
    ),
    **FORESTS,
}
