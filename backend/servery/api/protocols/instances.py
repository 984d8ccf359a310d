"""Instances as other protocols write them: by name, by place, by column."""

from collections.abc import Mapping, Sequence
from functools import partial

from servery.api.protocols.protocol import invalid
from servery.errors import Fault, Faults, quoted
from servery.served import ServedModel


def named_rows(
    model: ServedModel, instances: object, member: str = "instances"
) -> Sequence[Mapping[str, object]]:
    """Return instances as objects from names of inputs to values.

    Parameters
    ----------
    instances
        A list. Each of them is an object, or a list of values in the order of the inputs; for a
        model of one input, it may be the value itself.
    member
        Where they stand in the body.

    Raises
    ------
    InvalidInputs
        It is not a list, or an instance has too few or too many values.
    """
    if not isinstance(instances, list):
        raise invalid("not-a-list", "Expected a list of instances.", f"#/{member}")
    names = model.signature.names
    faults = Faults()
    rows: list[Mapping[str, object]] = []
    for place, each in enumerate(instances):
        values = each if isinstance(each, list) else [each]
        if isinstance(each, dict):
            rows.append(each)
        elif len(values) == len(names):
            rows.append(dict(zip(names, values, strict=True)))
        else:
            faults.add(partial(_wrong_length, model, f"#/{member}/{place}", len(values)))
    faults.raise_any()
    return rows


def _wrong_length(model: ServedModel, pointer: str, found: int) -> Fault:
    names = model.signature.names
    detail = (
        f"Expected an object, or {len(names)} values in the order of the inputs, which begin with "
        f"{quoted(names[0])}; found {found}."
    )
    return Fault(None, pointer, "wrong-length", detail)


def rows_of_columns(
    columns: object, member: str
) -> tuple[Sequence[Mapping[str, object]], "ColumnPointer"]:
    """Return columns of equal length, by name, as instances, and where each instance stands.

    A column that is not a list is one value.
    """
    if not isinstance(columns, dict) or not columns:
        raise invalid(
            "not-an-object", "Expected an object from input names to lists.", f"#/{member}"
        )
    lists = [each if isinstance(each, list) else [each] for each in columns.values()]
    lengths = {len(each) for each in lists}
    if len(lengths) > 1:
        shown = ", ".join(
            f"{quoted(name)} has {len(each)}"
            for name, each in list(zip(columns, lists, strict=True))[:10]
        )
        raise invalid(
            "lengths-differ", f"Expected columns of equal length, but {shown}.", f"#/{member}"
        )
    names = list(columns)
    rows = [dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True)]
    return rows, ColumnPointer(member)


class ColumnPointer:
    """Says which row a fault is in; the input is added to it."""

    def __init__(self, member: str) -> None:
        self._member = member

    def __call__(self, row: int) -> str:
        """Return the place of a row."""
        return f"#/{self._member}/{row}"
