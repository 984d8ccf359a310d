"""Trusted code that misbehaves: what it does is named by the first input."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin

#: Far from any value with which publishing tries a model.
FIRST = 7_000_000
HONEST, HANG, CRASH, WRITE, CONNECT, EXEC, READ, FORK, SWELL, KILL, THREADS, SWALLOW, EXIT = range(
    FIRST, FIRST + 13
)


class Misdeed(RegressorMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn has no types
    """Answers its second input, unless the first asks for something else."""

    def __init__(self, canary: str = "", secret: str = "", deed_at_load: int = HONEST) -> None:
        self.canary = canary
        self.secret = secret
        self.deed_at_load = deed_at_load

    def fit(self, X: Any, y: Any) -> "Misdeed":  # noqa: ANN401, ARG002
        """Note how many columns there are."""
        self.n_features_in_ = np.asarray(X).shape[1]
        return self

    def predict(self, X: Any) -> Any:  # noqa: ANN401
        """Do what the first row asks for, and answer the second column."""
        rows = np.asarray(X, dtype=float)
        found = self.do(int(rows[0, 0]))
        return rows[:, 1] if found is None else np.full(len(rows), found)

    def __setstate__(self, state: Any) -> None:  # noqa: ANN401
        """Do what the state asks for."""
        self.__dict__.update(state)
        self.do(self.deed_at_load)

    def do(self, deed: int) -> float | None:
        """Try something that no model may do; what comes back is a number that reveals a secret."""
        if deed == HANG:
            while True:
                pass
        elif deed == CRASH:
            ctypes.string_at(0)
        elif deed == WRITE:
            Path(self.canary).write_text("written")
        elif deed == CONNECT:
            socket.create_connection(("127.0.0.1", 9), timeout=1)
        elif deed == EXEC:
            subprocess.run([sys.executable, "-c", f"open({self.canary!r}, 'w')"], check=False)
        elif deed == READ:
            return float(len(Path(self.secret).read_text()))
        elif deed == FORK:
            while True:
                os.fork()
        elif deed == SWELL:
            self.swollen = [bytearray(1 << 28) for _ in range(1 << 10)]
        elif deed == KILL:
            os.kill(os.getppid(), signal.SIGKILL)
        elif deed == THREADS:
            for _ in range(100_000):
                threading.Thread(target=threading.Event().wait, daemon=True).start()
        elif deed == SWALLOW:
            signal.signal(signal.SIGSYS, lambda *_: None)
            try:
                Path(self.canary).write_text("written")
            except BaseException:
                return 1.0
        elif deed == EXIT:
            os._exit(0)
        return None
