"""Real rows to ask with: from the training data where they lie beside, else recorded ones."""

import csv
import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from servery.served import ServedModel

FILES = {
    "income": "adult.csv",
    "bikes": "bikes.csv",
    "petrol": "petrol.csv",
    "species": "species.csv",
    "questions": "questions.csv.gz",
}
#: Columns that the model calls otherwise.
OTHERWISE = {"populationdriverlicence": "shareofdrivers"}
MOST = 5000


def instances(model: ServedModel, data: Path | None) -> list[dict[str, Any]]:
    """Return distinct instances that fit a model, in an order of chance that is always the same."""
    real = list(_read(model, data / FILES[model.name])) if data else []
    found = real or [each.inputs for each in model.manifest.golden]
    distinct = list({json.dumps(each): each for each in found}.values())
    random.Random(0).shuffle(distinct)  # noqa: S311 - the same rows each time
    return distinct[:MOST]


def bodies(rows: list[dict[str, Any]]) -> list[str]:
    """Return one request for each instance."""
    return [json.dumps({"inputs": row}, ensure_ascii=False) for row in rows]


def _read(model: ServedModel, path: Path) -> Iterator[dict[str, Any]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        names = {_plain(item.name): item for item in model.signature.inputs}
        for number, record in enumerate(csv.DictReader(file)):
            if number >= 4 * MOST:
                return
            plain = ((_plain(name), cell) for name, cell in record.items())
            cells = {OTHERWISE.get(name, name): cell for name, cell in plain}
            row = {item.name: _value(item, cells.get(name)) for name, item in names.items()}
            if model.reader.row(row) is not None:
                yield row


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _value(item: Any, cell: str | None) -> Any:  # noqa: ANN401 - an input of any type
    if cell is None or cell in {"", "?"}:
        return None
    kind = item.__struct_config__.tag
    return int(cell) if kind == "integer" else float(cell) if kind == "number" else cell
