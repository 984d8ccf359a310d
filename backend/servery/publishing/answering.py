"""Asks a model file in the environment of an older scikit-learn; runs there, on Python 3.8.

Standard input: the length of a question as 8 bytes, the question as JSON, and the file. Standard
output: the answers as JSON, for each method those of all rows that the estimator answers.
"""

import io
import json
import sys
import warnings
from typing import Any


def main() -> None:
    """Read a question and a file, and write the answers."""
    import joblib
    import sklearn

    given = sys.stdin.buffer
    question = json.loads(given.read(int.from_bytes(given.read(8), "big")).decode())
    warnings.simplefilter("ignore")
    estimator = joblib.load(io.BytesIO(given.read()))
    table = laid_out(question)
    answers: Any = []
    ask_rows(estimator, table, question["methods"], (0, question["rows"]), answers)
    json.dump({"version": sklearn.__version__, "answers": answers}, sys.stdout)


def laid_out(question: Any) -> Any:
    """Return the rows as the estimator takes them."""
    import pandas as pd

    columns = question["columns"]
    if question["takes"] == "texts":
        return columns[0]["values"]
    frame = pd.DataFrame(
        {each["name"]: pd.Series(each["values"], dtype=each["dtype"]) for each in columns}
    )
    return frame if question["takes"] == "frame" else frame.to_numpy()


def ask_rows(estimator: Any, table: Any, methods: Any, span: Any, answers: Any) -> Any:
    """Add the answers to a span of rows; None for a row that the estimator refuses."""
    start, end = span
    rows = table[start:end]
    try:
        found = {method: listed(getattr(estimator, method)(rows)) for method in methods}
    except Exception:  # an estimator may raise anything at all
        if end - start == 1:
            answers.append(None)
            return
        middle = (start + end) // 2
        ask_rows(estimator, table, methods, (start, middle), answers)
        ask_rows(estimator, table, methods, (middle, end), answers)
        return
    for place in range(end - start):
        answers.append({method: row_of(found[method], place) for method in methods})


def listed(answer: Any) -> Any:
    """Return an answer as lists; several outputs are a list of arrays."""
    return [each.tolist() for each in answer] if isinstance(answer, list) else [answer.tolist()]


def row_of(arrays: Any, place: Any) -> Any:
    """Return what each array says of a row."""
    return [array[place] for array in arrays]


main()
