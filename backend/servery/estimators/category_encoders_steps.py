"""category_encoders: categories as fitted numbers, from one table for each column.

Not on the list: `HashingEncoder`, which looks up a function by name and starts processes, and
`GLMMEncoder`, whose import loads a statistics library.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from servery.estimators.registry import AllowedNames, Family, Part, register, table
from servery.estimators.tracking import TrackedColumns, known, named, passed_by_name


def _track_encoder(part: Part, columns: TrackedColumns) -> TrackedColumns:
    of_name = named(part, columns)
    members = {str(each) for group in part.composite_members_.values() for each in group}
    encoded = {str(name) for name in part.cols} | members
    for name, values in _known_values(part).items():
        tracked = of_name.get(name)
        if tracked is None or not tracked.is_unchanged:
            continue
        column = tracked.column
        column.categories = tuple(value for value in values if value == value)
        column.unknown_allowed = column.unknown_allowed and part.handle_unknown != "error"
        if part.handle_missing != "error":
            column.mark_missing(float("nan"), is_seen=True)
    for tracked in known([of_name.get(name) for name in members]):
        if tracked.is_unchanged and tracked.column.categories is None:
            tracked.column.kind = "words"  # the part records their combinations only
    return passed_by_name(part, columns, encoded)


def _known_values(part: Part) -> dict[str, list[Any]]:
    """Return the categories of each column in the fit: an encoder numbers them, or counts them."""
    numbered = getattr(part, "ordinal_encoder", None) or part
    mapping = numbered.mapping
    pairs: Iterable[tuple[Any, Any]] = (
        mapping.items()
        if isinstance(mapping, Mapping)
        else [(each["col"], each["mapping"]) for each in mapping]
    )
    kinds = dict(zip(part.feature_names_in_, part.feature_dtypes_in_, strict=False))
    found: dict[str, list[Any]] = {}
    for name, table_of_column in pairs:
        values = _unlumped(part, name, table_of_column.index.tolist())
        if getattr(kinds.get(name), "kind", "") in {"i", "u"}:
            # The entry for missing values turned whole numbers into floats.
            values = [int(each) if each == each else each for each in values]
        found[str(name)] = values
    return found


def _unlumped(part: Part, name: Any, values: list[Any]) -> list[Any]:  # noqa: ANN401
    """Return the categories, with the members of each combined group instead of the group."""
    groups = {**part.min_group_lumping_, **getattr(part, "_min_group_categories", {})}
    members = groups.get(name, {})
    return [value for value in values if value not in set(members.values())] + list(members)


register(
    Family(
        "category_encoders.utils: BaseEncoder",
        track=_track_encoder,
        names=AllowedNames(
            made=table(
                """
                category_encoders.backward_difference: BackwardDifferenceEncoder
                category_encoders.basen: BaseNEncoder
                category_encoders.binary: BinaryEncoder
                category_encoders.cat_boost: CatBoostEncoder
                category_encoders.count: CountEncoder
                category_encoders.gray: GrayEncoder
                category_encoders.helmert: HelmertEncoder
                category_encoders.james_stein: JamesSteinEncoder
                category_encoders.leave_one_out: LeaveOneOutEncoder
                category_encoders.m_estimate: MEstimateEncoder
                category_encoders.one_hot: OneHotEncoder
                category_encoders.ordinal: OrdinalEncoder
                category_encoders.polynomial: PolynomialEncoder
                category_encoders.quantile_encoder: QuantileEncoder
                category_encoders.rankhot: RankHotEncoder
                category_encoders.sum_coding: SumEncoder
                category_encoders.target_encoder: TargetEncoder
                category_encoders.woe: WOEEncoder
                """
            )
        ),
    )
)
