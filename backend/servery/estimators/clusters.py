"""Clusterers and mixtures: groups by their centers.

The groups are read from what a fit keeps of them. `labels_` holds those of the rows that were
fitted last: after `partial_fit`, of one batch.
"""

from collections.abc import Sequence

import numpy as np

from servery.estimators.registry import AllowedNames, Family, Part, register, table
from servery.estimators.tampering import require_fitted


def _one_per_center(part: Part) -> Sequence[int]:
    return range(len(part.cluster_centers_))


def _check_centers(part: Part) -> None:
    if hasattr(part, "cluster_centers_"):
        is_fit = part.cluster_centers_.shape == (part.n_clusters, part.n_features_in_)
        require_fitted(is_fit, "centres of groups")


register(
    Family(
        "sklearn.cluster: KMeans MiniBatchKMeans BisectingKMeans",
        centers="cluster_centers_",
        groups=_one_per_center,
        check=_check_centers,
        names=AllowedNames(
            made=table("sklearn.cluster._bisect_k_means: _BisectingTree"),
            placed=dict.fromkeys(
                table("sklearn.cluster._kmeans: _kmeans_single_elkan _kmeans_single_lloyd"),
                frozenset({"_kmeans_single"}),
            ),
        ),
    )
)
register(Family("sklearn.cluster: MeanShift", centers="cluster_centers_", groups=_one_per_center))


def _affinity_groups(part: Part) -> Sequence[int]:
    # A fit that did not converge has no centers, and answers -1 to every row.
    return range(len(part.cluster_centers_)) or [-1]


register(
    Family(
        "sklearn.cluster: AffinityPropagation", centers="cluster_centers_", groups=_affinity_groups
    )
)


def _birch_groups(part: Part) -> Sequence[int]:
    return np.unique(part.subcluster_labels_).tolist()  # type: ignore[no-any-return]


register(
    Family(
        "sklearn.cluster: Birch",
        centers="subcluster_centers_",
        groups=_birch_groups,
        names=AllowedNames(made=table("sklearn.cluster._birch: _CFNode _CFSubcluster")),
    )
)


def _one_per_component(part: Part) -> Sequence[int]:
    return range(len(part.means_))


# The base class of mixtures of normal distributions.
register(Family("sklearn.mixture: BaseMixture", centers="means_", groups=_one_per_component))
