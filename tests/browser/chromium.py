"""Finds a Chromium for the browser tests, and installs one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A container has no user namespaces and a small /dev/shm; and nothing here may go to the network.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> str | None:
    """Return the path of a Chromium: the system's, else Playwright's own."""
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return str(own) if own.exists() else None


def install() -> None:
    """Install a Chromium: Playwright's own, else the system's package."""
    command = [sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]
    if subprocess.run(command, check=False).returncode == 0 and find():
        return
    apt = shutil.which("apt-get")
    if not apt:
        sys.exit("Please install Chromium: the browser tests need one.")
    elevated = [] if os.geteuid() == 0 else ["sudo"]
    subprocess.run([*elevated, apt, "update", "-qq"], check=True)
    subprocess.run([*elevated, apt, "install", "-y", "-qq", "chromium"], check=True)


if __name__ == "__main__":
    if not find():
        install()
