"""The keeper: the warm parent of caged processes, which forks one for each task and watches it.

It loads the libraries once, so that each fork costs little, and never reads untrusted bytes
itself. Requests come over one socket that every process which may ask has inherited; each brings
a socket of its own for the answer. When nobody holds the other side any more, the keeper ends, and
its children with it.
"""

import contextlib
import gc
import logging
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Mapping
from functools import partial
from importlib.machinery import PathFinder
from typing import NoReturn

import msgspec

from servery.cage import Attempts, probe
from servery.cage.child import be_caged, where
from servery.cage.messages import (
    Block,
    Closed,
    close,
    pair,
    receive,
    send,
)
from servery.cage.requests import (
    Answer,
    Done,
    Failed,
    More,
    Overdue,
    Request,
    Run,
    Serve,
)
from servery.cage.status import CageState, StatusPage
from servery.cage.tasks import Child, Job, Served, Task

log = logging.getLogger("servery.cage")

#: The most that a task may hand back; memory is used only for what is written.
MOST_RESULT_BYTES = 1 << 31
#: A model whose processes died or hung so often within `WINDOW_S` is set aside.
MOST_DEATHS = 3
WINDOW_S = 600.0
#: The first pause before a process is started again; the next ones are three times as long each.
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 10.0
#: Libraries that nobody has used for so long are let go.
IDLE_S = 5.0
#: Says that this keeper takes the place of itself, and has said before what there is to say.
AGAIN = "again"


class Keeper:
    """Forks, watches and ends caged processes until nobody can ask for any."""

    def __init__(self, control: socket.socket, tasks: Mapping[str, Task]) -> None:
        self._control = control
        self._tasks = tasks
        self._preloaded: set[str] = set()
        self._children: dict[int, Child] = {}
        self._served: dict[str, Job] = {}
        self._selector = selectors.DefaultSelector()
        self._decoder = msgspec.msgpack.Decoder(Request)
        self._answer_decoder = msgspec.msgpack.Decoder(Answer)

    def run(self) -> None:
        """Work until the last process that could ask is gone."""
        wakeup, other = socket.socketpair()
        for end in (wakeup, other):
            end.setblocking(False)
        signal.set_wakeup_fd(other.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        self._selector.register(wakeup, selectors.EVENT_READ, partial(_drain, wakeup))
        self._selector.register(self._control, selectors.EVENT_READ, self._take)
        with contextlib.suppress(Closed):
            while True:
                events = self._selector.select(self._pause_s())
                if not events and self._is_idle():
                    self._shed()
                for event, _ in events:
                    # What an earlier event closed is not heard any more.
                    if self._selector.get_map().get(event.fd) is event:
                        event.data()
                self._reap()
                self._end_overdue()
                self._start_again()
        signal.set_wakeup_fd(-1)  # which would be closed when the news of the killed ones come
        for process in self._children:
            os.kill(process, signal.SIGKILL)

    def _take(self) -> None:
        """Take one request."""
        try:
            request, descriptors = receive(self._control, self._decoder)
        except msgspec.DecodeError:
            log.exception("a request that is none")
            return
        match request:
            case Run():
                self._start_task(request, *descriptors)
            case Serve():
                self._serve(request, *descriptors)
            case More():
                self._add_process(request.key)
            case Overdue():
                self._end_process(request)

    def _start_task(self, request: Run, reply: int, spec: int, data: int) -> None:
        job = _job(request, spec, data)
        self._lease(job, reply)
        self._fork(job)

    def _serve(self, request: Serve, reply: int, spec: int, data: int) -> None:
        job = self._served.get(request.key)
        if job is not None:
            close([spec, data])
            self._lease(job, reply)
            self._answer_again(job)
            return
        job = _job(request, spec, data)
        entrance, requests = pair()
        job.served = Served(
            request.key, request.most_processes, requests, entrance, StatusPage.blank()
        )
        self._served[request.key] = job
        self._lease(job, reply)
        self._fork(job)

    def _lease(self, job: Job, reply: int) -> None:
        lease = socket.socket(fileno=reply)
        job.leases.append(lease)
        job.waiting.append(lease)
        self._selector.register(lease, selectors.EVENT_READ, partial(self._give_up, job, lease))

    def _give_up(self, job: Job, lease: socket.socket) -> None:
        """End a job when the last process that wants it is gone."""
        self._selector.unregister(lease)
        lease.close()
        job.leases.remove(lease)
        if lease in job.waiting:
            job.waiting.remove(lease)
        if not job.leases:
            self._drop(job)

    def _answer_again(self, job: Job) -> None:
        """Answer a process that asks for a model that another one has asked for before."""
        served = _of(job)
        if served.is_set_aside:
            _answer(job, Failed("set-aside", served.page.sentence))
        elif served.result_bytes is not None:
            _answer(job, Done(served.result_bytes))

    def _add_process(self, key: str) -> None:
        job = self._served.get(key)
        if job is None:
            return
        running = self._children_of(job)
        served = _of(job)
        is_enough = len(running) >= served.most_processes or served.start_at is not None
        if served.is_set_aside or is_enough:
            return
        if all(child.is_ready for child in running):
            self._fork(job)

    def _end_process(self, request: Overdue) -> None:
        child = self._children.get(request.process)
        if child is None or child.job.served is None or child.job.served.key != request.key:
            return
        self._kill(child, Failed("time", f"{request.timeout_s:g}"))

    def _drop(self, job: Job) -> None:
        """Forget a job: end its processes, close what belongs to it."""
        if job.served is not None:
            self._served.pop(job.served.key, None)
        for child in self._children_of(job):
            self._kill(child, Failed("exit"))
        for lease in job.leases:
            self._selector.unregister(lease)
        job.close()

    def _children_of(self, job: Job) -> list[Child]:
        return [child for child in self._children.values() if child.job is job]

    def _fork(self, job: Job) -> None:
        """Fork a caged process for a job."""
        task = self._tasks[job.task]
        try:
            self._preload(job.task, task)
        except Exception as error:  # a fault of one task ends no other
            log.exception("a task could not be loaded")
            _answer(job, Failed("exit", where(error)))
            self._drop(job)
            return
        policy = job.limits.policy(is_serving=job.served is not None)
        status, its_status = pair()
        notices, its_notices = socket.socketpair()
        _see_modules()
        process = os.fork()
        if process == 0:
            be_caged(job, task, policy, its_status, its_notices)
        its_status.close()
        its_notices.close()
        deadline = time.monotonic() + job.limits.timeout_s
        child = Child(process, job, policy, status, notices, deadline)
        self._children[process] = child
        self._selector.register(status, selectors.EVENT_READ, partial(self._hear, child))
        self._selector.register(notices, selectors.EVENT_READ, partial(self._watch, child))

    def _preload(self, name: str, task: Task) -> None:
        if name not in self._preloaded:
            task.preload()
            gc.freeze()  # what is loaded stays shared: no collector of a fork touches its pages
            self._preloaded.add(name)

    def _watch(self, child: Child) -> None:
        """Take over the descriptor that shows what a child attempts."""
        if child.notices is None:
            return
        self._selector.unregister(child.notices)
        with contextlib.suppress(EOFError), child.notices:
            child.attempts = Attempts.receive(child.notices, child.policy.threads)
        child.notices = None
        if child.attempts is not None:
            self._selector.register(
                child.attempts, selectors.EVENT_READ, partial(self._refuse, child)
            )

    def _refuse(self, child: Child) -> None:
        """End a child that attempts what it may not do; nothing in it can keep that back."""
        if child.attempts is None:
            return
        try:
            attempt = child.attempts.read()
        except EOFError:
            self._forget_attempts(child)
            return
        if attempt is None:
            return
        failed = Failed("attempt", attempt.name)
        child.failed = child.failed or failed
        served = child.job.served
        if served is not None and served.result_bytes is not None:
            self._set_aside(child.job, served, death_sentence(failed))
        else:
            self._kill(child, failed)

    def _forget_attempts(self, child: Child) -> None:
        if child.attempts is not None:
            self._selector.unregister(child.attempts)
            child.attempts.close()
            child.attempts = None

    def _kill(self, child: Child, why: Failed) -> None:
        child.failed = child.failed or why
        os.kill(child.process, signal.SIGKILL)

    def _hear(self, child: Child) -> None:
        """Take what a child says of its task; it says one thing."""
        if child.status is None:
            return
        self._selector.unregister(child.status)
        with contextlib.suppress(Closed, BlockingIOError, msgspec.DecodeError), child.status:
            child.status.setblocking(False)
            said, descriptors = receive(child.status, self._answer_decoder)
            close(descriptors)
            if isinstance(said, Done):
                self._is_done(child, said)
            elif said.how in ("memory", "exit"):  # what else happened is not its own to say
                child.failed = child.failed or said
        child.status = None

    def _is_done(self, child: Child, said: Done) -> None:
        child.is_ready = True
        served = child.job.served
        if served is None or served.result_bytes is None:
            _answer(child.job, said)
        if served is not None:
            served.result_bytes = served.result_bytes or said.result_bytes
            if not served.is_set_aside:  # it was opened while another process misbehaved
                served.page.write(CageState.SERVING)

    def _reap(self) -> None:
        while True:
            try:
                process, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if process == 0:
                return
            child = self._children.pop(process, None)
            if child is not None:
                self._let_go(child)
                self._ended(child, status)

    def _let_go(self, child: Child) -> None:
        """Take what an ended child had still said, and close what belonged to it."""
        self._watch(child)
        self._hear(child)
        self._forget_attempts(child)

    def _ended(self, child: Child, status: int) -> None:
        job = child.job
        if not job.leases:  # it was dropped
            return
        failed = child.failed or _how(status)
        if job.served is not None and job.served.result_bytes is not None:
            self._count_death(job, job.served, failed)
            return
        if not child.is_ready:
            _answer(job, failed)
        self._drop(job)

    def _count_death(self, job: Job, served: Served, failed: Failed) -> None:
        """Start a model that was served again, or set it aside if it dies again and again."""
        if served.is_set_aside:
            return
        now = time.monotonic()
        served.deaths.append(now)
        while served.deaths[0] < now - WINDOW_S:
            served.deaths.popleft()
        sentence = death_sentence(failed)
        log.error("a model process %s", sentence)
        if len(served.deaths) >= MOST_DEATHS:
            self._set_aside(job, served, f"{sentence}, after {len(served.deaths)} deaths in all")
            return
        if not self._children_of(job):
            served.page.write(CageState.RESTARTING)
        pause_s = min(FIRST_PAUSE_S * 3 ** (len(served.deaths) - 1), LONGEST_PAUSE_S)
        served.start_at = now + pause_s

    def _set_aside(self, job: Job, served: Served, sentence: str) -> None:
        """Write the state before killing: callers of a killed process then see the reason."""
        log.error("a model is set aside: it %s", sentence)
        served.page.write(CageState.SET_ASIDE, sentence)
        served.start_at = None
        for child in self._children_of(job):
            self._kill(child, Failed("exit"))
        _turn_away(served.requests)

    def _start_again(self) -> None:
        now = time.monotonic()
        for job in self._served.values():
            served = _of(job)
            if served.start_at is not None and served.start_at <= now:
                served.start_at = None
                self._fork(job)

    def _end_overdue(self) -> None:
        now = time.monotonic()
        for child in self._children.values():
            if not child.is_ready and child.deadline <= now:
                self._kill(child, Failed("time", f"{child.job.limits.timeout_s:g}"))

    def _pause_s(self) -> float | None:
        """Return how long nothing has to be done unless something happens."""
        moments = [child.deadline for child in self._children.values() if not child.is_ready]
        moments += [
            served.start_at
            for served in map(_of, self._served.values())
            if served.start_at is not None
        ]
        if moments:
            return max(0.0, min(moments) - time.monotonic())
        return IDLE_S if self._is_idle() else None

    def _is_idle(self) -> bool:
        """Return whether libraries are loaded that nobody uses."""
        return bool(self._preloaded) and not self._children and not self._served

    def _shed(self) -> NoReturn:
        """Become a process without the libraries again; requests wait in the socket until then."""
        self._control.set_inheritable(True)
        words = [word for word in sys.orig_argv if word != AGAIN]
        os.execv(sys.executable, [*words, AGAIN])  # noqa: S606 - what started this process


def _job(request: Run | Serve, spec: int, data: int) -> Job:
    block = Block(spec)
    job = Job(
        request.task,
        request.limits,
        block.read(request.spec_bytes),
        data,
        Block.of_size(MOST_RESULT_BYTES),
    )
    block.close()
    return job


def _of(job: Job) -> Served:
    assert job.served is not None  # noqa: S101 - only jobs that are served are asked
    return job.served


def _answer(job: Job, answer: Answer) -> None:
    """Answer all who wait for a job; who is gone is found out by its lease."""
    descriptors: list[int] = []
    if isinstance(answer, Done):
        descriptors.append(job.result.descriptor)
        if job.served is not None:
            descriptors += [job.served.page.block.descriptor, job.served.entrance.fileno()]
    for lease in job.waiting:
        with contextlib.suppress(Closed):
            send(lease, answer, descriptors)
    job.waiting.clear()


def _turn_away(requests: socket.socket) -> None:
    """Close the requests that wait in a socket, so that their senders see the end at once."""
    anything = msgspec.msgpack.Decoder(msgspec.Raw)
    with contextlib.suppress(BlockingIOError, Closed):
        while True:
            _, descriptors = receive(requests, anything, socket.MSG_DONTWAIT)
            close(descriptors)


def _how(status: int) -> Failed:
    """Put the end of a process into words."""
    if not os.WIFSIGNALED(status):
        return Failed("exit")
    number = os.WTERMSIG(status)
    if number == signal.SIGXCPU:
        return Failed("time")
    if number == signal.SIGSYS:
        return Failed("attempt", "a system call")
    return Failed("signal", signal.Signals(number).name)


def death_sentence(failed: Failed) -> str:
    """Return how a process ended, as the end of a sentence."""
    return {
        "attempt": f"attempted what no model may do ({failed.what})",
        "signal": f"crashed ({failed.what})",
        "time": f"took longer than {failed.what} s",
        "memory": "used up its memory",
        "exit": f"ended by itself ({failed.what})" if failed.what else "ended by itself",
        "set-aside": failed.what,
    }[failed.how]


def _drain(wakeup: socket.socket) -> None:
    with contextlib.suppress(BlockingIOError):
        while wakeup.recv(4096):
            pass


def _see_modules() -> None:
    """List the folders of modules, for forks that may read a module but not list what is beside it.

    Python keeps the lists, and reads one again only where its folder has changed.
    """
    PathFinder.find_spec("no module of this name")


def main(tasks: Mapping[str, Task]) -> None:
    """Keep caged processes for the process that started this one.

    ``argv[1]`` is the descriptor of the socket over which it asks.
    """
    report = probe()  # a fork finds what this machine has already known
    if not report.is_complete and AGAIN not in sys.argv:
        log.warning(report.line)
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    with contextlib.suppress(PermissionError):  # it leads one already, after `_shed`
        os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)  # the end of those who ask is the signal
    Keeper(control, tasks).run()
