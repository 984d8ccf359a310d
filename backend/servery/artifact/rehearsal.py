"""Opening a file for the first time in a process of its own, which may hang, swell or crash.

Files in, one verdict per file out. The process is given the bytes through a pipe, imports the
libraries once and forks for each file, so that one that dies takes none of the others along.

    python -m servery.artifact.rehearsal    reads what `rehearse` writes; for nobody else
"""

import contextlib
import hashlib
import importlib.metadata
import os
import platform
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from servery.artifact import Opening, Trust, open_estimator, sha256
from servery.errors import ArtifactRejected

#: What decides, beside the bytes, whether a file that opened before opens again.
LIBRARIES = ("scikit-learn", "numpy", "scipy", "joblib", "pandas", "xgboost-cpu", "lightgbm")
#: What the process gets of our environment: where to find libraries, and nothing secret.
ENVIRON = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPATH", "VIRTUAL_ENV")


class _File(msgspec.Struct, frozen=True):
    name: str
    size: int


class _Order(msgspec.Struct, frozen=True):
    files: list[_File]
    trust: list[str]
    timeout_s: float
    memory_bytes: int


class _Verdict(msgspec.Struct, frozen=True):
    complaint: str | None


class Rehearsal:
    """Which files may be opened in this process; a file is asked about once."""

    def __init__(self, opening: Opening) -> None:
        self.opening = opening
        self._verdicts: dict[str, str | None] = {}

    def prepare(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Open files that are not known yet, by name and bytes, in one other process."""
        news = [(name, data) for name, data in files if not self._is_known(data)]
        if not news:
            return
        for (_, data), complaint in zip(news, _ask(news, self.opening), strict=True):
            self._verdicts[sha256(data)] = complaint
            if complaint is None:
                _remember(data, self.opening)

    def require(self, name: str, data: bytes) -> None:
        """Return where a file may be opened here.

        Raises
        ------
        ArtifactRejected
            Says what became of the process that opened it.
        """
        self.prepare([(name, data)])
        complaint = self._verdicts[sha256(data)]
        if complaint is not None:
            raise ArtifactRejected(complaint)

    def _is_known(self, data: bytes) -> bool:
        digest = sha256(data)
        if digest not in self._verdicts and _is_remembered(data, self.opening):
            self._verdicts[digest] = None
        return digest in self._verdicts


def _ask(files: Sequence[tuple[str, bytes]], opening: Opening) -> list[str | None]:
    order = _Order(
        files=[_File(name, len(data)) for name, data in files],
        trust=sorted(opening.trust.names),
        timeout_s=opening.timeout_s,
        memory_bytes=opening.memory_bytes,
    )
    environ = {name: os.environ[name] for name in ENVIRON if name in os.environ}
    package = str(Path(__file__).resolve().parents[2])
    path = [package, environ.get("PYTHONPATH", ""), str(Path.cwd()) if opening.trust.names else ""]
    environ["PYTHONPATH"] = os.pathsep.join(filter(None, path))
    # One thread each: their stacks would count towards the limit, and none is needed to open.
    environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "servery.artifact.rehearsal"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environ,
        start_new_session=True,
    )
    head = msgspec.json.encode(order)
    told = b"".join([len(head).to_bytes(8, "big"), head, *(data for _, data in files)])
    try:
        answer, _ = process.communicate(told, timeout=STARTING_S + opening.timeout_s * len(files))
        verdicts = msgspec.json.decode(answer, type=list[_Verdict])
    except (subprocess.TimeoutExpired, msgspec.DecodeError):
        verdicts = [_Verdict("could not be opened in a process of its own.")] * len(files)
    finally:
        _end(process)
    return [
        None if verdict.complaint is None else _named(name, verdict.complaint)
        for (name, _), verdict in zip(files, verdicts, strict=True)
    ]


#: How long the libraries may take to load, on a machine that is busy.
STARTING_S = 120.0


def _named(name: str, complaint: str) -> str:
    return complaint if complaint.startswith(name) else f"{name} {complaint}"


def _end(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _key(data: bytes, opening: Opening) -> str:
    versions = [platform.python_version(), *map(_version, LIBRARIES), *sorted(opening.trust.names)]
    digest = hashlib.sha256(data)
    digest.update("\n".join(versions).encode())
    return digest.hexdigest()


def _version(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _is_remembered(data: bytes, opening: Opening) -> bool:
    return opening.records is not None and (opening.records / _key(data, opening)).is_file()


def _remember(data: bytes, opening: Opening) -> None:
    if opening.records is None:
        return
    try:
        opening.records.mkdir(parents=True, exist_ok=True)
        (opening.records / _key(data, opening)).touch()
    except OSError:  # a folder that cannot be written to costs a rehearsal each time
        return


def main() -> None:
    """Read the order and the files, open each in a fork, write the verdicts."""
    stdin, stdout = sys.stdin.buffer, os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints is no verdict
    order = msgspec.json.decode(stdin.read(int.from_bytes(stdin.read(8), "big")), type=_Order)
    files = [(file.name, stdin.read(file.size)) for file in order.files]
    _load_libraries()
    verdicts = [_verdict(name, data, order, stdout) for name, data in files]
    os.write(stdout, msgspec.json.encode(verdicts))


def _load_libraries() -> None:
    import sklearn.ensemble
    import sklearn.pipeline  # noqa: F401 - so that every fork has them

    from servery.artifact import reading  # noqa: F401


def _verdict(name: str, data: bytes, order: _Order, stdout: int) -> _Verdict:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        os.close(stdout)  # the verdicts are not its to write
        _open_and_exit(name, data, order, write)
    os.close(write)
    return _awaited(child, read, order)


def _open_and_exit(name: str, data: bytes, order: _Order, write: int) -> None:
    seconds = int(order.timeout_s) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (order.memory_bytes, order.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # nothing is written to any file
    complaint = ""
    try:
        trust = Trust(frozenset(order.trust))
        open_estimator(data, name, Opening(trust, order.timeout_s, order.memory_bytes))
    except ArtifactRejected as error:
        complaint = str(error)
        if isinstance(error.__cause__, MemoryError):
            complaint = _too_much(order)
    except MemoryError:
        complaint = _too_much(order)
    os.write(write, b"!" + complaint.encode()[:4000])
    os._exit(0)


def _too_much(order: _Order) -> str:
    return (
        f"takes more than {order.memory_bytes:,} bytes of memory to open; raise "
        "SERVERY_OPEN_MEMORY_BYTES if it is meant to."
    )


def _awaited(child: int, read: int, order: _Order) -> _Verdict:
    """Wait for a fork as long as it may take, and put its end into words."""
    deadline = time.monotonic() + order.timeout_s
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            break
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(read)
            return _Verdict(_too_long(order))
        time.sleep(0.005)
    said = os.read(read, 8192)
    os.close(read)
    if said.startswith(b"!"):
        return _Verdict(said[1:].decode(errors="replace") or None)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return _Verdict(_too_long(order))
    how = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else "an exit"
    return _Verdict(f"crashes the process that opens it ({how}); it is damaged or hostile.")


def _too_long(order: _Order) -> str:
    return (
        f"takes more than {order.timeout_s:g} s to open; raise SERVERY_OPEN_TIMEOUT_S if it is "
        "meant to."
    )


if __name__ == "__main__":
    main()
