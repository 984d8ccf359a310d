"""Messages to the operator's address: signed, tried again, and sent nowhere else."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from servery.errors import BadSettings
from servery.jobs.records import Job, JobOptions
from servery.jobs.webhook import Webhook
from servery.settings import Settings

SECRET = "a secret of enough letters"  # noqa: S105 - of this test


def job_of(id_: str) -> Job:
    given: dict[str, Any] = dict.fromkeys(Job.__struct_fields__)
    given |= {"id": id_, "model": "income", "version": "1", "name": "people.csv"}
    given |= {"job_options": JobOptions(chunk_bytes=1, unpacked_bytes=1)}
    return Job(**given | {"counts": {"rows": 4, "bad_rows": 1}})


class Receiver(ThreadingHTTPServer):
    """Takes messages, and answers each with the next of some statuses."""

    def __init__(self, *statuses: int) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.statuses = list(statuses)
        self.came: list[tuple[str, dict[str, str], bytes]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class Taking(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.came.append((self.path, headers, body))
        self.send_response(self.server.statuses.pop(0))
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def receiver(request: pytest.FixtureRequest) -> Iterator[Receiver]:
    with Receiver(*request.param) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize("receiver", [(204,), (503, 204), (500, 302, 503)], indirect=True)
def test_a_message_is_signed_and_sent_until_it_is_taken(receiver: Receiver) -> None:
    tries = len(receiver.statuses)
    webhook = Webhook(receiver.address, SECRET, pauses_s=(0.0, 0.0))
    webhook.send(job_of("j1"), "done")
    webhook.close()
    assert {path for path, _, _ in receiver.came} == {"/hook"}
    assert len(receiver.came) == tries
    assert len({headers["webhook-id"] for _, headers, _ in receiver.came}) == 1
    _, headers, body = receiver.came[-1]
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.digest(SECRET.encode(), content, hashlib.sha256)
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    told = json.loads(body)
    assert told["type"] == "batch.done"
    assert (told["data"]["id"], told["data"]["rows"], told["data"]["bad_rows"]) == ("j1", 4, 1)


def test_an_address_without_a_secret_is_refused() -> None:
    with pytest.raises(BadSettings, match="needs SERVERY_WEBHOOK_SECRET"):
        Settings.from_env({"SERVERY_WEBHOOK": "https://example.org/hook"})
    with pytest.raises(BadSettings, match="SERVERY_WEBHOOK is 'file:///etc'"):
        Settings.from_env({"SERVERY_WEBHOOK": "file:///etc", "SERVERY_WEBHOOK_SECRET": SECRET})
    for address in ("host/ä", "h:abc/", "h:99999/", "exa mple/", "h/a\n", "[::1/"):
        with pytest.raises(BadSettings, match="SERVERY_WEBHOOK is"):
            Settings.from_env(
                {"SERVERY_WEBHOOK": f"http://{address}", "SERVERY_WEBHOOK_SECRET": SECRET}
            )
    given = {"SERVERY_WEBHOOK": "https://example.org/hook", "SERVERY_WEBHOOK_SECRET": "short"}
    with pytest.raises(BadSettings, match="SERVERY_WEBHOOK_SECRET is not valid") as raised:
        Settings.from_env(given)
    assert "needs" not in str(raised.value)
