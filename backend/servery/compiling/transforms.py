"""Fitted transformers as steps: what each makes of the features before it."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from scipy.interpolate import PPoly
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.feature_selection import SelectorMixin
from sklearn.impute import SimpleImputer
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    RobustScaler,
    SplineTransformer,
    StandardScaler,
    TargetEncoder,
)
from sklearn.utils import check_array

from servery.compiling.declined import Declined
from servery.patterns import is_linear
from servery.runtimes.plan.features import (
    Cells,
    Chosen,
    Each,
    Joined,
    Mapped,
    OneHot,
    Ordinal,
    Powers,
    Splines,
    Transform,
)
from servery.runtimes.plan.texts import MOST_GRAM, PREPARATIONS, TOKENIZERS, Words


@dataclass(frozen=True, slots=True)
class Source:
    """The columns of a row: their names, and whether each is a number."""

    names: tuple[str, ...]
    numbers: tuple[bool, ...]

    def cells(self, places: Sequence[int]) -> Cells:
        """Return columns as they are."""
        return Cells([*places], [[] for _ in places], [self.numbers[place] for place in places])


#: What goes into a transformer: columns of the row by their places, or features.
Entering: TypeAlias = "list[int] | Transform"


def compile_transform(part: Any, entering: Entering, source: Source) -> Transform:  # noqa: ANN401
    """Compile a fitted transformer.

    Raises
    ------
    Declined
        No step does what it does.
    """
    if part is None or part == "passthrough":
        return as_features(entering, source)
    for kinds, compile_one in COMPILERS:
        if type(part) in kinds:
            return compile_one(part, entering, source)
    if isinstance(part, SelectorMixin):
        kept = [int(place) for place in part.get_support(indices=True)]
        return Chosen(as_features(entering, source), kept)
    raise Declined(type(part).__name__)


def as_features(entering: Entering, source: Source) -> Transform:
    """Return what enters as features."""
    return source.cells(entering) if isinstance(entering, list) else entering


def _pipeline(part: Pipeline, entering: Entering, source: Source) -> Transform:
    for _, step in part.steps:
        entering = compile_transform(step, entering, source)
    return as_features(entering, source)


def _column_transformer(part: ColumnTransformer, entering: Entering, source: Source) -> Transform:
    by_name = {name: place for place, name in enumerate(source.names)}
    fitted = getattr(part, "feature_names_in_", None)
    parts: list[Transform] = []
    for name, transformer, _ in part.transformers_:
        if isinstance(transformer, str) and transformer == "drop":
            continue
        indices = part._transformer_to_input_indices[name]
        if len(indices) == 0:
            continue
        if not isinstance(entering, list):
            taken: Entering = Chosen(entering, [int(index) for index in indices])
        elif fitted is None:
            taken = [entering[index] for index in indices]
        else:
            taken = [by_name[str(fitted[index])] for index in indices]
        parts.append(compile_transform(transformer, taken, source))
    return parts[0] if len(parts) == 1 else Joined(parts)


def _feature_union(part: FeatureUnion, entering: Entering, source: Source) -> Transform:
    if part.transformer_weights:
        raise Declined("weights of a FeatureUnion")
    return Joined(
        [
            compile_transform(each, entering, source)
            for _, each in part.transformer_list
            if each != "drop"
        ]
    )


def _with(features: Transform, operations: Sequence[list[Any]]) -> Transform:
    """Return features with one more operation for each."""
    if not isinstance(features, (Cells, Each)):
        return Each(features, [[operation] for operation in operations])
    chains = [
        [*chain, operation]
        for chain, operation in zip(features.operations, operations, strict=True)
    ]
    return replace(features, operations=chains)


def _affine(entering: Entering, source: Source, shift: Any, scale: Any) -> Transform:  # noqa: ANN401
    """Subtract, then divide, as scikit-learn's scalers do."""
    features = as_features(entering, source)
    if shift is not None:
        features = _with(features, [["subtract", number] for number in shift.tolist()])
    if scale is not None:
        features = _with(features, [["divide", number] for number in scale.tolist()])
    return features


def _standard(part: StandardScaler, entering: Entering, source: Source) -> Transform:
    return _affine(
        entering,
        source,
        part.mean_ if part.with_mean else None,
        part.scale_ if part.with_std else None,
    )


def _robust(part: RobustScaler, entering: Entering, source: Source) -> Transform:
    return _affine(
        entering,
        source,
        part.center_ if part.with_centering else None,
        part.scale_ if part.with_scaling else None,
    )


def _max_abs(part: MaxAbsScaler, entering: Entering, source: Source) -> Transform:
    features = _affine(entering, source, None, part.scale_)
    if not getattr(part, "clip", False):
        return features
    return _with(features, [["clip", -1.0, 1.0]] * features.width)


def _min_max(part: MinMaxScaler, entering: Entering, source: Source) -> Transform:
    features = as_features(entering, source)
    features = _with(features, [["multiply", number] for number in part.scale_.tolist()])
    features = _with(features, [["add", number] for number in part.min_.tolist()])
    if part.clip:
        low, high = part.feature_range
        features = _with(features, [["clip", float(low), float(high)]] * features.width)
    return features


def _imputer(part: SimpleImputer, entering: Entering, source: Source) -> Transform:
    features = as_features(entering, source)
    fills = part.statistics_.tolist()
    if any(fill is None or fill != fill for fill in fills):
        raise Declined("a SimpleImputer of a column without values")
    if not (isinstance(part.missing_values, float) and np.isnan(part.missing_values)):
        raise Declined("a SimpleImputer of other missing values")
    filled = _with(features, [["fill", fill] for fill in fills])
    if not part.add_indicator:
        return filled
    marked = Chosen(features, part.indicator_.features_.tolist())
    return Joined([filled, Each(marked, [[["missing"]]] * marked.width)])


def _one_hot(part: OneHotEncoder, entering: Entering, source: Source) -> Transform:
    cells = as_features(entering, source)
    infrequent = getattr(part, "_infrequent_indices", None) or [None] * cells.width
    categories, features, unknown, widths = [], [], [], []
    for place, values in enumerate(part.categories_):
        rare = set() if infrequent[place] is None else set(infrequent[place].tolist())
        common = [index for index in range(len(values)) if index not in rare]
        feature = {index: at for at, index in enumerate(common)}
        feature |= dict.fromkeys(rare, len(common))
        count = len(common) + bool(rare)
        dropped = None if part.drop_idx_ is None else part.drop_idx_[place]
        if dropped is not None:
            gone = feature[int(dropped)]
            feature = {
                index: -1 if at == gone else at - (at > gone) for index, at in feature.items()
            }
            count -= 1
        categories.append([_plain(value) for value in values.tolist()])
        features.append([feature[index] for index in range(len(values))])
        rare_feature = feature[min(rare)] if rare else -1
        takes_rare = part.handle_unknown in {"infrequent_if_exist", "warn"}
        unknown.append(rare_feature if takes_rare else -1)
        widths.append(count)
    return OneHot(cells, categories, features, unknown, widths)


def _ordinal(part: OrdinalEncoder, entering: Entering, source: Source) -> Transform:
    cells = as_features(entering, source)
    rare = getattr(part, "_default_to_infrequent_mappings", None) or [None] * cells.width
    missing = float(part.encoded_missing_value)
    categories, codes = [], []
    for values, joined in zip(part.categories_, rare, strict=True):
        plain = [_plain(value) for value in values.tolist()]
        numbers = range(len(plain)) if joined is None else joined.tolist()
        categories.append(plain)
        codes.append(
            [
                missing if value is None else float(at)
                for at, value in zip(numbers, plain, strict=False)
            ]
            + [missing] * (len(plain) - len(numbers))
        )
    known = part.handle_unknown == "use_encoded_value"
    other = float(part.unknown_value) if known else float("nan")
    return Ordinal(cells, categories, codes, [other] * cells.width)


def _target_encoder(part: TargetEncoder, entering: Entering, source: Source) -> Transform:
    features = as_features(entering, source)
    many = len(part.classes_) if part.target_type_ == "multiclass" else 1
    repeated = [place for place in range(features.width) for _ in range(many)]
    categories = [[_plain(value) for value in part.categories_[at].tolist()] for at in repeated]
    means = np.resize(np.ravel(part.target_mean_), len(repeated)).tolist()
    codes = [np.asarray(each, float).tolist() for each in part.encodings_]
    return Ordinal(Chosen(features, repeated), categories, codes, means)


def _plain(value: Any) -> Any:  # noqa: ANN401
    """Return a category as a value of a row: what is missing is None."""
    if value is None or value != value:
        return None
    return float(value) if isinstance(value, (bool, int)) else value


def _splines(part: SplineTransformer, entering: Entering, source: Source) -> Transform:
    if part.extrapolation not in {"constant", "linear", "continue"}:
        raise Declined(f"splines with extrapolation {part.extrapolation!r}")
    if getattr(part, "handle_missing", "error") != "error":
        raise Declined("splines of missing values")
    if part.degree < 1:
        raise Declined("splines of degree 0")
    made = [_pieces(spline, part) for spline in part.bsplines_]
    knots, origins, pieces = ([each[index] for each in made] for index in range(3))
    return Splines(as_features(entering, source), knots, origins, pieces)


def _pieces(spline: Any, part: SplineTransformer) -> tuple[Any, Any, Any]:  # noqa: ANN401
    """Return a B-spline as polynomials: its knots, where each piece counts from, coefficients."""
    degree = spline.k
    knots = np.unique(spline.t[degree : len(spline.t) - degree])
    each = [PPoly.from_spline((spline.t, column, degree)) for column in spline.c.T]
    starts = [int(np.searchsorted(spline.t, knot, side="right")) - 1 for knot in knots[:-1]]
    inside = [  # powers ascending
        np.column_stack([polynomial.c[::-1, start] for polynomial in each]) for start in starts
    ]
    below = _outside(inside[0], 0.0, part.extrapolation)
    above = _outside(inside[-1], knots[-1] - knots[-2], part.extrapolation)
    coefficients = np.stack([below, *inside, above])
    if not part.include_bias:
        coefficients = coefficients[:, :, :-1]
    origins = np.concatenate([knots[:1], knots])
    return knots, origins, np.ascontiguousarray(coefficients)


def _outside(piece: Any, away: float, extrapolation: str) -> Any:  # noqa: ANN401
    """Return the polynomials of a piece about a point of it, cut as they go on from there."""
    powers = len(piece)
    moved = np.zeros_like(piece)
    for power in range(powers):
        for higher in range(power, powers):
            moved[power] += math.comb(higher, power) * away ** (higher - power) * piece[higher]
    kept = {"constant": 1, "linear": 2, "continue": powers}[extrapolation]
    moved[kept:] = 0.0
    return moved


def _polynomial(part: PolynomialFeatures, entering: Entering, source: Source) -> Transform:
    return Powers(as_features(entering, source), part.powers_.astype(float))


def _pca(part: PCA, entering: Entering, source: Source) -> Transform:
    matrix = part.components_.T
    if part.whiten:
        matrix = matrix / np.sqrt(part.explained_variance_)
    return Mapped(as_features(entering, source), part.mean_, np.ascontiguousarray(matrix))


def _svd(part: TruncatedSVD, entering: Entering, source: Source) -> Transform:
    features = as_features(entering, source)
    matrix = np.ascontiguousarray(part.components_.T)
    return Mapped(features, np.zeros(features.width), matrix)


def _function(part: FunctionTransformer, entering: Entering, source: Source) -> Transform:
    if part.func is None or getattr(part.func, "func", None) is check_array:
        return as_features(entering, source)
    name = FUNCTIONS.get(part.func)
    if name is None or part.kw_args:
        raise Declined(f"the function {getattr(part.func, '__name__', part.func)!r}")
    features = as_features(entering, source)
    return _with(features, [[name]] * features.width)


FUNCTIONS: dict[Any, str] = {
    np.log1p: "log1p",
    np.log: "log",
    np.sqrt: "sqrt",
    np.exp: "exp",
    np.expm1: "expm1",
}


def _words(part: CountVectorizer, entering: Entering, _: Source) -> Transform:
    if not isinstance(entering, list) or len(entering) != 1:
        raise Declined(f"a {type(part).__name__} behind another step")
    tfidf = part._tfidf if isinstance(part, TfidfVectorizer) else None
    terms = sorted(part.vocabulary_.items(), key=lambda pair: int(pair[1]))
    if [int(feature) for _, feature in terms] != list(range(len(terms))):
        raise Declined("a vocabulary with gaps")
    shortest, longest = part.ngram_range
    if longest > MOST_GRAM:
        raise Declined(f"terms of more than {MOST_GRAM} words or letters")
    return Words(
        place=entering[0],
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


def _weighted_words(part: TfidfTransformer, entering: Entering, _: Source) -> Transform:
    if not isinstance(entering, Words) or entering.norm or entering.idf is not None:
        raise Declined("a TfidfTransformer behind something else than counts")
    return replace(
        entering,
        idf=np.asarray(part.idf_, float) if part.use_idf else None,
        sublinear=bool(part.sublinear_tf),
        norm=part.norm,
    )


def _preparation(part: CountVectorizer) -> str:
    if part.preprocessor is None:
        case = "lower" if part.lowercase else "keep"
        if part.strip_accents is None:
            return case
        if part.strip_accents in {"ascii", "unicode"}:
            return f"{case}, {part.strip_accents}"
        raise Declined("accents stripped by a function of one's own")
    return _own(part.preprocessor, "preprocessor", PREPARATIONS)


def _tokens(part: CountVectorizer) -> str:
    if part.tokenizer is None:
        if part.analyzer == "word" and not is_linear(part.token_pattern):
            raise Declined("a token pattern that may be slow for some texts")
        return str(part.token_pattern)
    return _own(part.tokenizer, "tokenizer", TOKENIZERS)


def _own(function: Any, what: str, known: Mapping[str, Callable[[str], Any]]) -> str:  # noqa: ANN401
    for name, own in known.items():
        if function is own and name == f"{own.__module__}.{own.__name__}":
            return name
    raise Declined(f"the {what} {getattr(function, '__name__', function)!r}")


def _analyzer(part: CountVectorizer) -> str:
    if part.analyzer not in {"word", "char", "char_wb"}:
        raise Declined("an analyzer of one's own")
    return str(part.analyzer)


Compile: TypeAlias = Callable[[Any, Entering, Source], Transform]

COMPILERS: tuple[tuple[tuple[type, ...], Compile], ...] = (
    ((Pipeline,), _pipeline),
    ((ColumnTransformer,), _column_transformer),
    ((FeatureUnion,), _feature_union),
    ((StandardScaler,), _standard),
    ((RobustScaler,), _robust),
    ((MaxAbsScaler,), _max_abs),
    ((MinMaxScaler,), _min_max),
    ((SimpleImputer,), _imputer),
    ((OneHotEncoder,), _one_hot),
    ((OrdinalEncoder,), _ordinal),
    ((TargetEncoder,), _target_encoder),
    ((SplineTransformer,), _splines),
    ((PolynomialFeatures,), _polynomial),
    ((PCA,), _pca),
    ((TruncatedSVD,), _svd),
    ((FunctionTransformer,), _function),
    ((CountVectorizer, TfidfVectorizer), _words),
    ((TfidfTransformer,), _weighted_words),
)
