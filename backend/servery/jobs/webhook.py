"""A request to the operator's own address when a batch job has ended.

Its headers and signature are those of Standard Webhooks (https://www.standardwebhooks.com), which
libraries for most languages verify. The address comes from the settings alone, never from a caller.
"""

import base64
import hashlib
import hmac
import logging
import secrets
import threading
import time
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any

import msgspec

from servery.jobs.records import Job
from servery.jobs.states import Status

log = logging.getLogger("servery.jobs")

TIMEOUT_S = 10.0
#: Before each further try.
PAUSES_S = (1.0, 5.0)
#: How long a worker that stops waits for what is still being sent.
LEAVE_S = 5.0


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the address is the one that the operator named."""

    def redirect_request(self, *_args: object, **_options: object) -> None:
        """Refuse to go anywhere else."""


class Webhook:
    """Notifies an address of each job that has ended, in threads of its own.

    Parameters
    ----------
    secret
        Signs each message: the receiver knows it too.
    """

    def __init__(self, address: str, secret: str, pauses_s: Sequence[float] = PAUSES_S) -> None:
        self._address = address
        self._secret = secret.encode()
        self._pauses_s = pauses_s
        self._opener = urllib.request.build_opener(_NoRedirects)
        self._threads: list[threading.Thread] = []

    def send(self, job: Job, status: Status) -> None:
        """Send that a job has ended; failures are logged, and nothing waits for it."""
        body = msgspec.json.encode(message(job, status))
        thread = threading.Thread(target=self._deliver, args=(body,), daemon=True)
        self._threads = [each for each in self._threads if each.is_alive()]
        self._threads.append(thread)
        thread.start()

    def close(self) -> None:
        """Wait a moment for what is being sent."""
        until = time.monotonic() + LEAVE_S
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _deliver(self, body: bytes) -> None:
        id_ = f"msg_{secrets.token_urlsafe(16)}"  # the same at each try: the receiver sees it once
        for pause_s in (*self._pauses_s, None):
            try:
                self._post(body, id_)
            except (OSError, HTTPException) as error:
                log.warning("the webhook could not be sent: %s", type(error).__name__)
            else:
                return
            if pause_s is not None:
                time.sleep(pause_s)

    def _post(self, body: bytes, id_: str) -> None:
        headers = {"Content-Type": "application/json", **signed(self._secret, id_, body)}
        request = urllib.request.Request(self._address, body, headers)  # noqa: S310 - the operator's
        with self._opener.open(request, timeout=TIMEOUT_S):
            pass


def signed(secret: bytes, id_: str, body: bytes, now_s: int | None = None) -> Mapping[str, str]:
    """Return the headers that identify and sign a message."""
    moment = str(int(time.time()) if now_s is None else now_s)
    content = b".".join([id_.encode(), moment.encode(), body])
    signature = base64.b64encode(hmac.digest(secret, content, hashlib.sha256)).decode()
    return {
        "Webhook-Id": id_,
        "Webhook-Timestamp": moment,
        "Webhook-Signature": f"v1,{signature}",
    }


def message(job: Job, status: Status) -> dict[str, Any]:
    """Return what is sent: facts of the job, and nothing of its table."""
    counts = job.counts or {}
    return {
        "type": f"batch.{status}",
        "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
        "data": {
            "id": job.id,
            "model": job.model,
            "version": job.version,
            "status": status,
            "request_id": job.request_id,
            "file": job.name,
            "rows": counts.get("rows", 0),
            "bad_rows": counts.get("bad_rows", 0),
        },
    }
