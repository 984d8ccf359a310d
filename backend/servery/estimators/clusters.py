"""Clusterers and mixtures: groups by their centers."""

from servery.estimators.registry import AllowedNames, Family, Part, register, table
from servery.estimators.tampering import require_fitted


def _check_centers(part: Part) -> None:
    if hasattr(part, "cluster_centers_"):
        is_fit = part.cluster_centers_.shape == (part.n_clusters, part.n_features_in_)
        require_fitted(is_fit, "centres of groups")


register(
    Family(
        "sklearn.cluster: KMeans MiniBatchKMeans BisectingKMeans",
        centers="cluster_centers_",
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
register(
    Family(
        "sklearn.cluster: AffinityPropagation MeanShift",
        centers="cluster_centers_",
    )
)
register(
    Family(
        "sklearn.cluster: Birch",
        centers="subcluster_centers_",
        names=AllowedNames(made=table("sklearn.cluster._birch: _CFNode _CFSubcluster")),
    )
)
# The base class of mixtures of normal distributions.
register(Family("sklearn.mixture: BaseMixture", centers="means_"))
