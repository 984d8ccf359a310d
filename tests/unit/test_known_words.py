"""A text of which a model knows hardly a word gets a warning, however the model is served."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import Pipeline, make_pipeline

import servery
from servery.inputs import InputWarning
from servery.predict import predict
from servery.publishing import publish
from servery.repository import Repository
from servery.served import ServedModel

SUBJECTS = ("the cat", "our dog", "a small bird", "the old horse", "my neighbour", "the teacher")
VERBS = ("likes", "sees", "follows", "never finds", "often calls", "waits for")
OBJECTS = ("the garden", "a long walk", "fresh bread", "the river", "good music", "the evening")
TEXTS = [f"{one} {two} {three}" for one in SUBJECTS for two in VERBS for three in OBJECTS]
ODD = ("¿Dónde está la biblioteca?", "!!! ??? ...", "漢字 مرحبا 🙂", "xyzzy plugh frobnicate")
USUAL = ("The cat likes the river", "MY NEIGHBOUR waits for fresh bread!", "the dog sees a cat")

MODELS: dict[str, Pipeline] = {
    "plan": make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression()),
    "stop-words": make_pipeline(CountVectorizer(stop_words="english"), MultinomialNB()),
    "no-plan": make_pipeline(TfidfVectorizer(), TruncatedSVD(5), LogisticRegression()),
    "regression": make_pipeline(TfidfVectorizer(min_df=2), Ridge()),
}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    root = tmp_path_factory.mktemp("texts")
    is_animal = np.array(["cat" in text or "dog" in text for text in TEXTS])
    for name, model in MODELS.items():
        y = is_animal.astype(float) if name == "regression" else is_animal.astype(str)
        publish(model.fit(TEXTS, y), TEXTS, y, name=name, root=root)
    return Repository(root)


def warnings_of(model: ServedModel, texts: tuple[str, ...]) -> list[list[InputWarning]]:
    [name] = model.signature.names
    answers = predict(model, model.signature.parse([{name: text} for text in texts]))
    return [list(answer.warnings) for answer in answers]


@pytest.mark.parametrize("name", MODELS)
def test_other_languages_and_symbols_are_not_known(repository: Repository, name: str) -> None:
    model = repository.get(name)
    for warned in warnings_of(model, ODD):
        assert [each.code for each in warned] == ["unknown-words"]
        assert "knows none of the words" in warned[0].detail
    assert warnings_of(model, USUAL) == [[], [], []]
    [[mixed]] = warnings_of(model, ("la biblioteca de river es muy grande hoy",))
    assert mixed.code == "unknown-words"
    assert "%" in mixed.detail


@pytest.mark.parametrize("name", ["plan", "no-plan"])
def test_a_table_has_the_same_warnings(repository: Repository, name: str) -> None:
    model = repository.get(name)
    [column] = model.signature.names
    texts = [*ODD, *USUAL, ODD[0]]
    scored = servery.score(model, pd.DataFrame({column: texts}))
    told = [each is not None and "The model knows" in each for each in scored["warnings"]]
    assert told == [True] * 4 + [False] * 3 + [True]


def test_a_model_of_letters_knows_the_letters(tmp_path: Path) -> None:
    model = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3)), Ridge())
    lengths = [float(len(text)) for text in TEXTS]
    publish(model.fit(TEXTS, lengths), TEXTS, lengths, name="letters", root=tmp_path)
    served = Repository(tmp_path).get("letters")
    assert warnings_of(served, USUAL[:1]) == [[]]
    [[symbols]] = warnings_of(served, ("漢字!",))
    assert symbols.code == "unknown-words"
