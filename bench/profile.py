"""Where a request's time goes, as a table: ``make profile``."""

import argparse
import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from bench.load import require_wrk, run
from bench.rows import bodies, instances
from bench.servers import ROOT, started
from servery.api import EXTENSION, REQUEST_ID, Services
from servery.app import create_app
from servery.predict import predict
from servery.served import ServedModel
from servery.settings import Settings

REPEATS = 15
PARTS = ("read and check", "runtime", "words, encode", "WSGI, id, log, headers", "server")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the training data, for real rows")
    given = parser.parse_args()
    require_wrk()
    with quiet():
        app = create_app(replace(Settings.from_env(), models=ROOT / "models"))
        services: Services = app.extensions[EXTENSION]
        table = {
            model.name: _parts(model, app.wsgi_app, given.data) for model in services.repository
        }
    print(f"{'µs of one request, one client':30}" + "".join(f"{name:>11}" for name in table))
    for part in PARTS:
        print(f"{part:30}" + "".join(f"{parts[part]:11.1f}" for parts in table.values()))
    print(f"{'all':30}" + "".join(f"{sum(parts.values()):11.1f}" for parts in table.values()))


def _parts(
    model: ServedModel,
    wsgi: Any,  # noqa: ANN401 - a WSGI application
    data: Path | None,
) -> dict[str, float]:
    rows = instances(model, data)[:300]
    asked = [body.encode() for body in bodies(rows)]
    path = f"/api/v1/models/{model.name}/predictions"
    parsed = [model.signature.parse([row]) for row in rows]
    read = _us(lambda body: model.reader.body(body, 1), asked)
    runtime = _us(lambda each: model.runtime.predict(each.rows), parsed)
    answered = _us(lambda each: msgspec.json.encode(predict(model, each)[0]), parsed) - runtime
    whole = _us(lambda body: _call(wsgi, path, body), asked)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bodies.txt"
        file.write_text("\n".join(bodies(rows)), encoding="utf-8")
        with started("servery", path, bodies(rows)[0], Path(folder) / "log") as server:
            seen = run(server.url + path, file, clients=1, seconds=2)
    known = read + runtime + answered
    return dict(
        zip(
            PARTS,
            (read, runtime, answered, whole - known, 1e6 / seen.per_second - whole),
            strict=True,
        )
    )


def _us(function: Callable[[Any], object], arguments: list[Any]) -> float:
    """Return the median time of a call in microseconds, over distinct arguments."""
    times = []
    for _ in range(REPEATS):
        before = time.perf_counter()
        for argument in arguments:
            function(argument)
        times.append((time.perf_counter() - before) / len(arguments))
    return statistics.median(times) * 1e6


def _call(app: Any, path: str, body: bytes) -> None:  # noqa: ANN401 - a WSGI application
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "HTTP_HOST": "127.0.0.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        REQUEST_ID: "profile",
    }
    statuses: list[str] = []
    list(app(environ, lambda status, *_: statuses.append(status)))
    if statuses != ["200 OK"]:
        raise RuntimeError(f"{path} answers {statuses}")


@contextmanager
def quiet() -> Iterator[None]:
    """Write the log elsewhere in the meantime: its cost is measured, its lines are not wanted."""
    sys.stderr.flush()
    kept = os.dup(2)
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(sink)


if __name__ == "__main__":
    main()
