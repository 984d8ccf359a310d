"""Background rows: a hundred training rows that stand for all in explanations."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from servery.inputs import Scalar
from servery.inspection import Inspected
from servery.publishing.rows import plain_instance
from servery.runtimes import figures_of
from servery.runtimes.sklearn import ask, to_table
from servery.signature import Row

MOST = 100
SEED = 0


def background(
    estimator: Any,  # noqa: ANN401
    inspected: Inspected,
    rows: Sequence[Row],
) -> list[list[Scalar | None]]:
    """Choose rows whose predictions are spread as those of all rows are, each in signature order.

    A model of one text needs none: its words are held against the text without them.
    """
    signature = inspected.signature
    if not rows or (len(signature.inputs) == 1 and signature.inputs[0].is_free_text):
        return []
    chosen: Sequence[int] = range(len(rows))
    if len(rows) > MOST:
        table = to_table(signature.inputs, rows, inspected.facts)
        figures = figures_of(signature.output, ask(estimator, table, signature.output))
        ranked = np.argsort(figures[:, -1], kind="stable")
        evenly = ((np.arange(MOST) + 0.5) * len(rows) / MOST).astype(np.intp)
        # In no order, so that the first few of them stand for all as well.
        chosen = np.random.default_rng(SEED).permutation(ranked[evenly]).tolist()
    return [list(plain_instance(signature, rows[place]).values()) for place in chosen]
