"""The wiring, and nothing else: settings in, a WSGI application out."""

import logging.config
import shlex
import time
from collections.abc import Sequence
from functools import lru_cache, partial
from urllib.parse import quote

import msgspec
from flask import Flask, Response
from flask_cors import CORS

from servery.api import EXTENSION, Services, problems
from servery.api.http.base_path import BasePath
from servery.api.http.codings import pack_response
from servery.api.http.fast_path import FastPath
from servery.api.http.frontend import with_frontend
from servery.api.http.gate import Gate
from servery.api.http.hosts import HostAllowlist
from servery.api.http.lane_choice import LaneChoice
from servery.api.http.middleware import CROSS_ORIGIN, RequestMiddleware
from servery.api.protocols.dispatch import ProtocolDispatch
from servery.api.resources import RESOURCES
from servery.api.resources.batches.capacity import Batches
from servery.artifact import LoadPolicy
from servery.cage.probing import require_complete
from servery.errors import BadSettings, ServeryError
from servery.garbage import return_memory_at_rest
from servery.lanes import LANE_OF
from servery.logs import LOGGING
from servery.predict import predict
from servery.private import make_writable_folder
from servery.repository import Repository
from servery.settings import Settings
from servery.text import keep_dictionary_in

log = logging.getLogger("servery.app")

WATCH_INTERVAL_S = 1.0
#: Origins whose headers are cached; the server's own page has one of them.
MOST_ORIGINS = 64


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application that serves the model repository of the settings.

    Parameters
    ----------
    settings
        Read from the environment where none are given.

    Raises
    ------
    BadSettings, RepositoryEmpty
        There is nothing that could be served.
    """
    started = time.perf_counter()
    settings = settings or Settings.from_env()
    if settings.cage == "require":
        require_complete()
    logging.config.dictConfig(LOGGING)
    keep_dictionary_in(settings.cache)
    app = Flask("servery", static_folder=None)
    app.url_map.merge_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    jobs = Batches.from_settings(settings)  # before models, which take their time
    try:
        jobs.files.require_writable()
    except BadSettings as error:  # all else can be asked
        log.warning("no batch job can be taken: %s", error)
    try:
        make_writable_folder(settings.cache)
    except OSError as error:
        log.warning("SERVERY_CACHE cannot be used, so every start takes longer: %s", error)
    policy = LoadPolicy.from_settings(settings)
    repository = Repository(settings.models, policy, most_open=settings.open_models)
    services = Services(settings, repository, jobs)
    app.extensions[EXTENSION] = services
    for resource in RESOURCES.values():
        app.register_blueprint(resource.blueprint)
    problems.install(app)
    app.after_request(pack_response)
    if settings.cors_origins:
        _allow_origins(app, settings.cors_origins)
    cross_origin = lru_cache(MOST_ORIGINS)(partial(_origin_headers, app))
    api = ProtocolDispatch(FastPath(app.wsgi_app, services), services)
    hosts = HostAllowlist.from_settings(settings)
    pages = with_frontend(api, settings.frontend, settings.frame_origins)
    gated = Gate(pages, hosts, settings.cors_origins)
    base = BasePath.from_settings(settings)
    app.wsgi_app = RequestMiddleware(base.placed(gated), cross_origin)  # type: ignore[method-assign]
    setattr(app, CROSS_ORIGIN, cross_origin)
    setattr(app, LANE_OF, base.lane(LaneChoice(repository, settings.default_model)))
    log.info("opened", extra={"ms": round((time.perf_counter() - started) * 1000)})
    return app


def greeting(app: Flask, address: str) -> str:
    """Return what a person wants to see first: the address, and a request that is answered."""
    services: Services = app.extensions[EXTENSION]
    repository = services.repository
    address += services.settings.base_path or ""
    lines = [f"Servery is at {address}"]
    for model in repository.open_models()[:1]:
        body = msgspec.json.encode({"inputs": model.example}).decode()
        path = f"/api/v1/models/{quote(model.name, safe='')}/predictions"
        lines += [
            f"Ask {model.name} from a program:",
            f"  curl {shlex.quote(address + path)} -H 'Content-Type: application/json' \\",
            f"    -d {shlex.quote(body)}",
        ]
    if (models := len(repository.open_models()) + len(repository.closed_models())) > 1:
        lines.append(f"{address}/docs has such a line for each of the {models} models.")
    return "\n".join(lines)


def prepare_to_fork(app: Flask) -> None:
    """Load what forked workers share: what plans load at first use, and the cages' parent."""
    services: Services = app.extensions[EXTENSION]
    _warm_up(services.repository, only_compiled=True)
    services.repository.policy.cages.start()


def start_worker(app: Flask) -> None:
    """Warm the models up, watch for new ones and return unused memory, in a worker's process.

    Models are warmed up after the fork, because some libraries start threads at first use.
    """
    services: Services = app.extensions[EXTENSION]
    _warm_up(services.repository)
    services.repository.watch(WATCH_INTERVAL_S)
    return_memory_at_rest()


def _warm_up(repository: Repository, *, only_compiled: bool = False) -> None:
    """Ask each open model one of its recorded questions, and log those that do not answer.

    Parameters
    ----------
    only_compiled
        Leave the others out: they may load libraries whose threads do not survive a fork.
    """
    for model in repository.open_models():
        if only_compiled and model.runtime.name != "plan":
            continue
        try:
            predict(
                model, model.signature.parse([each.inputs for each in model.manifest.golden[:1]])
            )
        except ServeryError:
            log.exception("%s does not answer its recorded question", model.name)


def _allow_origins(app: Flask, origins: tuple[str, ...]) -> None:
    CORS(
        app,
        origins=list(origins),
        methods=["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"],
        allow_headers=[
            *("Content-Type", "X-Request-ID"),
            *("Content-Disposition", "Content-Encoding", "Idempotency-Key", "Prefer", "Range"),
            "Inference-Header-Content-Length",
            *("Mcp-Method", "Mcp-Name", "Mcp-Protocol-Version"),
        ],
        expose_headers=[
            *("X-Request-ID", "Retry-After", "Location", "Content-Disposition"),
            *("Servery-Warnings", "Inference-Header-Content-Length"),
        ],
        supports_credentials=False,
        send_wildcard=False,
        max_age=600,
    )


def _origin_headers(app: Flask, origin: str) -> Sequence[tuple[str, str]]:
    """Return the headers that the app adds to an answer to a page of an origin."""
    with app.test_request_context("/api/v1/models", method="POST", headers={"Origin": origin}):
        answer = app.process_response(Response())
    added = set(answer.headers.keys()) - set(Response().headers.keys())
    return tuple(pair for pair in answer.headers.items() if pair[0] in added)
