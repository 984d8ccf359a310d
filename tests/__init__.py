"""The tests, in processes that compute with one thread each.

Where more processes than processors compute, threads that wait for each other spin: a small fit
takes ten times as long. This must be set before the libraries are loaded.
"""

import os

#: What this sets, and what a process that is started as a user's must not inherit.
ONE_THREAD = frozenset({"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"} - os.environ.keys())
os.environ |= dict.fromkeys(ONE_THREAD, "1")
# shap, which explanations are compared with, would compile itself for longer than it then computes.
os.environ.setdefault("NUMBA_DISABLE_JIT", "1")
