"""Texts as counts or weights of their words, or of their letters."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from servery.errors import PublishingRefused
from servery.estimators.plans import Unsupported, Upstream
from servery.estimators.registry import AllowedNames, Family, Part, register, table
from servery.estimators.tampering import require_fitted
from servery.estimators.tracking import MIXED, TrackedColumns, known
from servery.patterns import is_linear
from servery.runtimes.plan.steps.words import (
    ANALYZERS,
    MOST_GRAM,
    PREPARATIONS,
    TOKENIZERS,
    Words,
)
from servery.runtimes.plan.transform import Transform


def _takes_texts(part: Part) -> bool:
    """Return that it does, but refuse one that reads files.

    Raises
    ------
    PublishingRefused
        It opens the file that its input names, so that a caller could read the server's files.
    """
    if part.input != "content":
        raise PublishingRefused(
            f"{type(part).__name__} has input={part.input!r}, so it would open files of the server "
            "by the names that it is sent; fit it with input='content'."
        )
    return True


def _track_text(part: Part, columns: TrackedColumns) -> TrackedColumns:
    _takes_texts(part)
    for tracked in known(columns):
        tracked.column.kind = "text"
    return MIXED


def _words(part: Part, upstream: Upstream) -> Transform:
    if isinstance(upstream.taken, Transform) or len(upstream.taken) != 1:
        raise Unsupported(f"a {type(part).__name__} behind another step")
    tfidf = getattr(part, "_tfidf", None)
    terms = sorted(part.vocabulary_.items(), key=lambda pair: int(pair[1]))
    if [int(feature) for _, feature in terms] != list(range(len(terms))):
        raise Unsupported("a vocabulary with gaps")
    shortest, longest = part.ngram_range
    if longest > MOST_GRAM:
        raise Unsupported(f"terms of more than {MOST_GRAM} words or letters")
    return Words(
        place=upstream.taken[0],
        prepare=_preparation(part),
        tokenize=_tokens(part),
        analyzer=_analyzer(part),
        shortest=int(shortest),
        longest=int(longest),
        stop_words=sorted(part.get_stop_words() or ()),
        vocabulary=[term for term, _ in terms],
        idf=None if tfidf is None or not tfidf.use_idf else np.asarray(tfidf.idf_, float),
        sublinear=bool(tfidf.sublinear_tf) if tfidf is not None else False,
        norm=tfidf.norm if tfidf is not None else None,
        binary=bool(part.binary),
    )


def _preparation(part: Part) -> str:
    if part.preprocessor is None:
        case = "lower" if part.lowercase else "keep"
        if part.strip_accents is None:
            return case
        if part.strip_accents in {"ascii", "unicode"}:
            return f"{case}, {part.strip_accents}"
        raise Unsupported("accents stripped by a function of one's own")
    return _own(part.preprocessor, "preprocessor", PREPARATIONS)


def _tokens(part: Part) -> str:
    if part.tokenizer is None:
        if part.analyzer == "word" and not is_linear(part.token_pattern):
            raise Unsupported("a token pattern that may be slow for some texts")
        return str(part.token_pattern)
    return _own(part.tokenizer, "tokenizer", TOKENIZERS)


def _own(function: Any, what: str, known: Mapping[str, Callable[[str], Any]]) -> str:  # noqa: ANN401
    for name, own in known.items():
        if function is own and name == f"{own.__module__}.{own.__name__}":
            return name
    raise Unsupported(f"the {what} {getattr(function, '__name__', function)!r}")


def _analyzer(part: Part) -> str:
    if part.analyzer not in ANALYZERS:
        raise Unsupported("an analyzer of one's own")
    return str(part.analyzer)


def _check_vocabulary(part: Part) -> None:
    words = getattr(part, "vocabulary_", {})
    places = words.values()
    is_fit = all(isinstance(place, (int, np.integer)) for place in places)
    require_fitted(is_fit, "a vocabulary")
    require_fitted(all(0 <= place < len(words) for place in places), "a vocabulary")


register(
    Family(
        "sklearn.feature_extraction.text: CountVectorizer TfidfVectorizer",
        track=_track_text,
        takes_texts=_takes_texts,
        transform=_words,
        check=_check_vocabulary,
        names=AllowedNames(kept=table("servery.text: lemmas normalize plain_words")),
    )
)
register(
    Family(
        "sklearn.feature_extraction.text: HashingVectorizer",
        track=_track_text,
        takes_texts=_takes_texts,
    )
)


def _weighted(part: Part, upstream: Upstream) -> Transform:
    counts = upstream.taken
    if not isinstance(counts, Words) or counts.norm or counts.idf is not None:
        raise Unsupported("a TfidfTransformer behind something else than counts")
    return replace(
        counts,
        idf=np.asarray(part.idf_, float) if part.use_idf else None,
        sublinear=bool(part.sublinear_tf),
        norm=part.norm,
    )


register(Family("sklearn.feature_extraction.text: TfidfTransformer", transform=_weighted))
