"""Frames of pandas as instances, and predictions as a frame; pandas is needed only for frames."""

import sys
from collections.abc import Mapping, Sequence, Set
from typing import Any

from servery_client.answers import Prediction
from servery_client.bodies import refused
from servery_client.errors import Fault


def as_frame(inputs: Any) -> Any | None:  # noqa: ANN401
    """Return inputs as a frame of pandas; None if they are not a frame.

    Raises
    ------
    InvalidInputs
        Names the columns that it has several times.
    """
    if hasattr(inputs, "to_pandas"):
        inputs = inputs.to_pandas()
    pandas = sys.modules.get("pandas")  # a frame has imported it
    is_frame = pandas is not None and isinstance(inputs, pandas.DataFrame)
    if not is_frame:
        return None
    twice = inputs.columns[inputs.columns.duplicated()].unique()
    detail = "Expected one column of this name, found several. Rename or drop the others."
    if len(twice):
        faults = [Fault(str(name), None, "#", "column-twice", detail) for name in twice]
        raise refused("The frame has several columns of one name.", faults)
    return inputs


def dates_of(frame: Any) -> Set[str]:  # noqa: ANN401
    """Return the columns that hold moments."""
    return {name for name, kind in frame.dtypes.items() if kind.kind == "M"}


def instances_of(frame: Any, days: Set[str]) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return the rows of a frame; missing values are None.

    Parameters
    ----------
    days
        Columns of moments that are sent as days, where they have no time.
    """
    cells = frame.astype(object).where(frame.notna(), None)
    for name in days:
        cells[name] = [None if each is None else _day(each) for each in cells[name]]
    rows: list[dict[str, Any]] = cells.to_dict("records")
    return rows


def _day(moment: Any) -> Any:  # noqa: ANN401
    return moment.date() if moment == moment.normalize() else moment


def predicted_frame(index: Any, predictions: Sequence[Prediction]) -> Any:  # noqa: ANN401
    """Return predictions as a frame with the columns of a scored table, and always a label."""
    import pandas as pd

    rows = [{**_cells(each), "warnings": _warnings(each)} for each in predictions]
    names = dict.fromkeys(name for row in rows for name in row if name != "warnings")
    return pd.DataFrame(rows, index=index, columns=[*names, "warnings"])


def _cells(answer: Prediction) -> Mapping[str, Any]:
    if answer.outputs is not None:
        return {
            _of_output(column, name): cell
            for name, each in answer.outputs.items()
            for column, cell in _cells(each).items()
        }
    cells: dict[str, Any] = {"prediction": answer.prediction, "label": answer.label}
    if "interval" in answer.raw:
        interval = answer.interval
        cells["interval_low"] = None if interval is None else interval.low
        cells["interval_high"] = None if interval is None else interval.high
    if "prediction_set" in answer.raw:
        chosen = answer.prediction_set
        cells["prediction_set"] = None if chosen is None else tuple(chosen.classes)
    if "reliability" in answer.raw:
        reliability = answer.reliability
        cells["reliability"] = None if reliability is None else reliability.share
        cells["reliability_rows"] = None if reliability is None else reliability.rows
    for kind, figures in (("probability", answer.probabilities), ("score", answer.scores)):
        # The answer has them by size, which differs from row to row.
        for name in sorted(figures or (), key=str):
            cells[f"{kind}_{name}"] = (figures or {})[name]
    return cells


def _of_output(column: str, output: str) -> str:
    """Return the column of one of several outputs."""
    if column in ("prediction", "label"):
        return f"{column}_{output}"
    return column.replace("_", f"_{output}_", 1)


def _warnings(answer: Prediction) -> str | None:
    return "; ".join(map(str, answer.warnings)) or None
