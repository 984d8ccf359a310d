"""Nearest neighbors: the training rows themselves, and trees that find the closest."""

from typing import Any

import numpy as np

from servery.estimators.registry import AllowedNames, Family, Part, public_name, register, table
from servery.estimators.tampering import require_fitted

KD_TREES = "sklearn.neighbors: KDTree KDTree32 KDTree64"
BALL_TREES = "sklearn.neighbors: BallTree BallTree32 BallTree64"

# The base class of classifiers, regressors and the local outlier factor.
register(Family("sklearn.neighbors: NeighborsBase", training_rows="_fit_X"))


def _check_tree(part: Part) -> None:
    data, index, nodes, bounds, _, levels, count, *_ = part.__getstate__()
    rows, columns = data.shape
    start, end, place = nodes["idx_start"], nodes["idx_end"], np.arange(len(nodes))
    inner = nodes["is_leaf"] == 0
    is_kd_tree = any(public_name(kind) in table(KD_TREES) for kind in type(part).__mro__)
    is_fit = (
        len(nodes) == count == 2**levels - 1
        and index.shape == (rows,)
        and ((index >= 0) & (index < rows)).all()
        and ((start >= 0) & (start <= end) & (end <= rows)).all()
        and (2 * place[inner] + 2 < count).all()
        and bounds.shape[1:] == (count, columns)
        and len(bounds) == (2 if is_kd_tree else 1)
    )
    require_fitted(is_fit, "a tree of neighbours")
    _check_distance(part.__getstate__()[-2], columns)


def _check_distance(distance: Any, columns: int) -> None:  # noqa: ANN401
    """Look at the buffers of a distance, which are as long as a row."""
    _, vector, matrix = distance.__getstate__()
    name = type(distance).__name__
    if name.startswith("Mahalanobis"):
        require_fitted(matrix.shape == (columns, columns), "a distance of rows")
    elif name.startswith("SEuclidean"):
        require_fitted(len(vector) == columns, "a distance of rows")


register(
    Family(
        f"{KD_TREES}\n{BALL_TREES}",
        check=_check_tree,
        names=AllowedNames(
            made=table(
                """
                sklearn.neighbors._ball_tree: BallTree BallTree32 BallTree64
                sklearn.neighbors._kd_tree: KDTree KDTree32 KDTree64
                """
            ),
            derived=(
                (
                    "sklearn.metrics._dist_metrics",
                    tuple(
                        f"sklearn.metrics._dist_metrics.DistanceMetric{bits}"
                        for bits in ("", "32", "64")
                    ),
                ),
            ),
        ),
    )
)

# Its decision may measure other distances than its probabilities.
register(Family("sklearn.neighbors: NearestCentroid", labels="own"))
