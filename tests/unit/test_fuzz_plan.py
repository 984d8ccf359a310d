"""Some hundred changed plans, by a seed: each is refused or answers, and no process dies of it."""

import json
import subprocess
import sys


def test_a_changed_plan_ends_no_process() -> None:
    # A process of its own: its forks have a limit that counts what this one has mapped, too.
    command = [sys.executable, "-m", "tests.fuzz_plan", "250", "1"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    totals = json.loads(ended.stdout)
    assert totals.pop("bad") == [], ended.stderr
    assert sum(totals.values()) == 250
    assert totals["refused"] > 0
    assert totals["answered"] > 0
