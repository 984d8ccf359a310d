"""What an estimator does with odd values: it is asked, on rows that it takes otherwise."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from servery.inputs import Input, Refusal, Value
from servery.manifest import RuntimeFacts
from servery.runtimes import figures_of
from servery.runtimes.sklearn import ask, to_table
from servery.signature import Output, Row
from servery.signature.parsing import parse_value

#: So many cells are laid out at once; hardly any input has more values to try.
MOST_CELLS, ROWS_OF_AN_INPUT = 2_000_000, 12
#: Rows of the table that are tried, to find some that the estimator answers.
MOST_TRIED = 24
MOST_ROWS = 6


def typical_row(inputs: Sequence[Input]) -> Row:
    """Return a row of typical values; where none is known, of any value of the type."""
    return tuple(item.sample() for item in inputs)


@dataclass(frozen=True, slots=True)
class Probe:
    """An estimator and rows that it takes: some of the table, or a typical one without a table."""

    estimator: Any
    inputs: Sequence[Input]
    facts: RuntimeFacts
    rows: Sequence[Row]

    @classmethod
    def of(
        cls,
        estimator: Any,  # noqa: ANN401 - any fitted estimator
        inputs: Sequence[Input],
        facts: RuntimeFacts,
        X: pd.DataFrame | None,
    ) -> "Probe":
        """Choose the rows."""
        tried = [] if X is None else _some_rows(inputs, X)
        probe = cls(estimator, inputs, facts, [typical_row(inputs)])
        all_answered = bool(tried) and probe.answers(tried)
        answered = tried if all_answered else [row for row in tried if probe.answers([row])]
        return cls(estimator, inputs, facts, answered[:MOST_ROWS] or tried[:1] or probe.rows)

    @property
    def table(self) -> Any:  # noqa: ANN401 - as the estimator takes it
        """The first row, laid out as the estimator takes it."""
        return self._laid_out(self.rows[:1])

    def answers(self, rows: Sequence[Row]) -> bool:
        """Return whether the estimator answers these rows."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that a value is odd is what is asked
                self.estimator.predict(self._laid_out(rows))
        except Exception:  # estimators refuse in many ways
            return False
        return True

    def with_value(self, place: int, value: Value) -> list[Row]:
        """Return the rows with another value of one input."""
        return [(*row[:place], value, *row[place + 1 :]) for row in self.rows]

    def treats_alike(self, output: Output, place: int, values: Sequence[Value]) -> bool:
        """Return whether the answers to all rows are the same for each value of an input."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                figures = [
                    figures_of(
                        output,
                        ask(self.estimator, self._laid_out(self.with_value(place, value)), output),
                    )
                    for value in values
                ]
        except Exception:  # estimators refuse in many ways
            return False
        return all(np.array_equal(figures[0], each) for each in figures[1:])

    def _laid_out(self, rows: Sequence[Row]) -> Any:  # noqa: ANN401
        return to_table(self.inputs, rows, self.facts)


@dataclass(frozen=True, slots=True)
class InputProbe:
    """Asks about one input; ``unknown_allowed`` is what the fitted parts say of unknown values."""

    probe: Probe
    output: Output
    place: int
    unknown_allowed: bool

    def takes(self, *values: Value) -> bool:
        """Return whether the estimator answers each of these values, all in one row."""
        rows = [self.probe.with_value(self.place, value)[0] for value in values]
        return self.probe.answers(rows)

    def takes_unknown(self, *values: Value) -> bool:
        """Return whether unknown categories may be passed on.

        The categories of a pandas column are all that such an estimator can be given: an unknown
        one must be as good as a missing one, or it was taken for a known one.
        """
        return self.takes_unknown_by(self.takes, *values)

    def takes_unknown_by(self, takes: Callable[..., bool], *values: Value) -> bool:
        """Return the same; ``takes`` tries the values, unless they have to be compared."""
        if not self.unknown_allowed:
            return False
        if self.probe.inputs[self.place].name in self.probe.facts.categorical:
            return self.probe.treats_alike(self.output, self.place, [None, *values])
        return takes(*values)


@dataclass(frozen=True, slots=True)
class HopefulProbe:
    """Assumes that the estimator takes all values of one input, and notes the rows to try.

    Rows with missing values are kept apart: in one table with them, the others would have a
    different dtype.
    """

    real: InputProbe
    with_values: list[Row]
    with_missing: list[Row]

    def takes(self, *values: Value) -> bool:
        """Note the values."""
        for value in values:
            rows = self.with_missing if value is None else self.with_values
            rows.append(self.real.probe.with_value(self.real.place, value)[0])
        return True

    def takes_unknown(self, *values: Value) -> bool:
        """Note unknown categories where answers to them suffice."""
        return self.real.takes_unknown_by(self.takes, *values)


def probed_inputs(probes: Sequence[InputProbe]) -> list[Input]:
    """Return the inputs as their estimator takes them.

    An estimator takes nearly as long for one row as for hundreds, and many inputs have many values
    to try. So all are tried at once, one value in each row. If the estimator refuses, each half of
    the inputs is tried by itself.
    """
    if (
        len(probes) > 1
        and len(probes) * ROWS_OF_AN_INPUT * len(probes[0].probe.inputs) > MOST_CELLS
    ):
        return _halves_probed(probes)
    hopeful = [HopefulProbe(each, [], []) for each in probes]
    found = [_item(each.real).probed(each) for each in hopeful]
    tables = (
        [row for each in hopeful for row in each.with_values],
        [row for each in hopeful for row in each.with_missing],
    )
    if all(probes[0].probe.answers(rows) for rows in tables if rows):
        return found
    if len(probes) == 1:
        return [_item(probes[0]).probed(probes[0])]
    return _halves_probed(probes)


def _halves_probed(probes: Sequence[InputProbe]) -> list[Input]:
    middle = len(probes) // 2
    return [*probed_inputs(probes[:middle]), *probed_inputs(probes[middle:])]


def _item(probe: InputProbe) -> Input:
    return probe.probe.inputs[probe.place]


def _some_rows(inputs: Sequence[Input], X: pd.DataFrame) -> list[Row]:
    """Return rows from first to last of a table that fit the inputs."""
    places = np.unique(np.linspace(0, len(X) - 1, MOST_TRIED).astype(int))
    rows: list[Row] = []
    for record in X.iloc[places].to_dict("records"):
        instance = {
            item.name: None if pd.isna(record[item.name]) else item.from_cell(record[item.name])
            for item in inputs
        }
        try:
            rows.append(tuple(parse_value(item, instance)[0] for item in inputs))
        except Refusal:  # what the model cannot take was not in its fit
            continue
    return rows
