"""The one shape of every error."""

from typing import Any

import requests


def assert_problem(response: requests.Response, status: int, slug: str) -> dict[str, Any]:
    body: dict[str, Any] = response.json()
    assert response.status_code == status, body
    assert response.headers["Content-Type"] == "application/problem+json"
    assert body["type"] == f"urn:servery:problem:{slug}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == response.headers["X-Request-ID"]
    for fault in body.get("errors", []):
        assert set(fault) == {"input", "pointer", "code", "detail"}
        assert fault["pointer"].startswith("#")
    assert set(body) <= {"type", "title", "status", "detail", "request_id", "errors"}
    for secret in ("Traceback", "/backend", "site-packages", ".py"):
        assert secret not in response.text
    return body
