"""What a protocol is made of: requests in, replies or refusals out, and routes between them."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qsl

import msgspec
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.http import parse_options_header

from servery.api import JSON, Services
from servery.api.http.strict_json import strict_json
from servery.api.options import refuse_unknown
from servery.api.problems import Refusal
from servery.api.protocols.answers import Answers
from servery.errors import Fault, InvalidInputs
from servery.predict_many import FEW
from servery.served import ServedModel
from servery.signature import Instances

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

encode = msgspec.json.Encoder().encode
#: What is said besides of an option that only our own addresses have.
ADVICE = {"version": " To ask for a version, name it in the path, as in income@2."}
Headers: TypeAlias = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Request:
    """One request; ``path`` is that below the base path, ``body`` is decompressed."""

    method: str
    path: str
    body: bytes
    environ: "WSGIEnvironment"
    services: Services
    id: str

    def header(self, name: str) -> str | None:
        """Return a header."""
        name = name.upper().replace("-", "_")
        plain = name in ("CONTENT_TYPE", "CONTENT_LENGTH")
        value: str | None = self.environ.get(name if plain else f"HTTP_{name}")
        return value

    @property
    def media(self) -> str:
        """The media type of the body in lower case, without parameters; empty where none is."""
        return (self.header("Content-Type") or "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The encoding that the Content-Type names, if it does."""
        return parse_options_header(self.header("Content-Type"))[1].get("charset")

    def options(
        self, known: Collection[str], several: Collection[str] = ()
    ) -> list[tuple[str, str]]:
        """Return the options in the query, of which those in ``several`` may be repeated.

        Raises
        ------
        InvalidInputs
            Names each one that is not known or given twice: none is left without effect.
        """
        text = self.environ.get("QUERY_STRING", "")
        if not text:
            return []
        pairs = parse_qsl(text, keep_blank_values=True)
        refuse_unknown(pairs, known, several, advice=ADVICE)
        return pairs

    def json(self) -> dict[str, Any]:
        """Return the JSON object of the body, whatever its Content-Type.

        Raises
        ------
        UnreadableBody, InvalidInputs
            It is not JSON, or not an object.
        """
        return json_object(strict_json(self.body))

    def model(self, name: str, version: str | None = None) -> ServedModel:
        """Return the model that is asked for.

        Raises
        ------
        ModelNotFound, VersionNotFound, ModelUnusable
            There is none, or it cannot be served.
        """
        return self.services.repository.get(name, version)

    def answers(
        self,
        model: ServedModel,
        instances: Sequence[object],
        pointer: Callable[[int], str] = "#/instances/{}".format,
    ) -> Answers:
        """Predict instances, each an object from names of inputs to JSON values.

        Raises
        ------
        InvalidInputs, ModelFailed
            They do not fit the model, are too many, or it does not answer.
        """
        self.check_count(len(instances))
        parsed = _read(model, instances) or model.signature.parse(instances, pointer)
        return Answers.of(model, parsed, pointer)

    def check_count(self, instances: int) -> None:
        """Refuse more instances than the server takes in one request."""
        most = self.services.settings.max_instances
        if instances > most:
            raise invalid(
                "too-many-instances",
                f"Expected at most {most} instances in one request, found {instances}. "
                "Send them in several requests.",
            )


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back."""

    body: bytes
    status: int = 200
    media: str = JSON
    headers: Headers = ()


#: A route takes the request and the named groups of its path.
Route: TypeAlias = Callable[..., Reply]


@dataclass(frozen=True, slots=True)
class Protocol:
    """The routes of a protocol, and how it says that it refuses something."""

    refuse: Callable[[Refusal], Reply]
    _routes: dict[str, list[tuple[re.Pattern[str], Route, Collection[str] | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def get(self, path: str, options: Collection[str] | None = ()) -> Callable[[Route], Route]:
        """Add a route for GET and HEAD.

        Parameters
        ----------
        path
            A regular expression for all of the path.
        options
            What its query may have; None where the route itself asks `Request.options`.
        """
        return self._adding("GET", path, options)

    def post(self, path: str, options: Collection[str] | None = ()) -> Callable[[Route], Route]:
        """Add a route for POST."""
        return self._adding("POST", path, options)

    def _adding(
        self, method: str, path: str, options: Collection[str] | None
    ) -> Callable[[Route], Route]:
        def add(route: Route) -> Route:
            self._routes[method].append((re.compile(path), route, options))
            return route

        return add

    def answer(self, request: Request) -> Reply:
        """Answer a request by its route.

        Raises
        ------
        NotFound, MethodNotAllowed
            There is no route for the path, or for the method.
        InvalidInputs
            The query has options that the route does not take.
        """
        asked = "GET" if request.method == "HEAD" else request.method
        for pattern, route, options in self._routes.get(asked, ()):
            if found := pattern.fullmatch(request.path):
                if options is not None:
                    request.options(options)
                return route(request, **found.groupdict())
        others = {
            method
            for method, routes in self._routes.items()
            if any(pattern.fullmatch(request.path) for pattern, *_ in routes)
        }
        if not others:
            raise NotFound
        head = ["HEAD"] if "GET" in others else []
        raise MethodNotAllowed([*sorted(others), *head, "OPTIONS"])


def _read(model: ServedModel, instances: Sequence[object]) -> Instances | None:
    """Return valid instances; None where one is not, or there are none."""
    if not instances:
        return None
    if len(instances) <= FEW:  # the decoder of bodies is so fast that writing one pays off
        try:
            body = model.reader.body(encode({"instances": instances}), FEW)
        except (OverflowError, ValueError):  # a whole number or a text that JSON should not have
            body = None
        if body is not None:
            return body.instances
    return model.reader.rows(instances)


def json_reply(body: object, *, status: int = 200, headers: Headers = ()) -> Reply:
    """Return a reply in JSON."""
    return Reply(msgspec.json.encode(body), status, headers=headers)


def json_object(value: object) -> dict[str, Any]:
    """Return a JSON value that has to be an object."""
    if not isinstance(value, dict):
        raise invalid("not-an-object", "Expected a JSON object.")
    return value


def invalid(code: str, detail: str, pointer: str = "#") -> InvalidInputs:
    """Return the error of a body whose shape is wrong."""
    return InvalidInputs([Fault(None, pointer, code, detail)])
