"""The kept rows of a model in pages: by outcome, or by error or uncertainty of the model."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Literal, TypeAlias

import msgspec

from servery.errors import InvalidInputs, ManifestUnreadable, NotSupported
from servery.inputs import Scalar
from servery.served import ServedModel
from servery.signature import ClassOutput, Instances
from servery.uncertainty import KeptRows

Sorting: TypeAlias = Literal["stored", "outcome", "error", "uncertainty"]
#: Returns the uncertainty of a model about each of some instances; see `predict.uncertainties`.
AskUncertainty: TypeAlias = Callable[[ServedModel, Instances], list[float | None]]
#: Where a manifest keeps the uncertainty of its rows, once it was asked for.
UNCERTAINTIES = "uncertainties"


class KeptRow(msgspec.Struct, frozen=True, kw_only=True):
    """A measured row: its outcome, and what a fit predicted that did not see it.

    Attributes
    ----------
    place
        Of the row among those that are kept, from 0.
    error
        The prediction less the outcome; None for a class.
    uncertainty
        The width of the interval that the model states for the row, or one less the probability of
        the class that it predicts; None where it states neither.
    """

    place: int
    inputs: dict[str, Scalar | None]
    outcome: Scalar
    prediction: Scalar
    error: float | None
    uncertainty: float | None


class KeptPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some of the kept rows, in the order that was asked for; ``total`` counts all that match."""

    total: int
    offset: int
    rows: list[KeptRow]


class KeptQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which kept rows, in which order.

    Attributes
    ----------
    sort
        ``error`` sorts by its size; for classes, wrong rows have more of it than right ones, and
        the more sure the model was, the more.
    outcome
        Only rows with this class; None for all.
    """

    sort: Sorting = "stored"
    is_descending: bool = False
    outcome: Scalar | None = None
    offset: int = 0
    limit: int = 20


def kept_page(model: ServedModel, query: KeptQuery, ask: AskUncertainty) -> KeptPage:
    """Return a page of the rows that a model keeps; those without the figure come last.

    Raises
    ------
    NotSupported
        The version keeps no rows.
    ManifestUnreadable
        A kept row does not fit the signature.
    """
    kept = model.manifest.kept
    if kept is None:
        raise NotSupported(f"Model {model.name!r} keeps no rows.")
    uncertainties = _uncertainties(model, kept, ask)
    places = [
        place
        for place, outcome in enumerate(kept.outcomes)
        if query.outcome is None or outcome == query.outcome
    ]
    figure = _figure(model, kept, uncertainties, query.sort)
    keyed = [(key, place) for place in places if (key := figure(place)) is not None]
    keyed.sort(key=itemgetter(0), reverse=query.is_descending)
    known = {place for _, place in keyed}
    ordered = [place for _, place in keyed] + [each for each in places if each not in known]
    shown = ordered[query.offset : query.offset + query.limit]
    return KeptPage(
        total=len(ordered),
        offset=query.offset,
        rows=[_row(model, kept, uncertainties, place) for place in shown],
    )


def _row(
    model: ServedModel, kept: KeptRows, uncertainties: Sequence[float | None], place: int
) -> KeptRow:
    return KeptRow(
        place=place,
        inputs=dict(zip(model.signature.names, kept.rows[place], strict=True)),
        outcome=kept.outcomes[place],
        prediction=kept.predictions[place],
        error=None if _is_class(model) else _error(kept, place),
        uncertainty=uncertainties[place],
    )


def _figure(
    model: ServedModel, kept: KeptRows, uncertainties: Sequence[float | None], sort: Sorting
) -> Callable[[int], float | None]:
    """Return what a row is sorted by; None where it has no such figure."""
    if sort == "stored":
        return float
    if sort == "uncertainty":
        return uncertainties.__getitem__
    if not _is_class(model):
        if sort == "outcome":
            return lambda place: float(kept.outcomes[place])
        return lambda place: abs(_error(kept, place))
    if sort == "outcome":
        ranks = {outcome: float(rank) for rank, outcome in enumerate(sorted(set(kept.outcomes)))}
        return lambda place: ranks[kept.outcomes[place]]

    def surely_wrong(place: int) -> float:
        sureness = 1.0 - (uncertainties[place] or 0.0)
        return sureness if kept.outcomes[place] != kept.predictions[place] else -sureness

    return surely_wrong


def _is_class(model: ServedModel) -> bool:
    return isinstance(model.signature.output, ClassOutput)


def _error(kept: KeptRows, place: int) -> float:
    return float(kept.predictions[place]) - float(kept.outcomes[place])


def _uncertainties(model: ServedModel, kept: KeptRows, ask: AskUncertainty) -> list[float | None]:
    """Return the uncertainty of each row, found at the first question."""
    if UNCERTAINTIES not in kept.__dict__:
        names = model.signature.names
        try:
            rows = [dict(zip(names, row, strict=True)) for row in kept.rows]
            # With the limits of training, not those of the card.
            instances = model.manifest.signature.parse(rows)
        except (InvalidInputs, ValueError) as error:
            raise ManifestUnreadable(f"model.json: kept rows do not fit: {error}") from error
        kept.__dict__[UNCERTAINTIES] = ask(model, instances)
    found: list[float | None] = kept.__dict__[UNCERTAINTIES]
    return found
