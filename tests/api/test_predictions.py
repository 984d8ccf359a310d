import pytest
import requests

from tests.api.problem import assert_problem
from tests.conftest import PATIENCE_S, Server

COOK = {
    "age": 39,
    "workclass": None,
    "education": "Bachelors",
    "marital.status": "Never-married",
    "race": "White",
    "sex": "Male",
    "hours.per.week": 40,
}
DAY = {"temperature": 20.0, "humidity": 60.0, "windspeed": 12.0, "year": 2012.5}


@pytest.mark.parametrize(
    ("height", "weight", "expected"), [(90, 50, "Dog"), (70, 40, "Cat"), (90.0, 50.0, "Dog")]
)
def test_the_species_model_tells_a_cat_from_a_dog(
    server: Server, height: float, weight: float, expected: str
) -> None:
    body = server.predict("species", {"inputs": {"height": height, "weight": weight}}).json()
    assert (body["model"], body["version"], body["prediction"]) == ("species", "1", expected)
    assert body["probabilities"][0]["class"] == expected
    assert sum(row["probability"] for row in body["probabilities"]) == pytest.approx(1)


def test_the_answer_of_a_classifier_has_the_shape_of_the_contract(server: Server) -> None:
    body = server.predict("income", {"inputs": COOK}).json()
    assert list(body) == [
        *("model", "version", "request_id", "prediction", "label", "probabilities"),
        *("prediction_set", "reliability", "warnings"),
    ]
    assert body["prediction"] == "<=50K"
    assert body["label"] == "Earns $50,000 or less"
    assert body["warnings"] == []


def test_the_answer_of_a_regressor_has_its_unit(server: Server) -> None:
    body = server.predict("bikes", {"inputs": DAY}).json()
    assert list(body) == [
        *("model", "version", "request_id", "prediction", "label", "unit", "interval", "warnings")
    ]
    assert body["unit"] == "bikes"
    assert body["prediction"] > 0
    assert body["label"] in {"A quiet day", "An ordinary day", "A busy day"}


def test_many_instances_are_answered_in_order_as_one_by_one(server: Server) -> None:
    days = [{**DAY, "temperature": t} for t in (-5, 0, 10.5, 20, 30)]
    many = server.predict("bikes", {"instances": days}).json()["predictions"]
    single = [server.predict("bikes", {"inputs": day}).json() for day in days]
    expected = [row["prediction"] for row in single]
    assert [row["prediction"] for row in many] == pytest.approx(expected, rel=1e-12)
    assert [row["warnings"] for row in many] == [row["warnings"] for row in single]


def test_no_instances_are_answered_with_no_predictions(server: Server) -> None:
    assert server.predict("bikes", {"instances": []}).json()["predictions"] == []


def test_more_instances_than_the_limit_are_refused(server: Server) -> None:
    response = server.predict("bikes", {"instances": [DAY] * 10_001})
    problem = assert_problem(response, 422, "invalid-inputs")
    assert [e["code"] for e in problem["errors"]] == ["too-many-instances"]
    assert "at most 10000 instances" in problem["detail"]


def test_all_faults_are_named_at_once(server: Server) -> None:
    inputs = {**COOK, "age": 39.5, "sex": None, "hours.per.week": "40", "raec": "White"}
    problem = assert_problem(server.predict("income", {"inputs": inputs}), 422, "invalid-inputs")
    assert [(e["input"], e["pointer"], e["code"]) for e in problem["errors"]] == [
        ("age", "#/inputs/age", "not-an-integer"),
        ("sex", "#/inputs/sex", "missing"),
        ("hours.per.week", "#/inputs/hours.per.week", "not-an-integer"),
        ("raec", "#/inputs/raec", "unknown-input"),
    ]
    assert problem["errors"][0]["detail"] == "Expected a whole number, found 39.5."
    assert problem["errors"][3]["detail"].endswith("Did you mean 'race'?")


def test_a_fault_among_many_is_found_by_its_pointer(server: Server) -> None:
    body = {"instances": [DAY, {**DAY, "humidity": 101}]}
    problem = assert_problem(server.predict("bikes", body), 422, "invalid-inputs")
    assert [e["pointer"] for e in problem["errors"]] == ["#/instances/1/humidity"]


def test_outside_the_training_range_is_answered_with_a_warning(server: Server) -> None:
    body = server.predict("income", {"inputs": {**COOK, "age": 95}}).json()
    assert body["warnings"] == [
        {
            "input": "age",
            "code": "outside-training-range",
            "detail": "Seen in training: 17 to 90.",
        }
    ]


def test_an_unknown_category_is_answered_with_a_warning(server: Server) -> None:
    body = server.predict("income", {"inputs": {**COOK, "education": "Bachelor"}}).json()
    assert [w["code"] for w in body["warnings"]] == ["unknown-category"]
    assert "Did you mean 'Bachelors'?" in body["warnings"][0]["detail"]


def test_what_is_left_out_is_answered_with_a_warning(server: Server) -> None:
    inputs = {name: value for name, value in COOK.items() if name != "workclass"}
    left_out = server.predict("income", {"inputs": inputs}).json()
    said = server.predict("income", {"inputs": COOK}).json()
    assert [w["code"] for w in left_out["warnings"]] == ["assumed-missing"]
    assert left_out["probabilities"] == said["probabilities"]


@pytest.mark.parametrize("text", ["I like trains.", "asdf", "Hello there, nice day."])
def test_a_text_without_a_question_is_warned_of(server: Server, text: str) -> None:
    body = server.predict("questions", {"inputs": {"question_text": text}}).json()
    also = ["unknown-words"] if text == "asdf" else []
    assert [w["code"] for w in body["warnings"]] == ["unexpected-text", *also]


@pytest.mark.parametrize("text", ["", "   \n", "x" * 1001])
def test_a_blank_or_endless_text_is_refused(server: Server, text: str) -> None:
    response = server.predict("questions", {"inputs": {"question_text": text}})
    assert_problem(response, 422, "invalid-inputs")


def test_a_question_is_called_insincere_from_the_stored_threshold_on(server: Server) -> None:
    output = server.get("/api/v1/models/questions").json()["signature"]["output"]
    texts = ["How do bees fly?", "Why do liberals hate facts so much?", "Are all men stupid?"]
    body = {"instances": [{"question_text": text} for text in texts]}
    for row in server.predict("questions", body).json()["predictions"]:
        by_class = {p["class"]: p["probability"] for p in row["probabilities"]}
        called = by_class["insincere"] >= output["threshold"]["value"]
        assert row["prediction"] == ("insincere" if called else "sincere")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "ambiguous-body"),
        ({"inputs": DAY, "instances": []}, "ambiguous-body"),
        ({"input": DAY}, "unknown-member"),
        ({"instances": DAY}, "not-a-list"),
        ({"inputs": [DAY]}, "not-an-object"),
        ([DAY], "not-an-object"),
    ],
)
def test_a_body_of_another_shape_is_refused(server: Server, body: object, code: str) -> None:
    problem = assert_problem(server.predict("bikes", body), 422, "invalid-inputs")
    assert [e["code"] for e in problem["errors"]] == [code]


@pytest.mark.parametrize("data", ["", "{", '{"inputs": {"height": NaN}}', b"\xff", "[" * 99_999])
def test_a_body_that_is_no_json_is_refused(server: Server, data: str | bytes) -> None:
    assert_problem(server.send("species", data), 400, "unreadable-body")


def test_a_body_that_is_not_marked_as_json_is_refused(server: Server) -> None:
    response = server.send("species", "{}", **{"Content-Type": "text/plain"})
    assert_problem(response, 415, "unsupported-media-type")


def test_a_body_beyond_the_limit_is_refused(server: Server) -> None:
    body = b'{"inputs": {"height": 90, "weight": 50}}' + b" " * (17 * 1024 * 1024)
    assert_problem(server.send("species", body), 413, "payload-too-large")


def test_a_chunked_body_beyond_the_limit_is_refused_and_never_cut(server: Server) -> None:
    chunks = iter([b'{"inputs": {"height": 90, "weight": 50}}', *[b" " * 1024 * 1024] * 17])
    response = requests.post(
        f"{server.url}/api/v1/models/species/predictions",
        data=chunks,
        headers={"Content-Type": "application/json"},
        timeout=PATIENCE_S,
    )
    assert_problem(response, 413, "payload-too-large")


def test_an_unknown_model_is_refused_with_the_nearest_name(server: Server) -> None:
    problem = assert_problem(server.predict("specis", {"inputs": {}}), 404, "model-not-found")
    assert "Did you mean 'species'?" in problem["detail"]


def test_a_version_can_be_named_and_an_unknown_one_is_refused(server: Server) -> None:
    body = {"inputs": {"height": 90, "weight": 50}}
    assert server.predict("species", body, params={"version": "1"}).json()["version"] == "1"
    response = server.predict("species", body, params={"version": "7"})
    assert_problem(response, 404, "version-not-found")


@pytest.mark.parametrize("what", ["predictions", "explanations", "curves", "counterfactuals"])
def test_an_option_that_would_have_no_effect_is_refused(server: Server, what: str) -> None:
    address = f"{server.url}/api/v1/models/species/{what}"
    body = {"inputs": {"height": 90, "weight": 50}}
    for query, code, pointer, detail in (
        ("verison=1", "unknown-option", "#/query", "Did you mean 'version'?"),
        ("version=1&version=2", "option-twice", "#/query/version", "found it twice"),
    ):
        answer = requests.post(f"{address}?{query}", json=body, timeout=PATIENCE_S)
        [fault] = assert_problem(answer, 422, "invalid-inputs")["errors"]
        assert (fault["code"], fault["pointer"]) == (code, pointer)
        assert detail in fault["detail"]


@pytest.mark.parametrize("path", ["", "/evaluation"])
def test_so_it_is_where_a_model_is_shown(server: Server, path: str) -> None:
    response = server.get(f"/api/v1/models/income{path}", params={"v": "1"})
    assert_problem(response, 422, "invalid-inputs")
