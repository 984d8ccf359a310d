"""Measures many rows as tensors in bytes beside JSON: ``python -m bench.tensors``.

Several connections ask at once, each for 10,000 rows, and the forms take turns. The load takes a
part of the same cores.
"""

import argparse
import contextlib
import json
import statistics
import struct
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from bench.rows import instances
from bench.servers import ROOT, started
from servery.artifact import LoadPolicy
from servery.repository import Repository
from servery.served import ServedModel

HEADER_LENGTH = "Inference-Header-Content-Length"
MANY = 10_000


def infer_path(model: ServedModel) -> str:
    """Return where tensors are sent to."""
    return f"/v2/models/{model.name}/infer"


def as_json(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return rows as tensors in JSON."""
    given = [
        {"name": name, "shape": [len(rows)], "datatype": kind, "data": [r[name] for r in rows]}
        for name, kind in _datatypes(rows).items()
    ]
    return json.dumps({"inputs": given}, ensure_ascii=False).encode()


def as_bytes(rows: Sequence[Mapping[str, Any]]) -> tuple[bytes, dict[str, str]]:
    """Return rows as tensors in bytes, which are asked for in the answer too, and the header."""
    given, raw = [], []
    for name, kind in _datatypes(rows).items():
        raw.append(_packed(kind, [row[name] for row in rows]))
        size = {"binary_data_size": len(raw[-1])}
        given.append({"name": name, "shape": [len(rows)], "datatype": kind, "parameters": size})
    text = json.dumps({"inputs": given, "parameters": {"binary_data_output": True}}).encode()
    return b"".join([text, *raw]), {HEADER_LENGTH: str(len(text))}


def _datatypes(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    kinds = {int: "INT64", float: "FP64", bool: "BOOL", str: "BYTES"}
    values = {name: next(r[name] for r in rows if r[name] is not None) for name in rows[0]}
    return {name: kinds[type(value)] for name, value in values.items()}


def _packed(kind: str, values: Sequence[Any]) -> bytes:
    if kind == "BYTES":
        texts = ((value or "").encode() for value in values)
        return b"".join(struct.pack("<I", len(text)) + text for text in texts)
    return np.array(values, {"INT64": "<i8", "FP64": "<f8", "BOOL": "?"}[kind]).tobytes()


def main() -> None:
    """Print the rows per second of both forms."""
    from bench.roads import Road, connected, request_bytes

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the training data, for real rows")
    parser.add_argument("--model", default="income")
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=10)
    given = parser.parse_args()
    model = Repository(ROOT / "models", LoadPolicy(), only=given.model).get(given.model)
    found = instances(model, given.data)
    rows = (found * (MANY // len(found) + 1))[:MANY]
    own = f"/api/v1/models/{model.name}/predictions"
    one = json.dumps({"inputs": rows[0]})
    body, headers = as_bytes(rows)
    requests = {
        "own JSON": request_bytes(own, Road("", json.dumps({"instances": rows}).encode())),
        "V2 JSON": request_bytes(infer_path(model), Road("", as_json(rows))),
        "V2 bytes": request_bytes(infer_path(model), Road("", body, headers)),
    }
    rates: dict[str, list[float]] = {name: [] for name in requests}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(started("servery", own, one, folder / "log"))
        clients = [stack.enter_context(connected(server.url)) for _ in range(given.connections)]
        pool = stack.enter_context(ThreadPoolExecutor(given.connections))
        for _ in range(given.rounds):
            for name, request in requests.items():
                rates[name].append(_rate(pool, clients, request))
    for name, seen in rates.items():
        size = len(requests[name]) / 1e6
        rate = f"{statistics.median(seen):12,.0f} rows/s, at best {max(seen):,.0f}"
        print(f"{name:10}{rate}; {size:.1f} MB")


def _rate(
    pool: ThreadPoolExecutor, clients: Sequence[Callable[[bytes], None]], request: bytes
) -> float:
    """Return the rows per second while every connection asks some times."""
    times = 5

    def ask(client: Callable[[bytes], None]) -> None:
        for _ in range(times):
            client(request)

    before = time.perf_counter()
    list(pool.map(ask, clients))
    return len(clients) * times * MANY / (time.perf_counter() - before)


if __name__ == "__main__":
    main()
