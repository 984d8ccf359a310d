"""What no request brings to light."""

import pytest
import requests

from tests.api.problem import assert_problem
from tests.conftest import PATIENCE_S, Server


@pytest.mark.parametrize("path", ["/assets/", "/assets", "/api/v1/models/species/pictures/"])
def test_a_folder_is_not_listed(server: Server, path: str) -> None:
    assert_problem(server.get(path), 404, "not-found")


@pytest.mark.parametrize("path", ["/", "/livez", "/api/v1/models/species/predictions"])
def test_a_request_is_not_sent_back_by_trace(server: Server, path: str) -> None:
    headers = {"X-Secret": "Rumpelstiltskin"}
    answer = requests.request("TRACE", server.url + path, headers=headers, timeout=PATIENCE_S)
    assert answer.status_code in (404, 405)
    assert "Rumpelstiltskin" not in answer.text
