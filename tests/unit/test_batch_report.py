"""What the command says of a table, which is true however few rows it has."""

from collections import Counter

import numpy as np
import pytest

from servery.batch.command.reporting import report
from servery.batch.summary import Spread, Summary, as_json
from servery.inputs import IntegerInput
from tests.unit.batches import model_of, scored


def said(*values: float) -> str:
    spread = Spread()
    spread.add(np.array(values))
    return report(Summary(rows=len(values), quantities={"y": spread})).splitlines()[-1]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((364.8,), "  y: 364.8"),
        ((364.8, 383.8), "  y: from 364.8 to 383.8, 374.3 on average"),
        ((-1.0, 0.0, 40_000.5), "  y: from -1 to 40,000, 13,333 on average"),
        (tuple(range(19)), "  y: from 0 to 18, 9 on average"),
    ],
)
def test_of_few_rows_the_summary_says_what_they_are(values: tuple[float, ...], words: str) -> None:
    assert said(*values) == words


def test_of_many_rows_it_says_quantiles_within_one_in_a_hundred() -> None:
    values = np.random.default_rng(0).gamma(2.0, 50.0, 1_000)
    spread = Spread()
    spread.add(values)
    for share in (0.0, 0.05, 0.5, 0.95, 1.0):
        assert spread.quantile(share) == pytest.approx(np.quantile(values, share), rel=0.011)
    assert "90% of the rows from" in said(*values)


def test_quantiles_in_json_need_enough_rows() -> None:
    few = scored("age\n1\n2\n", model=model_of(IntegerInput(name="age")))[1]
    assert as_json(few)["quantities"]["y"] == {
        "rows": 2,
        "mean": 3.0,
        "minimum": 2.0,
        "maximum": 4.0,
        "quantiles": [],
    }


def test_classes_that_are_not_named_are_counted() -> None:
    summary = Summary(rows=78)
    summary.classes["y"] = Counter({f"c{place}": place + 1 for place in range(12)})
    assert report(summary).endswith("c3 4, c2 3, 2 other classes 3")
