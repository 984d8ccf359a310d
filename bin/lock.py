"""Resolve the lock files: versions and hashes for every supported Python, without any address."""

import subprocess
import sys
from pathlib import Path

OPTIONS = [
    "--universal",
    *("--python-version", "3.11"),
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-annotate",
    "--no-header",
    "--quiet",
]
LOCKS = {
    "requirements.txt": ["pyproject.toml"],
    "requirements-build.txt": ["--group", "build", "--constraints", "requirements.txt"],
    "requirements-dev.txt": [
        "pyproject.toml",
        *("--group", "dev"),
        *("--constraints", "requirements.txt"),
        *("--constraints", "requirements-build.txt"),
    ],
    "requirements-audit.txt": ["--group", "audit", "--constraints", "requirements-dev.txt"],
    "requirements-bench.txt": ["--group", "bench", "--constraints", "requirements-dev.txt"],
}


def main() -> None:
    """Write each lock file beside pyproject.toml; further options go to the resolver."""
    uv = str(Path(sys.executable).with_name("uv"))
    for name, sources in LOCKS.items():
        command = [uv, "pip", "compile", *OPTIONS, *sys.argv[1:], *sources, "--output-file", name]
        subprocess.run(command, check=True)  # noqa: S603 - every word stands above


if __name__ == "__main__":
    main()
