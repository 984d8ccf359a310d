"""Columns projected onto fewer: principal components and singular vectors."""

import numpy as np

from servery.estimators.plans import Upstream
from servery.estimators.registry import Family, Part, register
from servery.runtimes.plan.steps.arithmetic import LinearMap
from servery.runtimes.plan.transform import Transform


def _principal(part: Part, upstream: Upstream) -> Transform:
    matrix = part.components_.T
    if part.whiten:
        matrix = matrix / np.sqrt(part.explained_variance_)
    return LinearMap(upstream.features, part.mean_, np.ascontiguousarray(matrix))


register(Family("sklearn.decomposition: PCA", transform=_principal))


def _truncated(part: Part, upstream: Upstream) -> Transform:
    features = upstream.features
    matrix = np.ascontiguousarray(part.components_.T)
    return LinearMap(features, np.zeros(features.width), matrix)


register(Family("sklearn.decomposition: TruncatedSVD", transform=_truncated))
