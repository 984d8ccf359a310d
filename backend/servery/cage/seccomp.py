"""The filter of system calls: some are allowed, some fail quietly, all others are attempts.

A table of rules goes in, and a program of classic BPF comes out, which the kernel runs at each
system call; see seccomp(2). A filter sees numbers and registers, but no memory: Landlock checks
paths, and a call whose flags are in memory fails as if the kernel did not have it.
"""

import ctypes
import errno
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from servery.cage.calls import Machine, machine
from servery.cage.kernel import call

# What computing needs: memory, threads, clocks, its own signals, reading, waiting and inherited
# descriptors. None of these reaches another process, changes a file or opens a socket.
ALLOWED = """
brk mmap mprotect munmap mremap madvise membarrier
futex set_robust_list rseq sched_yield sched_getaffinity sched_getparam sched_getscheduler
sched_get_priority_max sched_get_priority_min getcpu set_tid_address exit exit_group
clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times getrusage sysinfo
uname getrandom getpriority getrlimit
rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack restart_syscall
getitimer alarm setitimer
getpid gettid getppid getuid geteuid getgid getegid getresuid getresgid getgroups
read readv pread64 preadv lseek write writev pipe pipe2 close close_range dup dup2 dup3 fadvise64
stat lstat fstat newfstatat statx access faccessat faccessat2 readlink readlinkat getcwd
getdents getdents64 statfs fstatfs
poll ppoll select pselect6
recvfrom recvmsg sendmsg shutdown getsockname getpeername getsockopt
"""

# Calls that honest libraries try and can do without; each fails as it does on other kernels.
QUIET = {
    # Its flags are in memory, where a filter cannot look; the C library then uses clone.
    "clone3": errno.ENOSYS,
    # The same; callers fall back on openat.
    "openat2": errno.ENOSYS,
    # ONNX Runtime and OpenMP pin threads to cores; the results are the same without.
    "sched_setaffinity": errno.EPERM,
    # Thread pools set priorities.
    "sched_setscheduler": errno.EPERM,
    "sched_setparam": errno.EPERM,
    "setpriority": errno.EPERM,
    # OpenBLAS and ONNX Runtime place memory on machines with several sockets.
    "mbind": errno.EPERM,
    "get_mempolicy": errno.EPERM,
    "set_mempolicy": errno.EPERM,
    "move_pages": errno.EPERM,
    # Locked memory is an optimisation.
    "mlock": errno.EPERM,
    "munlock": errno.EPERM,
    # ONNX Runtime asks for the tile registers (AMX) of processors that have them.
    "arch_prctl": errno.EPERM,
}


@dataclass(frozen=True, slots=True)
class Argument:
    """A test of an argument: after masking, it is one of ``values``.

    Only the lower 32 bits are read, as the kernel does for an int. Where the kernel reads 64,
    ``is_wide`` requires the upper ones to be zero.
    """

    index: int
    values: tuple[int, ...]
    mask: int = 0xFFFF_FFFF
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """The action for a call whose arguments pass all tests."""

    action: int
    arguments: tuple[Argument, ...] = ()


KILL_PROCESS = 0x8000_0000
ERRNO = 0x0005_0000
USER_NOTIFICATION = 0x7FC0_0000
ALLOW = 0x7FFF_0000

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | 0x40_0000  # __O_TMPFILE

# Flags of clone(2): those of a thread of this process, and those that a thread may have. With any
# other flag, such as a new namespace, the call counts as a fork.
THREAD = 0x0000_0100 | 0x0000_0800 | 0x0001_0000  # VM, SIGHAND, THREAD
# FS, FILES, SYSVSEM, SETTLS, PARENT_SETTID, CHILD_CLEARTID, DETACHED, CHILD_SETTID
WITH_THREAD = 0x0000_0600 | 0x0004_0000 | 0x0008_0000 | 0x0030_0000 | 0x0040_0000 | 0x0100_0000
NOT_OF_A_THREAD = 0xFFFF_FFFF & ~WITH_THREAD

TCGETS, TCGETS2, TIOCGWINSZ = 0x5401, 0x802C_542A, 0x5413
FIONREAD, FIONBIO, FIOCLEX, FIONCLEX = 0x541B, 0x5421, 0x5451, 0x5450
DUPFD, GETFD, SETFD, GETFL, SETFL, DUPFD_CLOEXEC, GET_SEALS = 0, 1, 2, 3, 4, 1030, 1034
SET_NAME, GET_NAME, GET_DUMPABLE, SET_VMA = 15, 16, 3, 0x5356_4D41


def rules_of(
    pid: int, *, is_watched: bool, may_execute: bool = False
) -> Mapping[str, tuple[Rule, ...]]:
    """Return the rules of all calls that are not always attempts.

    Parameters
    ----------
    pid
        This process, the only one that it may signal.
    is_watched
        A supervisor reads the attempts. It also decides about threads, because it can count them.
    may_execute
        Whether this process may become another program, which the filter outlives.
    """
    rules: dict[str, tuple[Rule, ...]] = {name: (Rule(ALLOW),) for name in ALLOWED.split()}
    rules |= {name: (Rule(ERRNO | number),) for name, number in QUIET.items()}
    only = _allowed_if
    rules |= {
        "open": only(Argument(1, (0,), WRITING)),
        "openat": only(Argument(2, (0,), WRITING)),
        "kill": only(Argument(0, (pid,))),
        "tgkill": only(Argument(0, (pid,))),
        "prlimit64": only(Argument(0, (0, pid)), Argument(2, (0,), is_wide=True)),
        # With an address, an inherited datagram socket could reach other processes.
        "sendto": only(Argument(4, (0,), is_wide=True)),
        "fcntl": only(Argument(1, (DUPFD, GETFD, SETFD, GETFL, SETFL, DUPFD_CLOEXEC, GET_SEALS))),
        "prctl": only(Argument(0, (SET_NAME, GET_NAME, GET_DUMPABLE, SET_VMA))),
        "ioctl": (
            *only(Argument(1, (FIONREAD, FIONBIO, FIOCLEX, FIONCLEX))),
            # Python checks for each file that it opens whether it is a terminal.
            Rule(ERRNO | errno.ENOTTY, (Argument(1, (TCGETS, TCGETS2, TIOCGWINSZ)),)),
        ),
    }
    if not is_watched:
        rules["clone"] = only(Argument(0, (THREAD,), NOT_OF_A_THREAD, is_wide=True))
    if may_execute:
        rules |= _of_a_program(rules["clone"])
    return rules


def _of_a_program(of_a_thread: tuple[Rule, ...]) -> Mapping[str, tuple[Rule, ...]]:
    """Return the rules that a program needs to start and to import its libraries."""
    without = (Rule(ERRNO | errno.EPERM),)
    return {
        "execve": (Rule(ALLOW),),
        "arch_prctl": (Rule(ALLOW),),
        # Python tries it when it imports its selectors.
        "epoll_create1": (Rule(ERRNO | errno.ENOSYS),),
        # Libraries start programs that describe the machine, and do without them.
        "vfork": without,
        "fork": without,
        "clone": (*of_a_thread, *without),
    }


def _allowed_if(*arguments: Argument) -> tuple[Rule, ...]:
    return (Rule(ALLOW, arguments),)


# --- the program -----------------------------------------------------------------------------

LOAD, AND, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
#: Numbers from here are those of x32, which shares the architecture of x86-64.
X32 = 0x4000_0000


def program(here: Machine, rules: Mapping[str, tuple[Rule, ...]], attempt: int) -> bytes:
    """Return the filter: foreign calls kill, listed ones follow their rules, others ``attempt``."""
    code = [
        _step(LOAD, ARCHITECTURE),
        _step(EQUAL, here.audit, otherwise=2),
        _step(LOAD, NUMBER),
        _step(AT_LEAST, X32, otherwise=1),
        _step(RETURN, KILL_PROCESS),
    ]
    for name, ways in rules.items():
        if name in here.number:
            body = [step for rule in ways for step in _of_rule(rule)]
            if ways[-1].arguments:
                body.append(_step(RETURN, attempt))
            code += [_step(EQUAL, here.number[name], otherwise=len(body)), *body]
    code.append(_step(RETURN, attempt))
    return b"".join(code)


def _of_rule(rule: Rule) -> list[bytes]:
    """Return the steps of one rule; if a test fails, the step after the last one is next."""
    steps = [_step(RETURN, rule.action)]
    for argument in reversed(rule.arguments):
        steps = [*_of_argument(argument, len(steps)), *steps]
    return steps


def _of_argument(argument: Argument, left: int) -> list[bytes]:
    """Return the steps of one test; if it fails, it skips the ``left`` steps that follow it."""
    low = ARGUMENTS + 8 * argument.index  # both machines are little-endian
    last = len(argument.values) - 1
    steps = [
        _step(LOAD, low),
        _step(AND, argument.mask),
        *(
            _step(EQUAL, value, then=last - position, otherwise=left if position == last else 0)
            for position, value in enumerate(argument.values)
        ),
    ]
    if argument.is_wide:
        steps = [_step(LOAD, low + 4), _step(EQUAL, 0, otherwise=left + len(steps)), *steps]
    return steps


def _step(operation: int, operand: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", operation, then, otherwise, operand)


# --- installing it ---------------------------------------------------------------------------

SET_MODE_FILTER = 1
NEW_LISTENER = 1 << 3
WAIT_KILLABLE_RECV = 1 << 5


def install(*, is_watched: bool, may_execute: bool = False) -> int | None:
    """Filter the system calls of this thread and of all that it starts, irrevocably.

    Needs ``no_new_privs``.

    Returns
    -------
    int | None
        The descriptor from which attempts are read, if ``is_watched``. A thread that attempts
        something waits until it is read.

    Raises
    ------
    OSError
        The kernel or a container does not allow the filter or its listener.
    """
    here = machine()
    if here is None:
        raise OSError(errno.ENOSYS, "seccomp is not available here")
    attempt = USER_NOTIFICATION if is_watched else KILL_PROCESS
    rules = rules_of(os.getpid(), is_watched=is_watched, may_execute=may_execute)
    code = program(here, rules, attempt)
    if not is_watched:
        set_filter(code)
        return None
    try:
        # Since Linux 5.19: after its attempt is read, only SIGKILL interrupts the process.
        return set_filter(code, NEW_LISTENER | WAIT_KILLABLE_RECV)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        return set_filter(code, NEW_LISTENER)


def set_filter(code: bytes, flags: int = 0) -> int:
    """Install a program; return the listener if ``flags`` ask for one."""
    steps = ctypes.create_string_buffer(code, len(code))
    head = struct.pack("@HP", len(code) // 8, ctypes.addressof(steps))
    return call("seccomp", SET_MODE_FILTER, flags, ctypes.create_string_buffer(head, len(head)))
