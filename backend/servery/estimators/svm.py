"""Support vector machines: linear ones as weighted sums, others by the rows that they keep."""

import numpy as np

from servery.estimators.linear import quantity, scores
from servery.estimators.registry import Family, Part, register
from servery.estimators.tampering import require_fitted

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
