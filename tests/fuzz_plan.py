"""Changes plans at random, by a seed, and asks each change: refused, an error, or an answer.

    python -m tests.fuzz_plan 200000 [SEED]

The changes know the format: numbers, lists and steps of the tree, the values, types, shapes and
order of arrays, bytes of the archive. What asks them is a fork with limits: one that dies or takes
long is a fault, as it would be in a web process.
"""

import io
import json
import os
import random
import resource
import signal
import sys
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from servery.errors import CompiledUnreadable
from servery.manifest import Manifest, read_manifest
from servery.runtimes.plan import Plan, PlanRuntime

MODELS = Path(__file__).resolve().parents[1] / "models"
#: One fork asks so many, so that starting it costs little.
A_FORK = 100
#: Far more than a fork takes for that, on a machine that is busy.
FORK_S = 120
MEMORY_BYTES = 2 << 30
ODD = (0, 1, -1, 2, 2**31 - 1, 2**31, -(2**63), 2**63 - 1, 10**12, 1e300, -0.0)


@dataclass(frozen=True, slots=True)
class Shipped:
    """A plan that is changed: its tree, its arrays and its manifest."""

    tree: Any
    arrays: dict[str, Any]
    manifest: Manifest


def shipped() -> list[Shipped]:
    """Return the plans of the shipped models."""
    found = []
    for folder in sorted(MODELS.glob("*/1")):
        with np.load(folder / "plan.npz") as archive:
            arrays = dict(archive)
        tree = json.loads(arrays.pop("tree").tobytes())
        found.append(Shipped(tree, arrays, read_manifest((folder / "model.json").read_bytes())))
    return found


def changed(plan: Shipped, rng: random.Random) -> bytes:
    """Return the file of a plan with one to four changes."""
    tree, arrays = json.loads(json.dumps(plan.tree)), dict(plan.arrays)
    for _ in range(rng.randint(1, 4)):
        if rng.random() < 0.5 and arrays:
            _change_array(arrays, rng)
        else:
            _change_tree(tree, rng)
    data = _packed(tree, arrays)
    return _change_bytes(data, rng) if rng.random() < 0.1 else data


def _packed(tree: object, arrays: dict[str, Any]) -> bytes:
    sink = io.BytesIO()
    entries = {**arrays, "tree": np.frombuffer(json.dumps(tree).encode(), dtype=np.uint8)}
    with zipfile.ZipFile(sink, "w") as archive:
        for name, array in entries.items():
            npy = io.BytesIO()
            np.save(npy, array, allow_pickle=False)
            archive.writestr(f"{name}.npy", npy.getvalue())
    return sink.getvalue()


def _change_array(arrays: dict[str, Any], rng: random.Random) -> None:
    name = rng.choice(sorted(arrays))
    array = arrays[name].copy()
    match rng.randrange(6):
        case 0 | 1 if array.size and array.dtype.kind in "iuf":
            flat = array.reshape(-1)
            for _ in range(rng.randint(1, 5)):
                with warnings.catch_warnings(), np.errstate(all="ignore"):
                    warnings.simplefilter("ignore")
                    odd = np.array(rng.choice([*ODD, np.nan, np.inf])).astype(array.dtype)
                flat[rng.randrange(flat.size)] = odd
        case 2 if array.size > 1:
            array = array.reshape(-1)[: rng.randrange(array.size)]
        case 3:
            array = np.concatenate([array.reshape(-1)] * 2)
        case 4 if array.dtype.kind in "iufb":
            kind = rng.choice(["<f4", ">f8", "<i1", "<c16", "<U3", "?", "<u8"])
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                array = array.astype(kind)
        case _:
            other = rng.choice(sorted(arrays))
            arrays[other], array = array, arrays[other]
    arrays[name] = array


def _places(value: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - JSON
    """Go through every entry of a tree: what holds it, and its key."""
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, entry in list(entries):
        yield value, key
        if isinstance(entry, (dict, list)):
            yield from _places(entry)


def _change_tree(tree: Any, rng: random.Random) -> None:  # noqa: ANN401
    places = list(_places(tree))
    if not places:
        return
    holder, key = rng.choice(places[:20_000])
    value = holder[key]
    match rng.randrange(5):
        case 0:
            holder[key] = rng.choice([*ODD, None, True, "", "Trees", [], {}, "NaN"])
        case 1 if isinstance(value, (int, float)) and not isinstance(value, bool):
            holder[key] = value + rng.choice([1, -1, 1000, 0.5])
        case 2 if isinstance(holder, dict):
            del holder[key]
        case 3:
            other, its_key = rng.choice(places[:20_000])
            holder[key] = json.loads(json.dumps(other[its_key]))
        case _ if isinstance(value, list) and value:
            value.append(rng.choice(value))


def _change_bytes(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def ask(data: bytes, manifest: Manifest) -> str:
    """Return what becomes of a plan: refused, an error, or an answer."""
    signature = manifest.signature
    rows = signature.parse([each.inputs for each in manifest.golden[:3]]).rows
    try:
        runtime = PlanRuntime(Plan.load(data), signature)
    except CompiledUnreadable:
        return "refused"
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            runtime.predict(rows)
            runtime.predict(rows[:1])
        except Exception:  # a web process answers 500 to it, and goes on
            return "failed"
    return "answered"


def fuzz(count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Ask ``count`` changed plans; return what became of them, and the forks that died or hung."""
    totals: Counter[str] = Counter()
    bad = []
    for start in range(0, count, A_FORK):
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            try:
                _ask_some(min(A_FORK, count - start), f"{seed} {start}", write)
            finally:
                os._exit(1)
        os.close(write)
        with os.fdopen(read) as said:
            lines = said.read().splitlines()
        _, status = os.waitpid(child, 0)
        totals.update(lines)
        if status != 0:
            bad.append(f"{seed} {start} {len(lines)} {os.waitstatus_to_exitcode(status)}")
    return totals, bad


def _ask_some(count: int, seed: str, write: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    signal.alarm(FORK_S)
    rng, plans = random.Random(seed), shipped()  # noqa: S311 - not for secrets
    for _ in range(count):
        plan = rng.choice(plans)
        os.write(write, f"{ask(changed(plan, rng), plan.manifest)}\n".encode())
    os._exit(0)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    totals, bad = fuzz(given[0], given[1] if len(given) > 1 else 1)
    print(json.dumps({**totals, "bad": bad}))
    sys.exit(bool(bad))
