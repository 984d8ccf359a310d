"""The share of a text that a model knows: that of its words which are in a fitted vocabulary."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

#: Objects within objects; a pipeline in a search in a calibration has fewer.
MOST_NESTED = 12


@dataclass(frozen=True, slots=True)
class FittedVocabulary:
    """A fitted vectorizer, and how it cuts a text into what it looks up."""

    vectorizer: Any

    def share(self, text: str) -> float:
        """Return the share of a text's words that are in the vocabulary; 0 if it has none.

        Where the terms are letters, or only pairs of words, it is the share of the terms.
        """
        vectorizer = self.vectorizer
        if vectorizer.analyzer == "word" and vectorizer.ngram_range[0] == 1:
            words = vectorizer.build_tokenizer()(vectorizer.build_preprocessor()(text))
            ignored = vectorizer.get_stop_words() or ()
            terms = [word for word in words if word not in ignored]
        else:
            terms = list(vectorizer.build_analyzer()(text))
        known = sum(term in vectorizer.vocabulary_ for term in terms)
        return known / len(terms) if terms else 0.0


def fitted_vocabulary(estimator: Any) -> FittedVocabulary | None:  # noqa: ANN401 - any estimator
    """Return the first vocabulary of words within an estimator, else the first of any terms."""
    found = list(_vectorizers(estimator, MOST_NESTED))
    of_words = [each for each in found if each.analyzer == "word"]
    chosen = next(iter(of_words or found), None)
    return None if chosen is None else FittedVocabulary(chosen)


def _vectorizers(part: Any, depth: int) -> Iterator[Any]:  # noqa: ANN401
    """Go through the fitted vectorizers within an estimator."""
    if depth == 0:
        return
    if isinstance(part, (list, tuple)):
        for each in part:
            yield from _vectorizers(each, depth - 1)
    elif isinstance(part, dict):
        yield from _vectorizers(list(part.values()), depth)
    elif hasattr(part, "vocabulary_") and hasattr(part, "build_analyzer"):
        yield part
    elif hasattr(part, "get_params"):
        yield from _vectorizers(vars(part), depth)
    elif type(part).__name__ == "_CalibratedClassifier":  # has no parameters of its own
        yield from _vectorizers(part.estimator, depth - 1)
