"""feature-engine: transformers of a table that change some columns, by name, or add others.

Not on the list: `RandomSampleImputer`, which fills in random values; `DropMissingData` and
`OutlierTrimmer`, which drop rows of a request; windows and lags, whose answer for a row depends on
other rows.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from servery.estimators.pipelines import PIPELINE
from servery.estimators.registry import AllowedNames, Family, Part, register, table
from servery.estimators.tampering import require_fitted
from servery.estimators.tracking import (
    Column,
    TrackedColumns,
    named,
    passed_by_name,
    rounded,
    track,
    unchanged,
)

#: The columns of a part that reach it as they are in the table, by name.
Own = Mapping[str, Column]


def _tracked(note: Callable[[Part, Own], None]) -> Callable[[Part, TrackedColumns], TrackedColumns]:
    """Return the tracker of parts that change the columns of ``variables_``."""

    def track_variables(part: Part, columns: TrackedColumns) -> TrackedColumns:
        variables = [str(name) for name in part.variables_]
        note(part, _own(part, columns, variables))
        return passed_by_name(part, columns, variables)

    return track_variables


def _own(part: Part, columns: TrackedColumns, variables: Collection[str]) -> Own:
    """Return the variables of a part that reach it as they are in the table."""
    names = map(str, part.feature_names_in_)
    return {name: column for column, name in unchanged(columns, names) if name in variables}


def _note_nothing(_part: Part, _own: Own) -> None:
    """Record nothing: the columns take any number."""


register(
    Family(
        """
        feature_engine: BaseNumericalTransformer
        feature_engine.creation.base_creation: BaseCreation
        feature_engine.outliers.base_outlier: BaseOutlier
        """,
        track=_tracked(_note_nothing),
        names=AllowedNames(
            made=table(
                """
                feature_engine.creation.cyclical_features: CyclicalFeatures
                feature_engine.creation.relative_features: RelativeFeatures
                feature_engine.discretisation.arbitrary: ArbitraryDiscretiser
                feature_engine.discretisation.decision_tree: DecisionTreeDiscretiser
                feature_engine.discretisation.equal_frequency: EqualFrequencyDiscretiser
                feature_engine.discretisation.equal_width: EqualWidthDiscretiser
                feature_engine.discretisation.geometric_width: GeometricWidthDiscretiser
                feature_engine.outliers.artbitrary: ArbitraryOutlierCapper
                feature_engine.outliers.winsorizer: Winsorizer
                feature_engine.scaling.mean_normalization: MeanNormalizationScaler
                feature_engine.transformation.arcsin: ArcsinTransformer
                feature_engine.transformation.arcsinh: ArcSinhTransformer
                feature_engine.transformation.boxcox: BoxCoxTransformer
                feature_engine.transformation.log: LogCpTransformer LogTransformer
                feature_engine.transformation.power: PowerTransformer
                feature_engine.transformation.reciprocal: ReciprocalTransformer
                feature_engine.transformation.yeojohnson: YeoJohnsonTransformer
                """
            )
        ),
    )
)

#: pandas accepts the name of any method of a frame as a function; these return one number per row.
ROW_FUNCTIONS = frozenset({"max", "mean", "median", "min", "prod", "std", "sum", "var"})


def _check_functions(part: Part) -> None:
    functions = part.func if isinstance(part.func, list) else [part.func]
    named = [each for each in functions if isinstance(each, str)]
    require_fitted(ROW_FUNCTIONS.issuperset(named), "a function of a row")


register(
    Family(
        "feature_engine.creation.math_features: MathFeatures",
        track=_tracked(_note_nothing),
        check=_check_functions,
        names=AllowedNames(made=table("feature_engine.creation.math_features: MathFeatures")),
    )
)


def _track_imputer(part: Part, columns: TrackedColumns) -> TrackedColumns:
    fills = {str(name): fill for name, fill in getattr(part, "imputer_dict_", {}).items()}
    own = _own(part, columns, [str(name) for name in part.variables_])
    for name, fill in fills.items():
        if name in own:
            own[name].mark_missing(float("nan"))
            if isinstance(fill, (int, float)):
                own[name].typical = rounded(fill)
    return passed_by_name(part, columns)


register(
    Family(
        "feature_engine.imputation.base_imputer: BaseImputer",
        track=_track_imputer,
        names=AllowedNames(
            made=table(
                """
                feature_engine.imputation.arbitrary_number: ArbitraryNumberImputer
                feature_engine.imputation.categorical: CategoricalImputer
                feature_engine.imputation.end_tail: EndTailImputer
                feature_engine.imputation.mean_median: MeanMedianImputer
                feature_engine.imputation.missing_indicator: AddMissingIndicator
                """
            )
        ),
    )
)


def _note_categories(part: Part, own: Own) -> None:
    categories = getattr(part, "encoder_dict_", None) or part.category_dict_
    for name, column in own.items():
        column.categories = tuple(value for value in categories[name] if value == value)
        column.unknown_allowed &= getattr(part, "unseen", "encode") != "raise"
        if getattr(part, "missing_values", "raise") == "ignore":
            column.mark_missing(float("nan"))


register(
    Family(
        "feature_engine.encoding.base_encoder: CategoricalMethodsMixin",
        track=_tracked(_note_categories),
        names=AllowedNames(
            made=table(
                """
                feature_engine.encoding.count_frequency: CountFrequencyEncoder
                feature_engine.encoding.decision_tree: DecisionTreeEncoder
                feature_engine.encoding.mean_encoding: MeanEncoder
                feature_engine.encoding.one_hot: OneHotEncoder
                feature_engine.encoding.ordinal: OrdinalEncoder
                feature_engine.encoding.rare_label: RareLabelEncoder
                feature_engine.encoding.woe: WoEEncoder
                feature_engine.preprocessing.match_categories: MatchCategories
                """
            )
        ),
    )
)


def _track_dates(part: Part, columns: TrackedColumns) -> TrackedColumns:
    references = getattr(part, "reference_", ())
    dates = [str(name) for name in (*part.variables_, *references)]
    for column in _own(part, columns, dates).values():
        column.kind = "datetime"
    return passed_by_name(part, columns, dates)


register(
    Family(
        """
        feature_engine.datetime.datetime: DatetimeFeatures
        feature_engine.datetime.datetime_subtraction: DatetimeSubtraction
        """,
        track=_track_dates,
        names=AllowedNames(
            made=table(
                """
                feature_engine.datetime.datetime: DatetimeFeatures
                feature_engine.datetime.datetime_subtraction: DatetimeSubtraction
                """
            )
        ),
    )
)


def _no_inner_estimators(_part: Part) -> tuple[Part, ...]:
    """Return none: a selector uses its estimator only in the fit."""
    return ()


register(
    Family(
        "feature_engine.selection.base_selector: BaseSelector",
        inner=_no_inner_estimators,
        track=passed_by_name,
        names=AllowedNames(
            made=table(
                """
                feature_engine.selection.drop_constant_features: DropConstantFeatures
                feature_engine.selection.drop_correlated_features: DropCorrelatedFeatures
                feature_engine.selection.drop_duplicate_features: DropDuplicateFeatures
                feature_engine.selection.drop_features: DropFeatures
                feature_engine.selection.drop_psi_features: DropHighPSIFeatures
                feature_engine.selection.mrmr: MRMR
                feature_engine.selection.probe_feature_selection: ProbeFeatureSelection
                feature_engine.selection.recursive_feature_addition: RecursiveFeatureAddition
                feature_engine.selection.recursive_feature_elimination: RecursiveFeatureElimination
                feature_engine.selection.shuffle_features: SelectByShuffling
                feature_engine.selection.single_feature_performance: SelectBySingleFeaturePerformance
                feature_engine.selection.smart_correlation_selection: SmartCorrelatedSelection
                """  # noqa: E501 - the names are long
            )
        ),
    )
)


def _track_wrapped(part: Part, columns: TrackedColumns) -> TrackedColumns:
    wrapped = [str(name) for name in part.variables_]
    of_name = named(part, columns)
    track(part.transformer_, [of_name.get(name) for name in wrapped])
    return passed_by_name(part, columns, wrapped)


register(
    Family(
        "feature_engine.wrappers.wrappers: SklearnTransformerWrapper",
        track=_track_wrapped,
        names=AllowedNames(
            made=table("feature_engine.wrappers.wrappers: SklearnTransformerWrapper")
        ),
    )
)
register(
    replace(
        PIPELINE,
        classes="feature_engine.pipeline.pipeline: Pipeline",
        names=AllowedNames(made=table("feature_engine.pipeline.pipeline: Pipeline")),
    )
)
