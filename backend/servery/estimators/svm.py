"""Support vector machines: linear ones as weighted sums, others by the rows that they keep."""

from itertools import combinations

import numpy as np

from servery.estimators.linear import quantity, scores
from servery.estimators.plans import PlannedPredictor, Unsupported, Upstream
from servery.estimators.registry import Family, Part, register
from servery.estimators.tampering import require_fitted
from servery.runtimes.plan.step import Floats
from servery.runtimes.plan.steps.kernels import MOST_CLASSES, SHAPES, Kernel, PairVotes
from servery.runtimes.plan.steps.linear import Linear, SignedPair

register(Family("sklearn.svm: LinearSVR", predictor=quantity))
register(Family("sklearn.svm: LinearSVC", predictor=scores))


def _check_support_vectors(part: Part) -> None:
    from scipy.sparse import issparse

    if not hasattr(part, "support_vectors_"):
        return
    counts, rows = part._n_support, len(part.support_)
    is_classifier = part._impl in {"c_svc", "nu_svc"}
    classes = len(counts) if is_classifier else 2
    is_precomputed = isinstance(part.kernel, str) and part.kernel == "precomputed"
    width = part.shape_fit_[-1]
    is_fit = (
        (counts >= 0).all()
        and (int(counts.sum()) if is_classifier else int(counts[0])) == rows
        and part._dual_coef_.shape == (classes - 1, rows)
        and part._intercept_.shape == (classes * (classes - 1) // 2,)
        and part._probA.size in {0, 1, classes * (classes - 1) // 2}
        and part._probB.size == part._probA.size
        and len(part.shape_fit_) == 2
        and (is_precomputed or part.shape_fit_[1] == getattr(part, "n_features_in_", width))
        and (
            is_precomputed or callable(part.kernel) or part.support_vectors_.shape == (rows, width)
        )
        and ((part.support_ >= 0) & (part.support_ < part.shape_fit_[0])).all()
    )
    require_fitted(is_fit, "support vectors")
    if part._sparse:
        # Compiled code takes the numbers as they lie, not as their places say.
        dual, vectors = part._dual_coef_, part.support_vectors_
        is_sparse = issparse(dual) and issparse(vectors)
        require_fitted(is_sparse and dual.nnz == np.prod(dual.shape), "support vectors")


def _width(part: Part) -> int:
    return int(part.shape_fit_[1])


def _require_covered(part: Part) -> None:
    if part._sparse:
        raise Unsupported(f"{type(part).__name__} on sparse features")
    if part.kernel not in SHAPES:
        raise Unsupported(f"{type(part).__name__} of this kernel")


def _sums(part: Part, upstream: Upstream, weights: Floats) -> Linear:
    """Return weighted sums of the similarities to the support vectors."""
    kernel = Kernel(
        upstream.features,
        np.ascontiguousarray(part.support_vectors_),
        part.kernel,
        float(part._gamma),
        float(part.coef0),
        int(part.degree),
    )
    return Linear(kernel, np.ascontiguousarray(weights), part._intercept_.tolist())


def _quantity(part: Part, upstream: Upstream) -> PlannedPredictor:
    _require_covered(part)
    return _sums(part, upstream, part._dual_coef_.T), "value"


register(Family("sklearn.svm: NuSVR SVR", predictor=_quantity))


def _scores(part: Part, upstream: Upstream) -> PlannedPredictor:
    _require_covered(part)
    count = len(part.classes_)
    if count == 2:  # libsvm scores the first class
        sums = _sums(part, upstream, -part._dual_coef_.T)
        sums.intercept = [-each for each in sums.intercept]
        return SignedPair(sums), "scores"
    if part.decision_function_shape != "ovr":
        raise Unsupported(f"{type(part).__name__} with a score for each pair of classes")
    if count > MOST_CLASSES:
        raise Unsupported(f"{type(part).__name__} of more than {MOST_CLASSES} classes")
    votes = PairVotes(_sums(part, upstream, _of_pairs(part)), count)
    return votes, "scores" if part.break_ties else "votes"


def _of_pairs(part: Part) -> Floats:
    """Return the weights of the support vectors, which lie class by class, for each pair."""
    count = len(part.classes_)
    ends = np.cumsum([0, *part._n_support])
    weights = np.zeros((len(part.support_vectors_), count * (count - 1) // 2))
    for place, (first, second) in enumerate(combinations(range(count), 2)):
        for own, other in ((first, second - 1), (second, first)):
            of_class = slice(ends[own], ends[own + 1])
            weights[of_class, place] = part._dual_coef_[other, of_class]
    return weights


register(Family("sklearn.svm: NuSVC SVC", predictor=_scores, labels="own"))

# The base class of all that libsvm fits.
register(
    Family(
        "sklearn.svm: BaseLibSVM",
        width=_width,
        centers="support_vectors_",
        check=_check_support_vectors,
        labels="own",
    )
)
