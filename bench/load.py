"""Load by wrk: one request after the other on connections that stay, from a file of bodies."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("bodies.lua")


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of load saw; times in milliseconds."""

    per_second: float
    p50_ms: float
    p99_ms: float


class NoLoadGenerator(Exception):
    """Where wrk is missing."""


def require_wrk() -> None:
    """Refuse to measure without the load generator."""
    if shutil.which("wrk") is None:
        raise NoLoadGenerator("make bench needs wrk: apt-get install wrk, or brew install wrk.")


def run(url: str, bodies: Path, clients: int, seconds: float) -> Load:
    """Load one address; a single answer that is not 200 is an error."""
    where = ["-s", str(SCRIPT), url, "--", str(bodies)]
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds:g}s", *where]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    seen = json.loads(done.stdout.splitlines()[-1])
    if seen["errors"]:
        raise RuntimeError(f"{url}: {seen['errors']} of {seen['requests']} requests failed")
    return Load(
        per_second=seen["requests"] / seen["seconds"],
        p50_ms=seen["p50_us"] / 1000,
        p99_ms=seen["p99_us"] / 1000,
    )
