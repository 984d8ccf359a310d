"""Compares the cost of variations of a request: ``python -m bench.roads``.

Each variation takes turns with the plainest request in small blocks, in process and over HTTP, so
that both get the noise of the machine. Over HTTP, a bare WSGI application under the same server is
the lower bound.
"""

import argparse
import contextlib
import gzip
import io
import json
import socket
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.profile import quiet
from bench.rows import instances
from bench.servers import ROOT, started
from bench.tensors import as_bytes, as_json, infer_path
from servery.api import EXTENSION, Services
from servery.app import create_app
from servery.garbage import collect_rarely
from servery.inputs import NumberStats
from servery.served import ServedModel
from servery.settings import Settings

MANY = 10_000
FLOOR = "bare WSGI"
PLAIN, PLAIN_MANY = "plain", f"{MANY} rows"
ORIGIN = "http://page.example"


@dataclass(frozen=True, slots=True)
class Road:
    """One variation of a request: what it sends, and what it is compared with.

    ``path`` is another address than that of predictions.
    """

    name: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    is_chunked: bool = False
    beside: str = PLAIN
    path: str | None = None

    @property
    def is_many(self) -> bool:
        """Whether it asks for many rows."""
        return self.beside == PLAIN_MANY


def roads(model: ServedModel, data: Path | None) -> list[Road]:
    """Return the variations, the plain ones first."""
    rows = instances(model, data)
    plain = rows[0]
    number = next(item for item in model.signature.inputs if item.type_name == "integer")
    optional = next((item for item in model.signature.inputs if item.missing_allowed), None)
    body = _one(plain)
    as_float = {**plain, number.name: float(plain[number.name])}
    odd = _with_warning(model, plain)
    many = (rows * (MANY // len(rows) + 1))[:MANY]
    found = [
        Road(PLAIN, body),
        Road("Origin", body, {"Origin": ORIGIN}),
        Road("charset=utf-8", body, {"Content-Type": "application/json; charset=utf-8"}),
        Road("?version=", body, query=f"?version={model.version}"),
        Road("chunked", body, is_chunked=True),
        Road("39.0 for an integer", _one(as_float)),
        Road("an escape", body.replace(b'"inputs"', b'"\\u0069nputs"')),
        Road("a warning", _one(odd)),
        Road("gzip", gzip.compress(body), {"Content-Encoding": "gzip"}),
        Road(PLAIN_MANY, _many(many), beside=PLAIN_MANY),
        Road("one 39.0 among them", _many([*many[:-1], as_float]), beside=PLAIN_MANY),
        Road(
            "one warning among them",
            _many([*many[:-1], odd]),
            beside=PLAIN_MANY,
        ),
    ]
    infer = infer_path(model)
    for name, those, beside in (("", [plain], PLAIN), (f"{MANY} rows, ", many, PLAIN_MANY)):
        packed, headers = as_bytes(those)
        found.append(Road(f"{name}V2 JSON", as_json(those), beside=beside, path=infer))
        found.append(Road(f"{name}V2 bytes", packed, headers, beside=beside, path=infer))
    if optional is not None:
        less = {name: value for name, value in plain.items() if name != optional.name}
        found.insert(7, Road("an optional input left out", _one(less)))
    return found


def _with_warning(model: ServedModel, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a row with one value that gets a warning."""
    for item in model.signature.inputs:
        stats = getattr(item, "training_stats", None)
        ends = [stats.minimum - 1, stats.maximum + 1] if isinstance(stats, NumberStats) else []
        for value in ("never seen", *ends):
            changed = {**row, item.name: value}
            read = model.reader.row(changed)
            if read is not None and read.warnings[0]:
                return changed
    raise LookupError(f"{model.name} takes no odd value")


def _one(row: Mapping[str, Any]) -> bytes:
    return json.dumps({"inputs": row}, ensure_ascii=False).encode()


def _many(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return json.dumps({"instances": rows}, ensure_ascii=False).encode()


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the training data, for real rows")
    parser.add_argument("--model", default="income")
    parser.add_argument("--rounds", type=int, default=30)
    given = parser.parse_args()
    with quiet():
        settings = replace(Settings.from_env(), models=ROOT / "models", cors_origins=(ORIGIN,))
        app = create_app(settings)
        services: Services = app.extensions[EXTENSION]
        model = services.repository.get(given.model)
        compared = roads(model, given.data)
        collect_rarely()
        path = f"/api/v1/models/{model.name}/predictions"
        alone = measured(
            compared,
            {each.name: partial(_call, app.wsgi_app, path, each) for each in compared},
            given.rounds,
            time.process_time,
        )
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        body = compared[0].body.decode()
        server = stack.enter_context(
            started("servery", path, body, folder / "log", SERVERY_CORS_ORIGINS=ORIGIN)
        )
        bare = stack.enter_context(started("bare", "/", body, folder / "bare"))
        client = stack.enter_context(connected(server.url))
        floor = stack.enter_context(connected(bare.url))
        asks: dict[str, Callable[[], None]] = {
            each.name: partial(client, request_bytes(path, each)) for each in compared
        }
        asks[FLOOR] = partial(floor, request_bytes("/", compared[0]))
        http = measured(
            [*compared, Road(FLOOR, compared[0].body)], asks, given.rounds, time.perf_counter
        )
    print(f"{'beside the plain road, ' + model.name:32}{'in process':>20}{'over HTTP':>20}")
    for each in (*compared, Road(FLOOR, b"")):
        print(f"{each.name:32}{_shown(alone, each):>20}{_shown(http, each):>20}")


def measured(
    compared: Sequence[Road],
    asks: Mapping[str, Callable[[], None]],
    rounds: int,
    clock: Callable[[], float],
) -> dict[str, tuple[float, float]]:
    """Return the median ratio to the road in comparison, and the time in microseconds."""
    times: dict[str, list[float]] = {each.name: [] for each in compared}
    ratios: dict[str, list[float]] = {each.name: [] for each in compared}
    for turn in range(rounds):
        for each in compared:
            count = 1 if each.is_many else 50
            pair = [each.beside, each.name]
            pair = pair if turn % 2 else pair[::-1]  # the second finds caches warmer
            took = {name: _block(asks[name], count, clock) for name in pair}
            times[each.name].append(took[each.name])
            ratios[each.name].append(took[each.name] / took[each.beside])
    return {
        name: (statistics.median(ratios[name]), statistics.median(times[name])) for name in times
    }


def _block(ask: Callable[[], None], count: int, clock: Callable[[], float]) -> float:
    before = clock()
    for _ in range(count):
        ask()
    return (clock() - before) / count * 1e6


def _shown(found: Mapping[str, tuple[float, float]], road: Road) -> str:
    if road.name not in found:
        return ""
    ratio, us = found[road.name]
    return f"{ratio:.2f}  {us:9,.1f} µs"


def _call(app: Any, path: str, road: Road) -> None:  # noqa: ANN401 - a WSGI application
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": road.path or path,
        "QUERY_STRING": road.query.removeprefix("?"),
        "HTTP_HOST": "127.0.0.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(road.body),
        "wsgi.input_terminated": True,
        "CONTENT_TYPE": "application/json",
    }
    for name, value in road.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    if road.is_chunked:
        environ["HTTP_TRANSFER_ENCODING"] = "chunked"
    else:
        environ["CONTENT_LENGTH"] = str(len(road.body))
    statuses: list[str] = []
    list(app(environ, lambda status, *_: statuses.append(status)))
    _require_ok(statuses[0], road.name)


def request_bytes(path: str, road: Road) -> bytes:
    """Return a request as it is sent."""
    headers = {"Host": "127.0.0.1", "Content-Type": "application/json", **road.headers}
    body = road.body
    if road.is_chunked:
        headers["Transfer-Encoding"] = "chunked"
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    else:
        headers["Content-Length"] = str(len(body))
    lines = [
        f"POST {road.path or path}{road.query} HTTP/1.1",
        *(f"{k}: {v}" for k, v in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@contextlib.contextmanager
def connected(url: str) -> Iterator[Callable[[bytes], None]]:
    """Give what sends a request on one connection that stays, and reads its answer."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def ask(request: bytes) -> None:
            connection.sendall(request)
            head, _, body = _until_head(connection).partition(b"\r\n\r\n")
            _require_ok(head[9:15].decode(), "a request")
            [length] = [
                int(line[15:]) for line in head.lower().split(b"\r\n") if line[:15] == LENGTH
            ]
            left = length - len(body)
            while left > 0:
                left -= len(connection.recv(1 << 20))

        yield ask


LENGTH = b"content-length:"


def _until_head(connection: socket.socket) -> bytes:
    data = connection.recv(1 << 16)
    while b"\r\n\r\n" not in data:
        data += connection.recv(1 << 16)
    return data


def _require_ok(status: str, name: str) -> None:
    if not status.startswith("200"):
        raise RuntimeError(f"{name} is answered with {status}")


if __name__ == "__main__":
    main()
