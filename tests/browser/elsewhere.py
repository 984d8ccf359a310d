"""Another site: a page with a model of a server in it, under the policy and styles of the page."""

import contextlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from tests.conftest import Server, free_port, running

#: Styles that would spoil a form which they could reach.
STYLES = "* { font-size: 40px !important; color: red !important; } body { margin: 0 }"
STYLED = "style-src 'nonce-ours'; img-src data:"


class Host(BaseHTTPRequestHandler):
    """Another site: one page with a model in it."""

    def __init__(self, server_url: str, *rest: object) -> None:
        self._url = server_url
        super().__init__(*rest)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        policy = f"default-src 'none'; script-src {self._url}; frame-src {self._url}; {STYLED}"
        attributes = unquote(self.path.partition("?")[2]).replace(";", " ")
        body = (
            "<!doctype html><html lang='en'><meta charset='utf-8'><title>A shop</title>"
            f"<link rel='icon' href='data:,'><style nonce='ours'>{STYLES}</style>"
            f"<script src='{self._url}/embed.js' defer></script><main><h1>A shop</h1>"
            f"<servery-model {attributes}></servery-model></main></html>"
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def another_site(folder: Path) -> Iterator[tuple[str, Server]]:
    """Start a server, and a site at an origin that may show its models."""
    host = f"http://localhost:{free_port()}"
    allowed = {"SERVERY_FRAME_ORIGINS": f"https://www.example.org, {host}"}
    with running(folder / "log", None, None, **allowed) as server:
        address = ("127.0.0.1", int(host.rpartition(":")[2]))
        with ThreadingHTTPServer(address, partial(Host, server.url)) as site:
            threading.Thread(target=site.serve_forever, daemon=True).start()
            yield host, server
            site.shutdown()
