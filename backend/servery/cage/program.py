"""Runs a program in a cage of its own: it reads what it is given and computes, and nothing else.

A Python of ours enters the cage and becomes the program: the limits, Landlock and seccomp outlive
its start. The program may read its own files and the packages that are named, and writes only to
the pipes that it is given.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import msgspec

from servery.cage import landlock, seccomp
from servery.cage.inherited import ENVIRON, environ_of_python
from servery.cage.limits import give_up_privileges, limit
from servery.cage.probing import probe
from servery.cage.readable import SYSTEM

#: The loaders of dynamic programs, which the kernel runs with the program.
LOADERS = tuple(
    Path(path)
    for path in (
        "/lib64/ld-linux-x86-64.so.2",
        "/lib/ld-linux-aarch64.so.1",
        "/lib/ld-musl-x86_64.so.1",
    )
)
#: Without a home, Python would ask the system for one, which is an attempt.
VARIABLES = {"HOME": "/", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class ProgramFailed(Exception):
    """A caged program that did not end well; the text is the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program and what it may use.

    Attributes
    ----------
    command
        The path of the program, and its arguments.
    read
        Files and folders that it may read beside libraries of the system.
    """

    command: Sequence[str]
    read: tuple[Path, ...]
    memory_bytes: int
    timeout_s: float


class Entry(msgspec.Struct, frozen=True):
    """What the Python that enters the cage is sent."""

    command: tuple[str, ...]
    read: tuple[str, ...]
    memory_bytes: int
    cpu_s: int


def run_program(program: Program, data: bytes) -> bytes:
    """Give a program bytes, and return what it writes.

    Raises
    ------
    ProgramFailed
        This machine lacks a part of the cage, or the program failed, was killed or took too long.
    """
    report = probe()
    if not (report.seccomp and report.landlock):
        raise ProgramFailed(f"cannot be caged on this machine ({report.line})")
    entry = Entry(
        tuple(map(str, program.command)),
        (*SYSTEM, *map(str, program.read)),
        program.memory_bytes,
        int(program.timeout_s) + 1,
    )
    words = [sys.executable, "-P", "-m", __name__, msgspec.json.encode(entry).decode()]
    try:
        done = subprocess.run(  # noqa: S603 - the words are ours
            words,
            input=data,
            capture_output=True,
            timeout=program.timeout_s,
            check=False,
            env=environ_of_python(),
            cwd="/",
        )
    except subprocess.TimeoutExpired as error:
        raise ProgramFailed(f"took more than {program.timeout_s:g} s") from error
    except (OSError, subprocess.SubprocessError) as error:
        raise ProgramFailed(f"could not be started ({error})") from error
    if done.returncode < 0:
        raise ProgramFailed(f"was killed by signal {-done.returncode}: it did more than compute")
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise ProgramFailed(lines[-1][:500] if lines else f"ended with code {done.returncode}")
    return done.stdout


def _become(entry: Entry) -> NoReturn:
    """Enter the cage, and become the program."""
    runnable = Path(entry.command[0]).resolve()
    limit(entry.memory_bytes, entry.cpu_s)
    give_up_privileges()
    landlock.restrict(map(Path, entry.read), [runnable, *(path.resolve() for path in LOADERS)])
    seccomp.install(is_watched=False, may_execute=True)
    os.execve(entry.command[0], entry.command, {**ENVIRON, **VARIABLES})  # noqa: S606


if __name__ == "__main__":
    try:
        _become(msgspec.json.decode(sys.argv[1], type=Entry))
    except OSError as error:
        sys.exit(f"could not be started ({error})")
