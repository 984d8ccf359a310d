"""What an estimator does with odd values: it is asked, on a row that it takes otherwise."""

import warnings
from collections.abc import Sequence
from typing import Any

from servery.inputs import Input, Value
from servery.manifest import RuntimeFacts
from servery.runtimes.sklearn import to_table
from servery.signature import Row


def typical_row(inputs: Sequence[Input]) -> Row:
    """Return a row of typical values; where none is known, of any value of the type."""
    return tuple(item.sample() for item in inputs)


class Probe:
    """An estimator and a row that it takes."""

    def __init__(
        self,
        estimator: Any,  # noqa: ANN401 - any fitted estimator
        inputs: Sequence[Input],
        facts: RuntimeFacts,
    ) -> None:
        self._estimator = estimator
        self._inputs = inputs
        self._facts = facts
        self._row = typical_row(inputs)

    @property
    def table(self) -> Any:  # noqa: ANN401 - as the estimator takes it
        """The row, laid out as the estimator takes it."""
        return to_table(self._inputs, [self._row], self._facts)

    def accepts(self, place: int, value: Value) -> bool:
        """Return whether the estimator answers when the value at ``place`` is this one."""
        row = (*self._row[:place], value, *self._row[place + 1 :])
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that it is odd is what is asked
                self._estimator.predict(to_table(self._inputs, [row], self._facts))
        except Exception:  # estimators refuse in many ways
            return False
        return True
