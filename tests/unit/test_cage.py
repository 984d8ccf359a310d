"""The cage, from inside: children that are really forked, caged, and try what is forbidden."""

import contextlib
import ctypes
import errno
import io
import mmap
import os
import platform
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from servery.cage import ENVIRON, Attempts, Policy, enter, packages, probe
from servery.cage.calls import Machine, machine, machines
from servery.cage.kernel import call, libc, prctl
from servery.cage.limits import forbid_new_privileges
from servery.cage.probing import Report, require_complete
from servery.cage.seccomp import (
    ALLOW,
    ERRNO,
    KILL_PROCESS,
    USER_NOTIFICATION,
    Argument,
    Rule,
    program,
    rules_of,
    set_filter,
)
from servery.errors import BadSettings
from tests.conftest import PATIENCE_S, ROOT

if TYPE_CHECKING:
    import numpy as np

pytestmark = [
    pytest.mark.skipif(not probe().is_complete, reason=probe().line),
    # A child of these tests does nothing but enter the cage.
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),
]
POLICY = Policy(memory_bytes=1 << 29)
NOBODY = 65534
Act = Callable[[], object]


@dataclass(frozen=True)
class Outcome:
    """What became of a caged child: what it attempted, how it ended, and what it said."""

    attempt: str | None
    code: int
    said: str


def caged(
    act: Act,
    policy: Policy = POLICY,
    *,
    before: Act = lambda: None,
    is_watched: bool = True,
    keep: tuple[int, ...] = (),
) -> Outcome:
    """Do something in a caged child; it says what it returns, or the error that it raises."""
    ours, theirs = socket.socketpair()
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        _run_caged(act, policy, before, theirs if is_watched else None, writer, keep)
    theirs.close()
    os.close(writer)
    with ours:
        attempt = _watch(ours, policy, pid) if is_watched else None
    said = b"".join(iter(lambda: os.read(reader, 1 << 16), b""))
    os.close(reader)
    _, status = os.waitpid(pid, 0)
    return Outcome(attempt, os.waitstatus_to_exitcode(status), said.decode())


def _run_caged(
    act: Act,
    policy: Policy,
    before: Act,
    notify: socket.socket | None,
    writer: int,
    keep: tuple[int, ...],
) -> None:
    code = 1
    try:
        before()
        enter(policy, notify, keep={writer, *keep})
        try:
            said = str(act())
            code = 0
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writer, said.encode())
    finally:
        os._exit(code)


def _watch(ours: socket.socket, policy: Policy, pid: int) -> str | None:
    """Read attempts until the child ends, and kill it at the first."""
    attempts = Attempts.receive(ours, policy.threads)
    if attempts is None:
        return None
    with contextlib.closing(attempts), contextlib.suppress(EOFError):
        while True:
            assert select.select([attempts], [], [], PATIENCE_S)[0], "neither attempts nor ends"
            attempt = attempts.read()
            if attempt:
                os.kill(pid, signal.SIGKILL)
                return attempt.name
    return None


def raw(name: str, *arguments: int) -> Act:
    return partial(call, name, *arguments)


def test_what_is_computed_comes_out() -> None:
    assert caged(lambda: sum(range(10))) == Outcome(None, 0, "45")


# --- attempts --------------------------------------------------------------------------------

WORLD = Path("/tmp")  # noqa: S108  # would be writable
CLONE_NEWUSER, CLONE_NEWNS = 0x1000_0000, 0x0002_0000

FORBIDDEN: dict[str, tuple[str, Act]] = {
    "write a file": ("open for writing", lambda: (WORLD / "canary").write_text("x")),
    "append to a file": ("open for writing", lambda: (WORLD / "canary").open("a")),
    "change a file": ("open for writing", lambda: (WORLD / "canary").open("r+")),
    "make a file": ("open for writing", lambda: os.open(WORLD / "canary", os.O_CREAT)),
    "make an unnamed file": (
        "open for writing",
        lambda: os.open(WORLD, os.O_TMPFILE | os.O_RDWR),
    ),
    "write to its own memory": ("open for writing", lambda: os.open("/proc/self/mem", os.O_RDWR)),
    "empty a file": ("truncate", lambda: os.truncate(WORLD / "canary", 0)),
    "remove a file": ("unlink", lambda: (WORLD / "canary").unlink()),
    "rename a file": ("rename", lambda: (WORLD / "canary").rename(WORLD / "other")),
    "make a folder": ("mkdir", lambda: (WORLD / "canary").mkdir()),
    "make a link": ("symlink", lambda: (WORLD / "canary").symlink_to("/etc/passwd")),
    "change a mode": ("chmod", lambda: (WORLD / "canary").chmod(0o777)),
    "make a named pipe": ("mknodat", lambda: os.mkfifo(WORLD / "canary")),
    "open a socket": ("socket", socket.socket),
    "ask for a host": ("socket", lambda: socket.getaddrinfo("localhost", 80)),
    "open a local socket": ("socket", lambda: socket.socket(socket.AF_UNIX)),
    "make a pair of sockets": ("socketpair", socket.socketpair),
    "run a program": ("execve", lambda: os.execv("/bin/true", ["true"])),  # noqa: S606
    "run a program from a descriptor": ("execve", lambda: os.execve(0, ["true"], {})),  # noqa: S606
    "start a program": ("fork", lambda: subprocess.run(["/bin/true"], check=False)),
    "spawn a program": ("fork", lambda: os.posix_spawn("/bin/true", ["true"], {})),
    "fork": ("fork", os.fork),
    "clone a process into a namespace": ("fork", raw("clone", CLONE_NEWUSER | 17, 0, 0, 0, 0)),
    "clone a thread into a namespace": ("fork", raw("clone", 0x10900 | CLONE_NEWNS, 0, 0, 0, 0)),
    "kill the parent": ("kill", lambda: os.kill(os.getppid(), signal.SIGKILL)),
    "kill everybody": ("kill", lambda: os.kill(-1, signal.SIGKILL)),
    "kill a thread of the parent": ("tgkill", lambda: call("tgkill", *[os.getppid()] * 2, 9)),
    "hold the parent": ("pidfd_open", lambda: os.pidfd_open(os.getppid())),
    "trace the parent": ("ptrace", lambda: call("ptrace", 16, os.getppid(), 0, 0)),
    "read the parent's memory": (
        "process_vm_readv",
        lambda: call("process_vm_readv", os.getppid(), 0, 0, 0, 0, 0),
    ),
    "take the parent's descriptors": ("pidfd_getfd", raw("pidfd_getfd", 0, 0, 0)),
    "limit the parent": (
        "prlimit64",
        lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1)),
    ),
    "raise its limits": ("prlimit64", lambda: resource.setrlimit(resource.RLIMIT_CPU, (-1, -1))),
    "type into a terminal": ("ioctl", raw("ioctl", 0, 0x5412, 0)),
    "be asked by a signal": ("fcntl", raw("fcntl", 0, 8, 1)),
    "be seen again": ("prctl", partial(prctl, 4, 1)),
    "outlive its parent": ("prctl", partial(prctl, 1, 0)),
    "filter its attempts": ("seccomp", raw("seccomp", 1, 0, 0)),
    "change its user": ("setuid", lambda: os.setuid(0)),
    "change its mode of files": ("umask", lambda: os.umask(0)),
    "share memory by a name": ("memfd_create", lambda: os.memfd_create("x")),
}
#: Calls that no honest library makes, by the names that they are refused with.
BEYOND_COMPUTING = """
unshare setns mount umount2 pivot_root chroot fsopen move_mount open_tree mount_setattr
bpf perf_event_open keyctl add_key request_key userfaultfd io_uring_setup io_uring_enter io_setup
init_module finit_module kexec_load reboot swapon acct quotactl syslog sethostname settimeofday
ptrace process_vm_writev process_madvise kcmp personality name_to_handle_at open_by_handle_at
fanotify_init inotify_init1 signalfd4 timerfd_create timer_create epoll_create1 eventfd2
shmget shmat semget msgget mq_open memfd_secret setxattr fchmod fchownat linkat
renameat2 mkdirat unlinkat ftruncate fallocate splice tee copy_file_range sendfile
bind listen connect accept4 setsockopt sendmmsg tkill rt_sigqueueinfo rt_tgsigqueueinfo
setpgid setsid capset landlock_restrict_self set_mempolicy_home_node pidfd_send_signal
"""


@pytest.mark.parametrize("what", FORBIDDEN)
def test_an_attempt_is_named(what: str) -> None:
    name, act = FORBIDDEN[what]
    assert caged(act) == Outcome(name, -signal.SIGKILL, "")


@pytest.mark.parametrize("name", BEYOND_COMPUTING.split())
def test_a_system_call_beyond_computing_is_an_attempt(name: str) -> None:
    assert caged(raw(name, 0, 0, 0, 0, 0, 0)) == Outcome(name, -signal.SIGKILL, "")


def test_a_call_that_is_newer_than_the_table_is_named_by_its_number() -> None:
    outcome = caged(lambda: libc().syscall(ctypes.c_long(1000), 0, 0, 0))
    assert outcome == Outcome("system call 1000", -signal.SIGKILL, "")


def test_an_attempt_changes_nothing(tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text("as it was")
    for act in (kept.unlink, partial(kept.write_text, ""), partial(kept.rename, tmp_path / "x")):
        caged(act)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]
    assert kept.read_text() == "as it was"


def test_nothing_inside_can_swallow_an_attempt() -> None:
    def stubborn() -> str:
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            with contextlib.suppress(OSError, ValueError):
                signal.signal(number, lambda *_: None)
        while True:
            try:
                socket.socket()
            except BaseException:  # noqa: S112
                continue
            return "swallowed"

    assert caged(stubborn) == Outcome("socket", -signal.SIGKILL, "")


def test_a_signal_does_not_get_a_process_out_of_its_attempt() -> None:
    def interrupted() -> str:
        signal.signal(signal.SIGUSR1, lambda *_: None)
        signal.siginterrupt(signal.SIGUSR1, True)
        main = threading.main_thread().ident
        assert main is not None

        def nag() -> None:
            while True:
                signal.pthread_kill(main, signal.SIGUSR1)

        threading.Thread(target=nag, daemon=True).start()
        while True:
            with contextlib.suppress(InterruptedError):
                socket.socket()
                return "swallowed"

    assert caged(interrupted) == Outcome("socket", -signal.SIGKILL, "")


def test_an_attempt_of_any_thread_ends_the_process() -> None:
    def in_a_thread() -> str:
        thread = threading.Thread(target=socket.socket)
        thread.start()
        thread.join()
        return "swallowed"

    assert caged(in_a_thread) == Outcome("socket", -signal.SIGKILL, "")


@pytest.mark.parametrize("what", FORBIDDEN)
def test_without_a_supervisor_the_kernel_kills(what: str) -> None:
    _, act = FORBIDDEN[what]
    assert caged(act, is_watched=False) == Outcome(None, -signal.SIGSYS, "")


@pytest.mark.skipif(platform.machine() != "x86_64", reason="x86-64 alone")
@pytest.mark.parametrize(
    "code", [b"\xb8\x27\x00\x00\x40\x0f\x05\xc3", b"\xb8\x14\0\0\0\xcd\x80\xc3"]
)
def test_a_call_of_another_architecture_kills(code: bytes) -> None:
    """Getpid by x32's number, and by i386's ``int 0x80``."""

    def foreign() -> int:
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        page.write(code)
        address = ctypes.addressof(ctypes.c_char.from_buffer(page))
        return int(ctypes.CFUNCTYPE(ctypes.c_int)(address)())

    assert caged(foreign) == Outcome(None, -signal.SIGSYS, "")


# --- what an inherited descriptor allows -----------------------------------------------------


def test_an_inherited_socket_connects_to_nobody() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as inherited:
        number = inherited.fileno()
        there = ctypes.create_string_buffer(b"\x01\x00/tmp/there")
        address = ctypes.addressof(there)
        connect = caged(raw("connect", number, address, 12), keep=(number,))
        send = caged(raw("sendto", number, address, 1, 0, address, 12), keep=(number,))
    assert [connect.attempt, send.attempt] == ["connect", "sendto"]


def test_shared_memory_can_be_written_but_not_cut() -> None:
    shared = os.memfd_create("shared")
    os.ftruncate(shared, 4096)

    def write() -> int:
        return mmap.mmap(shared, 4096).write(b"answer")

    assert caged(write, keep=(shared,)) == Outcome(None, 0, "6")
    assert os.pread(shared, 6, 0) == b"answer"
    assert caged(lambda: os.ftruncate(shared, 0), keep=(shared,)).attempt == "ftruncate"
    assert caged(lambda: os.pwrite(shared, b"x", 8192), keep=(shared,)).attempt == "pwrite64"
    os.close(shared)


def test_what_the_parent_had_open_is_closed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    with secret.open() as opened:
        os.set_inheritable(opened.fileno(), True)
        outcome = caged(lambda: os.read(opened.fileno(), 6))
        assert outcome.said == f"OSError: [Errno {errno.EBADF}] {os.strerror(errno.EBADF)}"
        assert caged(lambda: os.read(opened.fileno(), 6), keep=(opened.fileno(),)).code == 0


def test_standard_streams_lead_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    assert caged(lambda: [os.write(1, b"out"), os.write(2, b"err"), os.read(0, 9)]).code == 0
    assert capfd.readouterr() == ("", "")


# --- reading ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place", ["/etc/passwd", "/etc/shadow", "/proc/{parent}/environ", "/proc/self/environ", "/"]
)
def test_a_secret_outside_cannot_be_read(place: str) -> None:
    path = Path(place.format(parent=os.getpid()))
    read = path.iterdir if path.is_dir() else path.read_bytes
    outcome = caged(lambda: list(read()))
    assert outcome.said.startswith(f"PermissionError: [Errno {errno.EACCES}]")


def test_only_what_the_policy_names_is_read_beside_packages(tmp_path: Path) -> None:
    (tmp_path / "granted").mkdir()
    (tmp_path / "granted" / "file").write_text("granted")
    (tmp_path / "granted" / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "secret").write_text("secret")
    policy = Policy(memory_bytes=1 << 29, read=(tmp_path / "granted",))
    assert caged((tmp_path / "granted" / "file").read_text, policy).said == "granted"
    for name in ("secret", "granted/link"):
        assert caged((tmp_path / name).read_text, policy).said.startswith("PermissionError")


def test_a_policy_that_names_nothing_real_does_not_enter(tmp_path: Path) -> None:
    outcome = caged(lambda: "entered", Policy(1 << 29, read=(tmp_path / "x",)), is_watched=False)
    assert outcome == Outcome(None, 1, "")


def test_packages_hold_no_checkout_no_home_and_no_working_directory() -> None:
    import servery

    package = Path(servery.__file__).parent
    found = packages()
    assert package in found
    around = {package.parent, package.parents[1], Path.home(), Path.cwd(), Path("/"), Path("/etc")}
    assert not around & set(found)


# --- the environment -------------------------------------------------------------------------


def test_the_environment_is_gone_wherever_it_stood() -> None:
    """As Python has it, as C has it, and on the stack, where the kernel put it."""
    code = "from tests.unit.test_cage import caged, find_secret; print(caged(find_secret).said)"
    assert _python(code, SECRET="very-se" + "cret") == (
        "['JOBLIB_MULTIPROCESSING', 'OMP_NUM_THREADS', 'ORT_DISABLE_TELEMETRY'] None False"
    )


def find_secret() -> str:
    secret = b"very-se" + b"cret"
    libc().getenv.restype = ctypes.c_char_p
    lines = Path("/proc/self/maps").read_text().splitlines()
    stack = next(line.split()[0] for line in lines if line.endswith("[stack]"))
    start, end = (int(bound, 16) for bound in stack.split("-"))
    is_there = secret in ctypes.string_at(start, end - start)
    return f"{sorted(os.environ)} {libc().getenv(b'SECRET')} {is_there}"


def _python(code: str, **environ: str) -> str:
    """Return what a new Python process prints: its libraries are not those of the other tests."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# --- limits ----------------------------------------------------------------------------------


def test_memory_ends_at_its_limit() -> None:
    def swell() -> list[bytearray]:
        return [bytearray(1 << 26) for _ in range(1000)]

    assert caged(swell).said == "MemoryError: "


def test_computing_ends_at_its_limit() -> None:
    def spin() -> None:
        while True:
            pass

    def spin_on() -> None:
        signal.signal(signal.SIGXCPU, signal.SIG_IGN)
        spin()

    policy = Policy(memory_bytes=1 << 29, cpu_s=1)
    assert caged(spin, policy).code == -signal.SIGXCPU
    assert caged(spin_on, policy).code == -signal.SIGKILL


def test_threads_end_at_their_limit() -> None:
    policy = Policy(memory_bytes=1 << 32, threads=20)
    assert caged(partial(start_threads, 19), policy) == Outcome(None, 0, "20")
    named = Outcome("more than 20 threads", -signal.SIGKILL, "")
    assert caged(partial(start_threads, 1000), policy) == named


def start_threads(number: int) -> int:
    wait = threading.Event()
    for _ in range(number):
        threading.Thread(target=wait.wait, daemon=True).start()
    return threading.active_count()


def test_threads_that_have_ended_make_room() -> None:
    def one_by_one() -> str:
        for _ in range(200):
            thread = threading.Thread(target=time.monotonic)
            thread.start()
            thread.join()
        return "all"

    # One that has been joined may still be counted for a moment.
    assert caged(one_by_one, Policy(memory_bytes=1 << 29, threads=20)).said == "all"


def test_an_abort_ends_the_child_alone() -> None:
    assert caged(os.abort) == Outcome(None, -signal.SIGABRT, "")


def test_a_child_ends_with_its_parent() -> None:
    def leave_a_child_behind() -> str:
        started, ready = os.pipe()
        if os.fork() == 0:
            enter(POLICY, keep={ready, *range(3, 64)})
            os.write(ready, b"x")
            while True:
                time.sleep(PATIENCE_S)
        os.read(started, 1)
        return "left"

    # It holds the pipe too: this returns when both are gone.
    assert in_a_child(leave_a_child_behind) == "left"


def test_a_process_of_several_threads_does_not_enter() -> None:
    def start_a_thread() -> None:
        threading.Thread(target=threading.Event().wait, daemon=True).start()

    outcome = caged(lambda: "entered", before=start_a_thread, is_watched=False)
    assert outcome == Outcome(None, 1, "")


# --- libraries -------------------------------------------------------------------------------

LIBRARIES = {
    "numpy": "import numpy as np; a = np.ones((600, 600)); print((a @ a).sum())",
    "scikit-learn with OpenMP": """
from sklearn.ensemble import HistGradientBoostingClassifier
print(HistGradientBoostingClassifier(max_iter=5).fit(X, y).predict(X).mean())""",
    "a forest of all cores": """
from sklearn.ensemble import RandomForestClassifier
print(RandomForestClassifier(5, n_jobs=-1).fit(X, y).predict(X).mean())""",
    "k-means": """
from sklearn.cluster import KMeans
print(KMeans(2, n_init=1).fit(X).predict(X).mean())""",
    "pandas": """
import pandas as pd
print(pd.Series(pd.to_datetime(["2020-01-01"])).dt.tz_localize("Europe/Berlin")[0])""",
    "xgboost": """
import xgboost
print(xgboost.XGBClassifier(n_estimators=3).fit(X, y).predict(X).mean())""",
    "lightgbm": """
import lightgbm
print(lightgbm.LGBMClassifier(n_estimators=3, verbose=-1).fit(X, y).predict(X).mean())""",
    "catboost": """
import catboost
model = catboost.CatBoostClassifier()
model.load_model(blob=CATBOOST)
print(model.predict(X).mean())""",
    "onnxruntime": """
import onnxruntime
session = onnxruntime.InferenceSession(ONNX)
print(session.run(None, {"X": X.astype("f4")})[0].mean())""",
    "the home folder": """
from pathlib import Path
try: Path.home()
except RuntimeError: print("is not known")""",
}


WARM = "import catboost, joblib, lightgbm, numpy, onnxruntime, pandas, sklearn.ensemble, xgboost"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with models that are read but not fitted inside."""
    folder = tmp_path_factory.mktemp("models")
    code = f"""
import os, catboost, numpy as np
from skl2onnx import to_onnx
from sklearn.linear_model import LogisticRegression
from tests.unit.test_cage import Path, data
os.chdir({str(folder)!r})
X, y = data()
fitted = catboost.CatBoostClassifier(iterations=3, verbose=False, train_dir="train").fit(X, y)
fitted.save_model("catboost")
onnx = to_onnx(LogisticRegression().fit(X, y), X[:1].astype("f4"))
Path("onnx").write_bytes(onnx.SerializeToString())
"""
    _python(code, **ENVIRON)
    return folder


@pytest.fixture(scope="module")
def computed(models: Path) -> dict[str, dict[str, Outcome]]:
    """Return what became of each library in a child of a parent that has none, or all."""
    code = """
from tests.unit.test_cage import Path, compute_all
print(compute_all(Path({models!r})))
"""
    return {
        when: eval(_python(imports + code.format(models=str(models)), **ENVIRON))  # noqa: S307
        for when, imports in (("inside", ""), ("before", WARM))
    }


@pytest.mark.parametrize("when", ["before", "inside"])
@pytest.mark.parametrize("library", LIBRARIES)
def test_an_honest_library_computes(
    library: str, when: str, computed: dict[str, dict[str, Outcome]]
) -> None:
    """Imported by the parent, as a warm one does, and for the first time inside."""
    outcome = computed[when][library]
    assert (outcome.attempt, outcome.code) == (None, 0), outcome.said
    assert outcome.said


def compute_all(models: Path) -> dict[str, Outcome]:
    policy = Policy(memory_bytes=1 << 32, compute_threads=2)
    given = {name.upper(): (models / name).read_bytes() for name in ("catboost", "onnx")}
    return {
        library: caged(partial(compute, code, given), policy) for library, code in LIBRARIES.items()
    }


def compute(code: str, given: dict[str, bytes]) -> str:
    X, y = data()
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(code, {"X": X, "y": y, **given})  # noqa: S102
    return said.getvalue()


def data() -> tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]:
    import numpy as np

    X = np.random.default_rng(0).normal(size=(300, 5))
    return X, (X[:, 0] > 0).astype(int)


# --- the filter ------------------------------------------------------------------------------

ATTEMPT = USER_NOTIFICATION


def decide(here: Machine, name: str, *arguments: int, audit: int | None = None) -> int:
    """Run the filter as the kernel does, for a process 7 that is watched."""
    code = program(here, rules_of(7, is_watched=True), ATTEMPT)
    call_data = struct.pack("=iIQ6Q", here.number[name], audit or here.audit, 0, *arguments)
    accumulator = at = 0
    while True:
        operation, then, otherwise, operand = struct.unpack_from("=HBBI", code, 8 * at)
        at += 1
        match operation:
            case 0x20:
                (accumulator,) = struct.unpack_from("=I", call_data, operand)
            case 0x54:
                accumulator &= operand
            case 0x15:
                at += then if accumulator == operand else otherwise
            case 0x35:
                at += then if accumulator >= operand else otherwise
            case 0x06:
                return int(operand)


@pytest.mark.parametrize("here", machines().values(), ids=machines())
def test_the_filter_decides_alike_on_each_architecture(here: Machine) -> None:
    zeros = (0,) * 6
    other = next(machine.audit for machine in machines().values() if machine is not here)
    assert decide(here, "read", *zeros) == ALLOW
    assert decide(here, "read", *zeros, audit=other) == KILL_PROCESS
    assert decide(here, "connect", *zeros) == ATTEMPT
    assert decide(here, "clone3", *zeros) == ERRNO | errno.ENOSYS
    for flags in (os.O_WRONLY, os.O_RDWR, 3, os.O_CREAT, os.O_TRUNC, os.O_TMPFILE):
        assert decide(here, "openat", 0, 0, flags, 0, 0, 0) == ATTEMPT
    assert decide(here, "openat", 0, 0, os.O_CLOEXEC | os.O_DIRECTORY, 0, 0, 0) == ALLOW
    for pid, action in ((7, ALLOW), (8, ATTEMPT), (0, ATTEMPT), (2**32 - 1, ATTEMPT)):
        assert decide(here, "kill", pid, 9, 0, 0, 0, 0) == action
        assert decide(here, "tgkill", pid, pid, 9, 0, 0, 0) == action
    assert decide(here, "prlimit64", 7, 1, 0, 1, 0, 0) == ALLOW
    assert decide(here, "prlimit64", 0, 1, 1 << 32, 1, 0, 0) == ATTEMPT
    assert decide(here, "ioctl", 0, 0x5401, 0, 0, 0, 0) == ERRNO | errno.ENOTTY
    assert decide(here, "ioctl", 0, 0x5412, 0, 0, 0, 0) == ATTEMPT


def test_the_rules_name_system_calls_that_exist() -> None:
    known = {name for machine in machines().values() for name in machine.number}
    assert set(rules_of(7, is_watched=False)) <= known


@pytest.mark.parametrize(
    ("name", "x86_64", "aarch64"),
    [
        ("openat", 257, 56),
        ("mmap", 9, 222),
        ("clone", 56, 220),
        ("seccomp", 317, 277),
        ("prlimit64", 302, 261),
        ("rseq", 334, 293),
        ("kexec_file_load", 320, 294),
        ("landlock_restrict_self", 446, 446),
        ("file_setattr", 469, 469),
    ],
)
def test_system_calls_have_the_numbers_of_the_kernel(name: str, x86_64: int, aarch64: int) -> None:
    numbers = {known: machine.number[name] for known, machine in machines().items()}
    assert numbers == {"x86_64": x86_64, "aarch64": aarch64}


# --- other machines --------------------------------------------------------------------------

DOCKER_DENIES = """
unshare setns mount umount2 pivot_root bpf perf_event_open keyctl add_key request_key userfaultfd
io_uring_setup io_uring_enter open_by_handle_at name_to_handle_at init_module reboot swapon
"""


def forbid(rules: dict[str, tuple[Rule, ...]]) -> None:
    """Filter this process as a container would."""
    forbid_new_privileges()
    here = machine()
    assert here is not None
    set_filter(program(here, rules, ALLOW))


def in_a_child(act: Act) -> str:
    """Return what a child process that is not caged says."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            probe.cache_clear()
            os.write(writer, str(act()).encode())
        except BaseException:
            os.write(writer, traceback.format_exc().encode())
        finally:
            os._exit(0)
    os.close(writer)
    said = b"".join(iter(lambda: os.read(reader, 1 << 16), b""))
    os.close(reader)
    os.waitpid(pid, 0)
    return said.decode()


def test_a_user_without_privileges_is_caged_under_the_profile_of_a_container() -> None:
    def as_nobody() -> str:
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        forbid({name: (Rule(ERRNO | errno.EPERM),) for name in DOCKER_DENIES.split()})
        maps = Path("/proc/self/maps")
        few = Policy(memory_bytes=1 << 32, threads=4)
        tried = [
            caged(os.fork).attempt,
            caged(lambda: bytearray(1 << 32)).said,
            caged(raw("unshare", CLONE_NEWUSER)).said,
            caged(lambda: "[stack]" in maps.read_text()).said,
            caged(lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes()).said[:15],
            caged(partial(start_threads, 3), few).said,
            caged(partial(start_threads, 4), few).attempt,
        ]
        return "\n".join([probe().line, *map(str, tried)])

    assert in_a_child(as_nobody).splitlines() == [
        "cage: seccomp yes, naming yes, Landlock yes, limits yes",
        "fork",
        "MemoryError: ",
        "PermissionError: [Errno 1] unshare: Operation not permitted",
        "True",
        "PermissionError",
        "4",
        "more than 4 threads",
    ]


def test_a_kernel_without_landlock_still_refuses_by_name() -> None:
    def without() -> str:
        forbid({"landlock_create_ruleset": (Rule(ERRNO | errno.ENOSYS),)})
        return f"{probe().line}; {caged(socket.socket).attempt}"

    assert in_a_child(without) == ("cage: seccomp yes, naming yes, Landlock no, limits yes; socket")


def test_a_kernel_without_listeners_still_kills() -> None:
    def without() -> str:
        listening = Argument(1, (8,), 8)
        forbid({"seccomp": (Rule(ERRNO | errno.EINVAL, (listening,)), Rule(ALLOW))})
        return f"{probe().line}; {caged(socket.socket)}; {caged(lambda: 1).said}"

    assert in_a_child(without) == (
        "cage: seccomp yes, naming no, Landlock yes, limits yes; "
        f"{Outcome(None, -signal.SIGSYS, '')}; 1"
    )


def test_a_machine_without_seccomp_still_limits() -> None:
    def without() -> str:
        forbid({"seccomp": (Rule(ERRNO | errno.ENOSYS),)})
        return f"{probe().line}; {caged(lambda: bytearray(1 << 30)).said}"

    assert in_a_child(without) == (
        "cage: seccomp no, naming no, Landlock yes, limits yes; MemoryError: "
    )


def test_the_cage_is_imported_and_reported_where_nothing_of_linux_is() -> None:
    code = (
        "import sys; sys.platform = 'darwin'\nfrom servery.cage import probe; print(probe().line)"
    )
    assert _python(code) == "cage: seccomp no, naming no, Landlock no, limits yes"


def test_a_machine_with_all_parts_is_complete() -> None:
    require_complete()
    assert Report(seccomp=True, naming=True, landlock=1, limits=True).is_complete


def test_what_is_required_and_missing_is_named() -> None:
    def without() -> str:
        forbid({"landlock_create_ruleset": (Rule(ERRNO | errno.ENOSYS),)})
        with pytest.raises(BadSettings) as refused:
            require_complete()
        return str(refused.value)

    assert "Landlock no" in in_a_child(without)
