"""Servery's server under other settings, in turns: ``python -m bench.tuning --data FOLDER``."""

import argparse
import contextlib
import statistics
import tempfile
from pathlib import Path

from bench.load import Load, require_wrk, run
from bench.rows import bodies, instances
from bench.run import predictions
from bench.servers import ROOT, started
from servery.repository import Repository

#: By name: options of gunicorn, and settings.
VARIANTS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "as it is: 2 workers, 4 threads": ((), {}),
    "gunicorn's own gthread": (("--worker-class", "gthread"), {}),
    "2 sync workers": (("--worker-class", "sync"), {"SERVERY_THREADS": "1"}),
    "2 workers, 1 thread": ((), {"SERVERY_THREADS": "1"}),
    "2 workers, 2 threads": ((), {"SERVERY_THREADS": "2"}),
    "2 workers, 8 threads": ((), {"SERVERY_THREADS": "8"}),
    "1 worker, 4 threads": ((), {"WEB_CONCURRENCY": "1"}),
    "4 workers, 4 threads": ((), {"WEB_CONCURRENCY": "4"}),
    "without keep-alive": (("--keep-alive", "0"), {}),
    "not preloaded": ((), {"OMP_NUM_THREADS": "2"}),
}
CLIENTS = (1, 16)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the training data, for real rows")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    require_wrk()
    asked = bodies(instances(Repository(ROOT / "models").get("income"), given.data))
    path = predictions("income")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        file = folder / "bodies.txt"
        file.write_text("\n".join(asked), encoding="utf-8")
        running = {
            name: stack.enter_context(
                started("servery", path, asked[0], folder / f"{place}.log", options, **settings)
            )
            for place, (name, (options, settings)) in enumerate(VARIANTS.items())
        }
        seen: dict[tuple[str, int], list[Load]] = {}
        for _ in range(given.rounds):
            for name, server in running.items():
                for clients in CLIENTS:
                    load = run(server.url + path, file, clients, 2)
                    seen.setdefault((name, clients), []).append(load)
        print("| | requests/s, 1 client | p99 ms | requests/s, 16 clients | p99 ms | MiB |")
        print("| --- | --- | --- | --- | --- | --- |")
        for name, server in running.items():
            cells = [
                f"{statistics.median(each.per_second for each in seen[name, clients]):,.0f} | "
                f"{statistics.median(each.p99_ms for each in seen[name, clients]):.2f}"
                for clients in CLIENTS
            ]
            print(f"| {name} | {' | '.join(cells)} | {server.memory_mib():.0f} |")


if __name__ == "__main__":
    main()
