"""What docs/clients.md shows is run: shell commands here, Python by `make clients`."""

import shutil
import subprocess

import pytest

from tests.clients.documents import MOST_LINES, SECTIONS, at, shown
from tests.clients.protocols import PYTHON
from tests.conftest import PATIENCE_S, Server

#: What the commands print, shortened.
PRINTED = {
    "V1 of KServe and TensorFlow Serving": ['"predictions":["Dog","Cat"]'],
    "CSV in, CSV out": ["height,weight,prediction", "90,50,Dog", "70,40,Cat"],
    "BigQuery and Snowflake": ['{"replies":["Dog","Cat"]}', '{"data":[[0,"Dog"],[1,"Cat"]]}'],
}


@pytest.mark.parametrize("title", shown("sh"))
def test_a_command_prints_what_it_should(server: Server, title: str) -> None:
    done = subprocess.run(
        [shutil.which("bash") or "bash", "-ec", at(server.url, shown("sh")[title])],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )
    assert all(line in done.stdout for line in PRINTED[title]), done.stdout


def test_code_is_run_by_the_client_of_its_section() -> None:
    assert shown("python").keys() == SECTIONS.keys()
    assert set(SECTIONS.values()) <= set(PYTHON)


@pytest.mark.parametrize("title", shown("python"))
def test_code_is_short_and_asks_the_server_it_is_given(title: str) -> None:
    code = shown("python")[title]
    compile(code, title, "exec")
    assert "8000" not in at("http://127.0.0.1:1234", code)
    assert len([line for line in code.splitlines() if line]) <= MOST_LINES
