"""The V1 protocol of KServe and TensorFlow Serving: ``instances`` in, ``predictions`` out.

``:predict`` answers with a prediction for each instance, ``:classify`` with each class and its
probability, ``:regress`` with a number, ``:explain`` with the contributions of the inputs. Clients
ignore the member ``warnings`` beside them; a header counts the rows that have any.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from servery.api.http.bodies import add_unknown_members
from servery.api.problems import Refusal
from servery.api.protocols.answers import Answers
from servery.api.protocols.instances import named_rows, rows_of_columns
from servery.api.protocols.protocol import Protocol, Reply, Request, invalid, json_reply
from servery.errors import Faults, NotFound, NotSupported, VersionNotFound, quoted
from servery.explaining import explain, require
from servery.served import ServedModel

#: Names of the version that is served, for clients that ask by label.
LABELS = ("latest", "stable")
#: Explanations share the time of one, and take far longer than predictions.
MOST_EXPLAINED = 100
SIGNATURE = "serving_default"


def refuse(refusal: Refusal) -> Reply:
    """Answer as KServe and TensorFlow Serving do, which know no 422."""
    status = 400 if refusal.status == 422 else refusal.status
    return json_reply({"error": refusal.sentence}, status=status)


PROTOCOL = Protocol(refuse)
#: A name may have a colon, so what follows the last one decides.
MODEL = r"/v1/models/(?P<name>[^/]+?)"
VERBS = ("predict", "classify", "regress", "explain")
OF_VERSION = r"(?:/versions/(?P<version>[^/:]+)|/labels/(?P<label>[^/:]+))?"


@PROTOCOL.get("/v1/?")
def live(_request: Request) -> Reply:
    """Say that the server is alive."""
    return json_reply({"status": "alive"})


@PROTOCOL.get("/v1/models/?")
def list_models(request: Request) -> Reply:
    """List the models."""
    return json_reply({"models": [each.name for each in request.services.repository.outlines()]})


@PROTOCOL.get(MODEL + OF_VERSION + r"(?<!:predict|:explain)(?<!:classify)(?<!:regress)")
def show_model(request: Request, name: str, version: str | None, label: str | None) -> Reply:
    """Say that a model is ready, in the words of KServe and in those of TensorFlow Serving."""
    model = _model(request, name, version, label)
    is_one = version is not None or label is not None
    versions = [model.version] if is_one else request.services.repository.versions(model.name)
    state = {"state": "AVAILABLE", "status": {"error_code": "OK", "error_message": ""}}
    return json_reply(
        {
            "name": model.name,
            "ready": True,
            "model_version_status": [{"version": each, **state} for each in versions],
        }
    )


@PROTOCOL.post(MODEL + OF_VERSION + ":predict")
def predict(request: Request, name: str, version: str | None, label: str | None) -> Reply:
    """Predict rows, or columns by name."""
    model = _model(request, name, version, label)
    body = _body(request, "instances", "inputs")
    if "inputs" in body:
        rows, pointer = rows_of_columns(body["inputs"], "inputs")
        answers = request.answers(model, rows, pointer)
        return _reply({"outputs": answers.predictions()}, answers)
    answers = request.answers(model, named_rows(model, body["instances"]))
    return _reply({"predictions": answers.predictions()}, answers)


@PROTOCOL.post(MODEL + OF_VERSION + ":classify")
def classify(request: Request, name: str, version: str | None, label: str | None) -> Reply:
    """Answer with each class and its probability, most likely first."""
    model = _model(request, name, version, label)
    answers = _examples(request, model)
    return _reply({"result": answers.ranked()}, answers)


@PROTOCOL.post(MODEL + OF_VERSION + ":regress")
def regress(request: Request, name: str, version: str | None, label: str | None) -> Reply:
    """Answer with a number for each instance."""
    model = _model(request, name, version, label)
    if model.signature.output.task != "regression":
        raise NotSupported(f"Model {model.name!r} predicts no number. Use :predict.")
    answers = _examples(request, model)
    return _reply({"result": answers.predictions()}, answers)


@PROTOCOL.post(MODEL + OF_VERSION + ":explain")
def explain_instances(request: Request, name: str, version: str | None, label: str | None) -> Reply:
    """Answer with the contributions of the inputs to each prediction."""
    model = _model(request, name, version, label)
    require(model, "explanations")
    rows = named_rows(model, _body(request, "instances")["instances"])
    if len(rows) > MOST_EXPLAINED:
        detail = f"Expected at most {MOST_EXPLAINED} instances to explain, found {len(rows)}."
        raise invalid("too-many-instances", detail, "#/instances")
    instances = model.signature.parse(rows)
    budget_s = request.services.settings.explain_budget_ms / 1000 / max(len(rows), 1)
    explained = [explain(model, row, budget_s=budget_s) for row in instances.rows]
    return json_reply({"explanations": explained})


@PROTOCOL.post(MODEL + OF_VERSION + r":(?P<verb>[^/:]*)")
def refuse_verb(_request: Request, verb: str, **_model: str | None) -> Reply:
    """Say which verbs there are."""
    known = ", ".join(f":{each}" for each in VERBS)
    raise NotFound(f"Expected one of {known} after the model, found {quoted(verb)}.")


def _model(request: Request, name: str, version: str | None, label: str | None) -> ServedModel:
    if label is not None and label not in LABELS:
        raise VersionNotFound(name, label, LABELS)
    return request.model(name, version)


def _body(request: Request, *members: str) -> Mapping[str, Any]:
    """Return the body, which has one of these members, and optionally a signature."""
    body = request.json()
    faults = Faults()
    add_unknown_members(faults, body, [*members, "signature_name"])
    faults.raise_any()
    if sum(each in body for each in members) != 1:
        expected = " or ".join(f'"{each}"' for each in members)
        raise invalid("ambiguous-body", f"Expected {expected}.")
    if body.get("signature_name", SIGNATURE) not in (SIGNATURE, ""):
        detail = f'Expected "{SIGNATURE}", the only signature of a model.'
        raise invalid("unknown-signature", detail, "#/signature_name")
    return body


def _examples(request: Request, model: ServedModel) -> Answers:
    """Return the answers to ``examples``, as TensorFlow Serving has it, or ``instances``."""
    body = _body(request, "examples", "instances")
    [member] = {"examples", "instances"}.intersection(body)
    return request.answers(
        model, named_rows(model, body[member], member), lambda row: f"#/{member}/{row}"
    )


def _reply(body: Mapping[str, Sequence[Any]], answers: Answers) -> Reply:
    warnings = answers.first_warnings()
    remarks = {"warnings": warnings} if warnings else {}
    return json_reply({**body, **remarks}, headers=answers.headers())
