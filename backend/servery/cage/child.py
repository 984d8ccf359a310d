"""What a process does that a keeper has forked: it enters the cage, does its task and ends."""

import io
import os
import signal
import socket
import traceback
from pathlib import Path
from typing import NoReturn

from servery.cage import Policy, enter
from servery.cage.messages import send
from servery.cage.requests import Done, Failed
from servery.cage.tasks import Job, Task


def be_caged(
    job: Job, task: Task, policy: Policy, status: socket.socket, notices: socket.socket
) -> NoReturn:
    """Do a task in this process, which was just forked, and end."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):  # what a library prints is for nobody
        os.dup2(nothing, standard)
    keep = {0, 1, 2, status.fileno(), job.data, job.result.descriptor}
    if job.served is not None:
        keep.add(job.served.requests.fileno())
    code = 1
    try:
        enter(policy, notices, keep)
        result = task.run(job.spec, _read(job.data))
        job.result.write(result.data)
        send(status, Done(len(result.data)))
        if result.serve is not None and job.served is not None:
            result.serve(job.served.requests)
        code = 0
    except MemoryError:
        send(status, Failed("memory"))
    except Exception as error:  # a fault of ours, or one that only an untrusted file triggers
        send(status, Failed("exit", where(error)))
    finally:
        os._exit(code)


def where(error: Exception) -> str:
    """Return the kind of an exception and the line that raised it; its text may quote anything."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"


def _read(descriptor: int) -> bytes:
    """Return the bytes of a file that others may have open: a copy that nobody can change."""
    sink = io.BytesIO()  # which hands out its memory at the end, without a copy of it
    while chunk := os.pread(descriptor, CHUNK_BYTES, sink.tell()):
        sink.write(chunk)
    return sink.getvalue()


CHUNK_BYTES = 1 << 24
