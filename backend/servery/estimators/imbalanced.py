"""imbalanced-learn: samplers, which change the rows of a fit and no prediction, and their holders.

A `FunctionSampler` is not on the list: it holds a function of its own.
"""

from dataclasses import replace

from servery.estimators.pipelines import PIPELINE
from servery.estimators.plans import Upstream
from servery.estimators.registry import AllowedNames, Family, Part, register, table
from servery.estimators.tracking import TrackedColumns
from servery.runtimes.plan.transform import Transform


def _track_sampler(_: Part, columns: TrackedColumns) -> TrackedColumns:
    return columns


def _sampled(_: Part, upstream: Upstream) -> Transform:
    return upstream.features


# The base class of all samplers; a pipeline passes them by when it predicts.
register(
    Family(
        "imblearn.base: SamplerMixin",
        takes_all=False,
        track=_track_sampler,
        transform=_sampled,
        covers_subclasses=True,
        names=AllowedNames(
            made=table(
                """
                imblearn.combine._smote_enn: SMOTEENN
                imblearn.combine._smote_tomek: SMOTETomek
                imblearn.metrics.pairwise: ValueDifferenceMetric
                imblearn.over_sampling._adasyn: ADASYN
                imblearn.over_sampling._random_over_sampler: RandomOverSampler
                imblearn.over_sampling._smote.base: SMOTE SMOTEN SMOTENC
                imblearn.over_sampling._smote.cluster: KMeansSMOTE
                imblearn.over_sampling._smote.filter: BorderlineSMOTE SVMSMOTE
                imblearn.under_sampling._prototype_generation._cluster_centroids: ClusterCentroids
                imblearn.under_sampling._prototype_selection._condensed_nearest_neighbour: CondensedNearestNeighbour
                imblearn.under_sampling._prototype_selection._edited_nearest_neighbours: AllKNN
                imblearn.under_sampling._prototype_selection._edited_nearest_neighbours: EditedNearestNeighbours
                imblearn.under_sampling._prototype_selection._edited_nearest_neighbours: RepeatedEditedNearestNeighbours
                imblearn.under_sampling._prototype_selection._instance_hardness_threshold: InstanceHardnessThreshold
                imblearn.under_sampling._prototype_selection._nearmiss: NearMiss
                imblearn.under_sampling._prototype_selection._neighbourhood_cleaning_rule: NeighbourhoodCleaningRule
                imblearn.under_sampling._prototype_selection._one_sided_selection: OneSidedSelection
                imblearn.under_sampling._prototype_selection._random_under_sampler: RandomUnderSampler
                imblearn.under_sampling._prototype_selection._tomek_links: TomekLinks
                """  # noqa: E501 - names are as long as they are
            )
        ),
    )
)
register(
    replace(
        PIPELINE,
        classes="imblearn.pipeline: Pipeline",
        names=AllowedNames(made=table("imblearn.pipeline: Pipeline")),
    )
)
register(
    Family(
        """
        imblearn.ensemble: BalancedBaggingClassifier BalancedRandomForestClassifier
        imblearn.ensemble: EasyEnsembleClassifier RUSBoostClassifier
        """,
        names=AllowedNames(
            made=table(
                """
                imblearn.ensemble._bagging: BalancedBaggingClassifier
                imblearn.ensemble._forest: BalancedRandomForestClassifier
                imblearn.ensemble._easy_ensemble: EasyEnsembleClassifier
                imblearn.ensemble._weight_boosting: RUSBoostClassifier
                """
            )
        ),
    )
)
