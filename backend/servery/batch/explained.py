"""Columns of a result that say what moved each prediction."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np

from servery.batch.decisions import DecidedOutput
from servery.batch.scoring import Scored, row_of
from servery.errors import InvalidInputs, ModelFailed, TableUnreadable, Unanswerable
from servery.evaluation.answers import positive_class
from servery.explaining import Explanation, explain, require
from servery.explaining.contributions import Contribution, is_of_text
from servery.inputs import Scalar
from servery.served import ServedModel
from servery.signature import ClassificationOutput, MultiOutput
from servery.tables.blocks import RawColumn, unique_name
from servery.tables.cells import plain_text, spelled
from servery.tables.results import ResultRows, ResultSchema

#: Contributions that the text of a row names.
MOST_NAMED = 3
#: Enough to never cut an explanation short: the same row has the same one on any machine.
BUDGET_S = 60.0
#: The columns after which these come.
REMARKS = 2


class RowExplainer:
    """Explains each row of a table that has a prediction.

    With two classes, the probability of the positive one is explained in all rows; with more, that
    of the reported one, or else of the predicted one.

    Raises
    ------
    NotSupported
        The version has no background rows.
    TableUnreadable
        The model has several outputs.
    """

    def __init__(self, model: ServedModel) -> None:
        require(model, "explanations")
        output = model.signature.output
        if isinstance(output, MultiOutput):
            raise TableUnreadable("--explain needs a model with one output.")
        self._model = model
        self._output: Scalar | None = None
        if isinstance(output, DecidedOutput) and output.reported is not None:
            self._output = output.reported
        elif isinstance(output, ClassificationOutput) and len(output.classes) == 2:
            self._output = output.classes[positive_class(output)].value
        self._names = () if is_of_text(model) else model.signature.names

    def schema_of(self, schema: ResultSchema) -> ResultSchema:
        """Return the columns of a result with those of explanations, before the remarks."""
        names: list[str] = []
        taken = [*schema.layout.header, *schema.added]
        for name in (*(f"contribution_{name}" for name in self._names), "explanation"):
            names.append(unique_name(name, taken, names))
        columns = [RawColumn(np.zeros(0)) for _ in self._names]
        nothing = RawColumn([None], np.zeros(0, dtype=np.intp))
        own = list(schema.added.items())
        explained = zip(names, [*columns, nothing], strict=True)
        return replace(schema, added=dict([*own[:-REMARKS], *explained, *own[-REMARKS:]]))

    def rows_of(self, rows: ResultRows, scored: Scored) -> ResultRows:
        """Return rows with their explanations."""
        n_rows = len(scored.block)
        shares = np.full((len(self._names), n_rows), np.nan)
        texts: list[str | None] = [None] * n_rows
        inputs = self._model.signature.inputs
        for row in range(n_rows):
            if row in scored.parsed.faults:
                continue
            try:
                found = explain(
                    self._model,
                    row_of(inputs, scored.parsed.columns, row),
                    output=self._output,
                    budget_s=BUDGET_S,
                )
            except (InvalidInputs, ModelFailed, Unanswerable):  # a mixed row without an answer
                continue
            texts[row] = explained_text(found)
            by_input = {each.input: each.contribution for each in found.contributions}
            shares[:, row] = [by_input[name] for name in self._names]
        columns = [RawColumn(values) for values in shares]
        own = list(rows.added)
        added = [*own[:-REMARKS], *columns, RawColumn(texts), *own[-REMARKS:]]
        return ResultRows(rows.block, rows.numbers, _coded(added))


def _coded(columns: Sequence[RawColumn]) -> list[RawColumn]:
    """Return columns of which all texts have codes, as those of answers have."""
    return [
        column
        if column.codes is not None or isinstance(column.values, np.ndarray)
        else RawColumn(column.values, np.arange(len(column.values)))
        for column in columns
    ]


def explained_text(explanation: Explanation) -> str:
    """Name what moved a prediction most, with its sign."""
    most = sorted(explanation.contributions, key=lambda each: -abs(each.contribution))
    return "; ".join(
        f"{_named(each)} ({each.contribution:+.3g})"
        for each in most[:MOST_NAMED]
        if each.contribution
    )


def _named(contribution: Contribution) -> str:
    """Return an input with its value, or a word of a text."""
    value = contribution.value
    text = spelled(value) if isinstance(value, float) else plain_text(value)
    is_word = contribution.start is not msgspec.UNSET
    return text if is_word else f"{contribution.input} {text or 'unknown'}"
