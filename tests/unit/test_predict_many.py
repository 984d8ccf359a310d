"""Many instances at once are read and answered like single ones, to the byte."""

import random
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from servery.errors import InvalidInputs
from servery.predict import predict
from servery.predict_many import encoded_predictions
from servery.publishing import publish
from servery.repository import Repository
from servery.served import ServedModel
from tests.conftest import ROOT

encode = msgspec.json.encode
MODELS = ("bikes", "income", "petrol", "questions", "species", "scores", "many-classes")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ServedModel]:
    folder = tmp_path_factory.mktemp("models")
    chance = np.random.default_rng(0)
    X = pd.DataFrame(chance.normal(size=(600, 2)).round(3), columns=["a %s", 'b "quoted"'])
    scored = np.where(X["a %s"] > 0, "50% \u0000 off", "none")
    publish(LinearSVC().fit(X, scored), X, scored, name="scores", root=folder)
    digits = (X["a %s"] * 3).round().astype(int).clip(-4, 4).astype(str)
    publish(LogisticRegression().fit(X, digits), X, digits, name="many-classes", root=folder)
    found = {model.name: model for model in Repository(ROOT / "models")}
    return found | {model.name: model for model in Repository(folder)}


def varied(model: ServedModel, count: int) -> list[dict[str, Any]]:
    """Return valid instances: recorded ones, many of them with odd values."""
    chance = random.Random(1)  # noqa: S311 - the same rows each time
    recorded = [each.inputs for each in model.manifest.golden]
    found: list[dict[str, Any]] = []
    while len(found) < count:
        row: dict[str, Any] = dict(chance.choice(recorded))
        for item in chance.sample(
            model.signature.inputs, k=min(chance.randint(0, 2), len(model.signature.inputs))
        ):
            odd = [*item.trial_values([row[item.name]], [0.5]), None]
            row[item.name] = chance.choice(odd)
        if chance.random() < 0.1:
            row.pop(chance.choice(model.signature.names))
        try:
            model.signature.parse([row])
        except InvalidInputs:
            continue
        found.append(row)
    return found


@pytest.mark.parametrize("name", MODELS)
def test_many_instances_are_answered_like_single_ones(
    models: dict[str, ServedModel], name: str
) -> None:
    model = models[name]
    plain = [each.inputs for each in model.manifest.golden] * 20
    for instances in (plain, varied(model, 300)):
        expected = model.signature.parse(instances)
        body = model.reader.body(encode({"instances": instances}), 10_000)
        for found in (model.reader.rows(instances), None if body is None else body.instances):
            if found is None:  # a text with an escape
                assert b"\\" in encode(instances)
                continue
            assert found.rows == expected.rows
            assert list(map(list, found.warnings)) == list(map(list, expected.warnings))
            assert encoded_predictions(model, found) == encode(predict(model, expected))


@pytest.mark.parametrize("name", MODELS)
def test_each_row_is_read_as_parsing_reads_it(models: dict[str, ServedModel], name: str) -> None:
    model = models[name]
    for instance in varied(model, 100):
        expected = model.signature.parse([instance])
        body = encode({"inputs": instance})
        found = model.reader.body(body, 1)
        assert found is not None or b"\\" in body
        for read in (model.reader.row(instance), None if found is None else found.instances):
            if read is not None:
                assert read.rows == expected.rows
                assert list(map(list, read.warnings)) == expected.warnings


@pytest.mark.parametrize("name", ["bikes", "income"])
def test_what_is_given_twice_or_unknown_is_not_read(
    models: dict[str, ServedModel], name: str
) -> None:
    model = models[name]
    instance = model.manifest.golden[0].inputs
    [first, *_] = model.signature.names
    one = encode(instance)
    doubled = one[:-1] + b"," + encode({first: instance[first]})[1:]
    further = encode({**instance, "further": 1})
    for faulty in (doubled, further):
        assert model.reader.body(b'{"inputs":%b}' % faulty, 9) is None
        assert model.reader.body(b'{"instances":[%b,%b]}' % (one, faulty), 9) is None
    assert model.reader.body(b'{"inputs":%b,"inputs":%b}' % (one, one), 9) is None
    assert model.reader.body(b'{"inputs":%b,"instances":[%b]}' % (one, one), 9) is None
    assert model.reader.body(b'{"instances":[%b,%b]}' % (one, one), 1) is None
