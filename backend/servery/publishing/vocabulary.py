"""How many of a text's words a model must know, by the texts that it was fitted on."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from servery.inspection import Inspected
from servery.manifest import FEWEST_KNOWN_WORDS
from servery.runtimes.sklearn import SklearnRuntime
from servery.signature import Row

#: Nearly all texts of training have at least the fewest known words ...
RARE = 0.01
#: ... and no text is doubted of which the model knows this share.
ENOUGH = 0.5


def fewest_known_words(
    estimator: Any,  # noqa: ANN401
    inspected: Inspected,
    rows: Sequence[Row],
) -> float:
    """Return the share of known words below which an answer is not firm."""
    if not rows:
        return FEWEST_KNOWN_WORDS
    known = SklearnRuntime(estimator, inspected.signature, inspected.facts).predict(rows)
    if known.known_words is None:
        return FEWEST_KNOWN_WORDS
    return min(ENOUGH, float(np.quantile(known.known_words, RARE)))
