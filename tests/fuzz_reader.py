"""Changes model files at random, by a seed, and opens each change: refused, or an estimator.

    python -m tests.fuzz_reader 200000 [SEED]

The changes know the format: opcodes, frames, the headers and types of arrays, places of the memo,
lengths, names. What opens them is a fork that ends itself where anything happens that reading a
model never does: a file or a socket opened, a process started, a module imported that is not one
of the libraries.
"""

import functools
import io
import os
import pickle
import pickletools
import random
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import joblib
import numpy as np
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from servery.artifact import LoadPolicy
from servery.artifact.opening import open_estimator
from servery.artifact.releases import measured, ours
from servery.errors import ArtifactRejected
from tests.unit.hostile import HOSTILE

#: One fork opens so many, so that starting it costs little.
A_FORK = 250
POLICY = LoadPolicy(memory_bytes=1 << 28)
#: Libraries that a file may have imported, with what they import themselves.
LIBRARIES = frozenset(
    {
        *("sklearn", "numpy", "scipy", "joblib", "pandas", "pyarrow", "servery", "threadpoolctl"),
        *("xgboost", "lightgbm", "catboost"),
    }
)
#: Modules whose functions reach out of the process.
OUTSIDE = (
    "import",
    "open",
    "exec",
    "os.",
    "subprocess.",
    "socket.",
    "shutil.",
    "ctypes.",
    "compile",
)


def honest() -> list[bytes]:
    """Small files of several shapes, in each of the formats that joblib and pickle write."""
    X = np.round(np.random.default_rng(0).normal(size=(24, 3)), 2)
    words = ["good film", "bad film", "fine plot", "awful plot"] * 6
    y = X[:, 0]
    models = [
        LinearRegression().fit(X, y),
        make_pipeline(StandardScaler(), LogisticRegression()).fit(X, np.where(y > 0, "a", "b")),
        RandomForestClassifier(2, max_depth=3).fit(X, y > 0),
        GradientBoostingClassifier(n_estimators=1, max_depth=2).fit(X, np.digitize(y, [-0.5, 0.5])),
        KNeighborsRegressor(algorithm="kd_tree").fit(X, y),
        make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(words, [1, 0] * 12),
        make_pipeline(OneHotEncoder(), LinearRegression()).fit(np.round(X), y),
    ]
    return [data for model in models for data in _saved(model)]


def _saved(model: object) -> Iterator[bytes]:
    for protocol in (2, 3, 4, 5):
        yield pickle.dumps(model, protocol)
    for protocol in (2, 4):
        sink = io.BytesIO()
        joblib.dump(model, sink, protocol=protocol)
        yield sink.getvalue()


def hostile(canary: Path) -> list[bytes]:
    """Files that would do something, but for bombs, which only take time."""
    skipped = {"a bomb", "gigantic"}
    return [
        make(canary) for name, make in HOSTILE.items() if not any(word in name for word in skipped)
    ]


@dataclass(frozen=True, slots=True)
class Piece:
    """One opcode of a file, with its argument."""

    at: int
    code: int
    end: int


@functools.lru_cache(256)  # the files that are changed are the same ones each time
def pieces_of(data: bytes) -> Sequence[Piece]:
    """Return the opcodes of a file, from its start and from each frame behind an array."""
    places: dict[int, int] = {}
    start = 0
    while start >= 0:
        last = start
        for at, code in _opcodes(data, start):
            places[at] = code
            last = at
        start = data.find(pickle.FRAME, last + 1)
    starts = sorted(places)
    ends = [*starts, len(data)][1:]
    return [Piece(at, places[at], end) for at, end in zip(starts, ends, strict=True)]


def _opcodes(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Go through opcodes until something is none."""
    stream = io.BytesIO(data)
    stream.seek(start)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd escapes in texts
        yield from list(_until_none(stream))


def _until_none(stream: io.BytesIO) -> Iterator[tuple[int, int]]:
    try:
        for opcode, _, at in pickletools.genops(stream):
            yield at or 0, ord(opcode.code)
    except (ValueError, IndexError, KeyError, OverflowError, MemoryError):
        return


Change = Callable[[random.Random, bytearray, Sequence[Piece]], None]
CODES = sorted(
    {getattr(pickle, name)[0] for name in pickle.__all__ if type(getattr(pickle, name)) is bytes}
)
NAMES = [
    *(b"builtins\neval", b"os\nsystem", b"numpy\nidentity", b"functools\npartial"),
    *(b"numpy\nndarray", b"numpy\ndtype", b"sklearn.svm._classes\nSVC", b"builtins\nbytearray"),
    *(b"numpy._core.numeric\n_frombuffer", b"collections\ndefaultdict", b"builtins\ngetattr"),
]


def swap_opcode(chance: random.Random, data: bytearray, pieces: Sequence[Piece]) -> None:
    """Put another opcode in the place of one."""
    data[chance.choice(pieces).at] = chance.choice(CODES)


def delete_piece(chance: random.Random, data: bytearray, pieces: Sequence[Piece]) -> None:
    """Leave an opcode out."""
    piece = chance.choice(pieces)
    del data[piece.at : piece.end]


def repeat_piece(chance: random.Random, data: bytearray, pieces: Sequence[Piece]) -> None:
    """Put an opcode of the file somewhere else too."""
    piece, at = chance.choice(pieces), chance.choice(pieces).at
    data[at:at] = data[piece.at : min(piece.end, piece.at + 4096)]


def insert_opcode(chance: random.Random, data: bytearray, pieces: Sequence[Piece]) -> None:
    """Put an opcode between two, with an argument of a few bytes."""
    at = chance.choice(pieces).at
    data[at:at] = bytes(
        [chance.choice(CODES), *chance.randbytes(chance.choice([0, 0, 1, 2, 4, 8]))]
    )


def insert_name(chance: random.Random, data: bytearray, pieces: Sequence[Piece]) -> None:
    """Import a name, and sometimes call it."""
    at = chance.choice(pieces).at
    data[at:at] = b"c" + chance.choice(NAMES) + b"\n" + chance.choice([b"", b")R", b")\x81", b"NR"])


def change_argument(chance: random.Random, data: bytearray, pieces: Sequence[Piece]) -> None:
    """Change a byte behind an opcode: a length, a place of the memo, a number, a text."""
    piece = chance.choice(pieces)
    if piece.end > piece.at + 1:
        data[chance.randrange(piece.at + 1, min(piece.end, piece.at + 16))] = _byte(chance)


def resize_frame(chance: random.Random, data: bytearray, pieces: Sequence[Piece]) -> None:
    """Make a frame longer or shorter, or put one where there is none."""
    frames = [piece for piece in pieces if piece.code == pickle.FRAME[0]]
    if frames and chance.random() < 0.8:
        at = chance.choice(frames).at + 1
        size = int.from_bytes(data[at : at + 8], "little") + chance.choice(
            [-9, -1, 1, 9, 99, 2**40]
        )
        data[at : at + 8] = max(size, 0).to_bytes(8, "little")
    else:
        at = chance.choice(pieces).at
        size = chance.choice([0, 1, 9, len(data) - at, 2**33])
        data[at:at] = pickle.FRAME + size.to_bytes(8, "little")


def change_type(chance: random.Random, data: bytearray, pieces: Sequence[Piece]) -> None:
    """Spell an array's type in another way of the same length."""
    del pieces
    places = [
        at for spelt in (b"f8", b"i8", b"O8", b"u1", b"V64", b"U1") for at in _all(data, spelt)
    ]
    if places:
        at = chance.choice(places)
        data[at : at + 2] = chance.choice([b"O8", b"f4", b"i1", b"M8", b"U9", b"c8", b"V9", b"b1"])


def random_bytes(chance: random.Random, data: bytearray, pieces: Sequence[Piece]) -> None:
    """Change any bytes."""
    del pieces
    for _ in range(chance.choice([1, 2, 8])):
        data[chance.randrange(len(data))] = _byte(chance)


def cut_short(chance: random.Random, data: bytearray, pieces: Sequence[Piece]) -> None:
    """End in the middle."""
    del pieces
    del data[chance.randrange(1, len(data)) :]


CHANGES: tuple[Change, ...] = (
    *(swap_opcode, delete_piece, repeat_piece, insert_opcode, insert_name, change_argument),
    *(change_argument, resize_frame, change_type, random_bytes, cut_short),
)


def _byte(chance: random.Random) -> int:
    return chance.choice([0, 1, 2, 8, 0x7F, 0x80, 0xFE, 0xFF, chance.randrange(256)])


def _all(data: bytearray, part: bytes) -> Iterator[int]:
    at = data.find(part)
    while at >= 0:
        yield at
        at = data.find(part, at + 1)


def changed(chance: random.Random, originals: list[bytes]) -> bytes:
    """Return one of the files with a few changes."""
    data = bytearray(chance.choice(originals))
    for _ in range(chance.choice([1, 1, 1, 2, 3, 6])):
        pieces = pieces_of(bytes(data))
        if pieces and len(data) > 2:
            chance.choice(CHANGES)(chance, data, pieces)
    return bytes(data)


def outcome(data: bytes) -> str:
    """Open one file; return what became of it, which ``refused`` and ``opened`` are good."""
    try:
        open_estimator(data, "model.joblib", POLICY)
    except ArtifactRejected:
        return "refused"
    except MemoryError:
        return "refused"  # the process that opens files says how much it may take
    except BaseException as error:  # which is what is looked for
        return f"raised {type(error).__name__}: {str(error)[:80]}"
    return "opened"


class Alarm:
    """Says what happened in this process that reading a model never does."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        sys.addaudithook(self)

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if not event.startswith(OUTSIDE):
            return
        is_loading, is_inner = _loading()
        if is_inner:  # what a library loads is its own
            return
        name = _loaded_by(event, args) if is_loading or event == "import" else ""
        if name not in LIBRARIES:
            what = args[0].co_filename if event == "exec" else args[0]
            self.heard.append(f"{event} {str(what)[-80:]}")


def _loading() -> tuple[bool, bool]:
    """Return whether a module is being loaded, and whether another that is loaded asks for it."""
    frame: FrameType | None = sys._getframe(2)
    is_loading = is_in_module = is_inner = False
    while frame is not None:
        is_in_module |= frame.f_code.co_name == "<module>"
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            is_loading, is_inner = True, is_inner or is_in_module
        frame = frame.f_back
    return is_loading, is_inner


def _loaded_by(event: str, args: tuple[Any, ...]) -> str:
    """Return the library whose loading an event belongs to."""
    if event == "import":
        return str(args[0]).split(".")[0]
    if event == "exec":
        parts = Path(args[0].co_filename).parts
        return next((part for part in parts if part in LIBRARIES), "")
    return "servery"  # the loader looks for files, and reads those that it finds


def run(files: list[bytes], told: int) -> None:
    """Open files in this process, which is a fork, and write a line on each that is not good."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (240, 240))
    warnings.simplefilter("ignore")
    counts: Counter[str] = Counter()
    alarm = Alarm()
    for place, data in enumerate(files):
        os.write(told, f"at {place}\n".encode())
        how = outcome(data)
        if alarm.heard:
            how = f"reached out: {alarm.heard.pop(0)}"
            alarm.heard.clear()
        counts[how] += 1
        if how not in {"refused", "opened"}:
            os.write(told, f"bad {place} {how}\n".encode())
    os.write(told, "".join(f"count {number} {how}\n" for how, number in counts.items()).encode())
    os._exit(0)


def fuzz(count: int, seed: int, canary: Path) -> tuple[Counter[str], list[tuple[str, bytes]]]:
    """Open so many changed files; return what became of them, and those that are not good."""
    chance = random.Random(seed)  # noqa: S311 - repeatable
    originals = honest() * 3 + hostile(canary)
    # A process reads these from the package once, which must not be taken for the file's doing.
    ours(), measured()
    totals: Counter[str] = Counter()
    bad: list[tuple[str, bytes]] = []
    for start in range(0, count, A_FORK):
        files = [changed(chance, originals) for _ in range(min(A_FORK, count - start))]
        left = files
        while left:
            lines = _run_in_fork(left)
            place = int(next(line.split()[1] for line in reversed(lines) if line.startswith("at ")))
            faults = [line.split(" ", 2) for line in lines if line.startswith("bad ")]
            bad += [(how, left[int(which)]) for _, which, how in faults]
            ended = [line.split(" ", 2) for line in lines if line.startswith("count ")]
            totals.update({how: int(number) for _, number, how in ended})
            if ended:
                break
            # It died: the others of its fork are opened by the next.
            totals["died"] += 1
            bad.append(("died", left[place]))
            left = left[place + 1 :]
    return totals, bad


def _run_in_fork(files: list[bytes]) -> list[str]:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        run(files, write)
    os.close(write)
    with os.fdopen(read) as lines:
        said = lines.read().splitlines()
    os.waitpid(child, 0)
    return said


def main() -> int:
    """Fuzz as often as is asked for; keep the files that are not good."""
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 0
    folder = Path(os.environ.get("FUZZ_FOUND", "fuzz-found"))
    canary = Path(os.devnull).with_name("servery-fuzz-canary")
    totals, bad = fuzz(count, seed, canary)
    for how, number in totals.most_common():
        print(f"{number:>8,} {how}")
    for place, (how, data) in enumerate(bad[:100]):
        folder.mkdir(exist_ok=True)
        (folder / f"{seed}-{place}.joblib").write_bytes(data)
        print(f"{folder / f'{seed}-{place}.joblib'}: {how}")
    return 1 if bad or canary.exists() else 0


if __name__ == "__main__":
    sys.exit(main())
