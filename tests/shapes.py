"""Estimators and pipelines of many shapes, each fitted on rows that suit it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from catboost import CatBoostClassifier, CatBoostRegressor
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import Birch, KMeans, MiniBatchKMeans
from sklearn.compose import (
    ColumnTransformer,
    TransformedTargetRegressor,
    make_column_selector,
    make_column_transformer,
)
from sklearn.covariance import EllipticEnvelope
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.linear_model import (
    ElasticNet,
    LinearRegression,
    LogisticRegression,
    PoissonRegressor,
    Ridge,
    RidgeClassifier,
    SGDClassifier,
)
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import (
    FixedThresholdClassifier,
    GridSearchCV,
    KFold,
    TunedThresholdClassifierCV,
)
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier, MultiOutputRegressor
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor, LocalOutlierFactor
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    QuantileTransformer,
    RobustScaler,
    SplineTransformer,
    StandardScaler,
    TargetEncoder,
)
from sklearn.svm import SVC, SVR, LinearSVC, OneClassSVM
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from xgboost import XGBClassifier, XGBRegressor

ROWS = 60
NUMBERS = ["size (m²)", "1st Flr SF"]
WORDS = ["a/b", "жанр"]
SENTENCES = ["good film", "bad film", "very good", "so bad", "fine and good", "bad, bad"] * 10


def table() -> pd.DataFrame:
    """Return two columns of numbers and two of words, with awkward names."""
    rng = np.random.default_rng(3)
    return pd.DataFrame(
        {
            "size (m²)": rng.normal(40, 9, ROWS),
            "a/b": rng.choice(["x", "y", "z"], ROWS).astype(object),
            "1st Flr SF": rng.normal(9, 2, ROWS),
            "жанр": rng.choice(["поп", "рок"], ROWS).astype(object),
        }
    )


def _gaps() -> pd.DataFrame:
    X = table()
    X.iloc[::7, 0] = np.nan
    X.iloc[::9, 1] = np.nan
    return X


def _categorical() -> pd.DataFrame:
    # Boosters want plain names, and categories of their own dtype.
    X = table().set_axis(["size", "kind", "floor", "genre"], axis=1)
    return X.astype({"kind": "category", "genre": "category"})


def _plain() -> pd.DataFrame:
    return _categorical().assign(genre=pd.Categorical(["pop", "rock"] * 30))


def _codes() -> pd.DataFrame:
    X = table()[NUMBERS]
    return X.assign(code=np.arange(ROWS) % 3 + 10, new=np.arange(ROWS) % 2 == 0)


#: The rows that a shape is fitted on.
TABLES: dict[str, Callable[[], Any]] = {
    "mixed": table,
    "numbers": lambda: table()[NUMBERS],
    "array": lambda: table()[NUMBERS].to_numpy(),
    "gaps": _gaps,
    "numbers with gaps": lambda: _gaps()[NUMBERS],
    "categorical": _categorical,
    "plain categorical": _plain,  # XGBoost 3 garbles categories outside ASCII
    "codes": _codes,
    "texts": lambda: SENTENCES,
    "text column": lambda: pd.DataFrame({"review text": SENTENCES, "stars": [1.0, 2, 3] * 20}),
}


def _size(X: Any) -> "np.ndarray[Any, Any]":  # noqa: ANN401
    if isinstance(X, list):
        return np.array([len(text) for text in X])
    first = X[:, 0] if isinstance(X, np.ndarray) else X.iloc[:, 0].to_numpy()
    return np.arange(len(X)) if first.dtype == object else np.nan_to_num(first, nan=40.0)


def _halves(X: Any) -> "np.ndarray[Any, Any]":  # noqa: ANN401
    return np.where(_size(X) > np.median(_size(X)), "yes", "no").astype(object)


def _thirds(X: Any) -> Any:  # noqa: ANN401
    return np.digitize(_size(X), np.quantile(_size(X), [0.33, 0.67]))


#: What a shape is fitted to.
TARGETS: dict[str, Callable[[Any], Any]] = {
    "yes or no": _halves,
    "0 or 1": lambda X: (_halves(X) == "yes").astype(int),
    "true or false": lambda X: _halves(X) == "yes",
    "thirds": _thirds,
    "amount": lambda X: np.abs(_size(X)) * 2.0 + 5,
    "two amounts": lambda X: np.column_stack([_size(X), np.sqrt(np.abs(_size(X)))]),
    "two classes": lambda X: np.column_stack([_halves(X), np.where(_thirds(X) > 1, "b", "a")]),
    "two labels": lambda X: np.column_stack([_halves(X) == "yes", _thirds(X) > 1]).astype(int),
    "nothing": lambda _: None,
}


def split(number: Any = None, word: Any = None) -> ColumnTransformer:  # noqa: ANN401
    """Scale the numbers and encode the words, or what is given instead."""
    number = StandardScaler() if number is None else number
    word = OneHotEncoder(handle_unknown="ignore") if word is None else word
    return make_column_transformer((number, NUMBERS), (word, WORDS))


@dataclass(frozen=True)
class Shape:
    """How to make an estimator that is not fitted yet, and what to fit it on."""

    table: str
    target: str
    make: Callable[[], Any]

    def fitted(self) -> tuple[Any, Any]:
        """Return the fitted estimator, and the rows that it was fitted on."""
        X = TABLES[self.table]()
        return self.make().fit(X, TARGETS[self.target](X)), X


def by(*steps: Any) -> Callable[[], Any]:  # noqa: ANN401
    """Make a pipeline of these steps."""
    return lambda: make_pipeline(*steps)


def impute(strategy: str = "mean") -> SimpleImputer:
    """Fill in what is missing."""
    return SimpleImputer(strategy=strategy)


SHAPES: dict[str, Shape] = {
    # classifiers
    "logistic": Shape("mixed", "yes or no", by(split(), LogisticRegression())),
    "three classes": Shape("mixed", "thirds", by(split(), LogisticRegression())),
    "true or false": Shape(
        "numbers", "true or false", lambda: DecisionTreeClassifier(random_state=0)
    ),
    "sgd": Shape("mixed", "yes or no", by(split(), SGDClassifier(loss="log_loss", random_state=0))),
    "linear svm": Shape("mixed", "yes or no", by(split(), LinearSVC())),
    "linear svm of three classes": Shape("mixed", "thirds", by(split(), LinearSVC())),
    "ridge classifier": Shape("numbers", "thirds", by(StandardScaler(), RidgeClassifier())),
    "svc": Shape("numbers", "yes or no", by(StandardScaler(), SVC())),
    "naive bayes": Shape("numbers", "yes or no", GaussianNB),
    "lda": Shape("numbers", "yes or no", LinearDiscriminantAnalysis),
    "neighbours": Shape("numbers", "yes or no", by(RobustScaler(), KNeighborsClassifier())),
    "tree": Shape("numbers", "yes or no", lambda: DecisionTreeClassifier(random_state=0)),
    "forest": Shape("mixed", "yes or no", by(split(), RandomForestClassifier(10, random_state=0))),
    "boosting": Shape(
        "numbers", "yes or no", lambda: GradientBoostingClassifier(n_estimators=5, random_state=0)
    ),
    "boosting of three classes": Shape(
        "numbers", "thirds", lambda: GradientBoostingClassifier(n_estimators=5, random_state=0)
    ),
    "ada": Shape(
        "numbers", "yes or no", lambda: AdaBoostClassifier(n_estimators=5, random_state=0)
    ),
    "bagging": Shape(
        "numbers", "yes or no", lambda: BaggingClassifier(n_estimators=3, random_state=0)
    ),
    "bagging of columns": Shape(
        "numbers",
        "yes or no",
        lambda: BaggingClassifier(
            by(StandardScaler(), LogisticRegression())(),
            n_estimators=3,
            max_features=1,
            random_state=0,
        ),
    ),
    "histogram boosting": Shape(
        "numbers with gaps", "yes or no", lambda: HistGradientBoostingClassifier(max_iter=5)
    ),
    "native categories": Shape(
        "categorical", "yes or no", lambda: HistGradientBoostingClassifier(max_iter=5)
    ),
    "xgboost": Shape("numbers", "0 or 1", lambda: XGBClassifier(n_estimators=5, n_jobs=1)),
    "xgboost categories": Shape(
        "plain categorical",
        "0 or 1",
        lambda: XGBClassifier(n_estimators=5, n_jobs=1, enable_categorical=True),
    ),
    "lightgbm": Shape(
        "numbers with gaps",
        "yes or no",
        lambda: LGBMClassifier(n_estimators=5, n_jobs=1, verbose=-1),
    ),
    "lightgbm categories": Shape(
        "categorical", "thirds", lambda: LGBMClassifier(n_estimators=5, n_jobs=1, verbose=-1)
    ),
    "catboost": Shape(
        "numbers",
        "yes or no",
        lambda: CatBoostClassifier(
            iterations=5, verbose=0, allow_writing_files=False, thread_count=1
        ),
    ),
    "catboost words": Shape(
        "mixed",
        "thirds",
        lambda: CatBoostClassifier(
            iterations=5, verbose=0, allow_writing_files=False, thread_count=1, cat_features=[1, 3]
        ),
    ),
    "ordinal": Shape(
        "mixed",
        "yes or no",
        by(split(word=OrdinalEncoder()), DecisionTreeClassifier(random_state=0)),
    ),
    "target encoder": Shape(
        "mixed", "yes or no", by(split(word=TargetEncoder(cv=KFold(3))), GaussianNB())
    ),
    "imputers": Shape(
        "gaps",
        "yes or no",
        by(
            split(
                make_pipeline(impute(), MinMaxScaler()),
                make_pipeline(impute("most_frequent"), OneHotEncoder(handle_unknown="ignore")),
            ),
            LogisticRegression(),
        ),
    ),
    "imputed after scaling": Shape(
        "numbers with gaps", "yes or no", by(StandardScaler(), KNNImputer(), LogisticRegression())
    ),
    "missing as a category": Shape(
        "gaps",
        "yes or no",
        by(make_column_transformer((OneHotEncoder(), WORDS)), LogisticRegression()),
    ),
    "remainder": Shape(
        "mixed",
        "yes or no",
        by(
            make_column_transformer((OneHotEncoder(), WORDS), remainder=MinMaxScaler()),
            LogisticRegression(),
        ),
    ),
    "dropped columns": Shape(
        "mixed",
        "yes or no",
        by(
            make_column_transformer((OneHotEncoder(), ["a/b"]), ("passthrough", ["1st Flr SF"])),
            LogisticRegression(max_iter=2000),
        ),
    ),
    "dtype selector": Shape(
        "mixed",
        "yes or no",
        by(
            make_column_transformer(
                (StandardScaler(), make_column_selector(dtype_include="number")),
                (OneHotEncoder(), make_column_selector(dtype_exclude="number")),
            ),
            LogisticRegression(),
        ),
    ),
    "by index": Shape(
        "mixed",
        "yes or no",
        by(
            make_column_transformer((StandardScaler(), [0, 2]), (OneHotEncoder(), [1, 3])),
            LogisticRegression(),
        ),
    ),
    "by slice and mask": Shape(
        "mixed",
        "yes or no",
        by(
            make_column_transformer(
                ("passthrough", slice(0, 3, 2)), (OneHotEncoder(), [False, True, False, True])
            ),
            LogisticRegression(max_iter=2000),
        ),
    ),
    "number codes and flags": Shape(
        "codes",
        "yes or no",
        by(
            make_column_transformer((OneHotEncoder(), ["code", "new"]), remainder="passthrough"),
            LogisticRegression(max_iter=2000),
        ),
    ),
    "nested": Shape(
        "mixed",
        "yes or no",
        by(split(make_pipeline(StandardScaler(), PolynomialFeatures(2))), LogisticRegression()),
    ),
    "feature union": Shape(
        "numbers",
        "yes or no",
        by(
            FeatureUnion([("scaled", StandardScaler()), ("bins", KBinsDiscretizer(3))]),
            LogisticRegression(),
        ),
    ),
    "selected and projected": Shape(
        "mixed", "yes or no", by(split(), SelectKBest(k=3), PCA(2), LogisticRegression())
    ),
    "calibrated": Shape(
        "mixed", "yes or no", lambda: CalibratedClassifierCV(by(split(), LinearSVC())(), cv=3)
    ),
    "fixed threshold": Shape(
        "mixed",
        "yes or no",
        lambda: FixedThresholdClassifier(
            by(split(), LogisticRegression())(), threshold=0.3, pos_label="yes"
        ),
    ),
    "tuned threshold": Shape(
        "numbers", "0 or 1", lambda: TunedThresholdClassifierCV(LogisticRegression(), cv=3)
    ),
    "grid search": Shape(
        "mixed",
        "yes or no",
        lambda: GridSearchCV(
            by(split(), LogisticRegression())(), {"logisticregression__C": [0.1, 1]}, cv=3
        ),
    ),
    "voting": Shape(
        "numbers",
        "yes or no",
        lambda: VotingClassifier([("a", GaussianNB()), ("b", LogisticRegression())], voting="soft"),
    ),
    "hard voting": Shape(
        "numbers",
        "yes or no",
        lambda: VotingClassifier([("a", GaussianNB()), ("b", LogisticRegression())]),
    ),
    "stacking": Shape(
        "numbers", "yes or no", lambda: StackingClassifier([("a", GaussianNB())], cv=3)
    ),
    "one against the rest": Shape(
        "numbers", "thirds", lambda: OneVsRestClassifier(LogisticRegression())
    ),
    # regressors
    "linear": Shape("numbers", "amount", LinearRegression),
    "fitted on an array": Shape("array", "amount", by(StandardScaler(), Ridge())),
    "ridge": Shape("mixed", "amount", by(split(), Ridge())),
    "elastic net": Shape("mixed", "amount", by(split(MaxAbsScaler()), ElasticNet())),
    "poisson": Shape("numbers", "amount", by(MinMaxScaler(), PoissonRegressor())),
    "splines": Shape("numbers", "amount", by(SplineTransformer(), Ridge())),
    "quantiles": Shape("numbers", "amount", by(QuantileTransformer(n_quantiles=10), Ridge())),
    "logarithm before scaling": Shape(
        "numbers",
        "amount",
        by(
            FunctionTransformer(np.log1p, feature_names_out="one-to-one"), StandardScaler(), Ridge()
        ),
    ),
    "scaled twice": Shape("numbers", "amount", by(StandardScaler(), MinMaxScaler(), Ridge())),
    "regression tree": Shape("numbers", "amount", lambda: DecisionTreeRegressor(random_state=0)),
    "regression forest": Shape(
        "mixed", "amount", by(split(), RandomForestRegressor(10, random_state=0))
    ),
    "extra trees": Shape("numbers", "amount", lambda: ExtraTreesRegressor(5, random_state=0)),
    "gradient boosting": Shape(
        "numbers", "amount", lambda: GradientBoostingRegressor(n_estimators=5, random_state=0)
    ),
    "histogram regression": Shape(
        "categorical", "amount", lambda: HistGradientBoostingRegressor(max_iter=5)
    ),
    "nearest rows": Shape("numbers", "amount", KNeighborsRegressor),
    "support vectors": Shape("numbers", "amount", by(StandardScaler(), SVR())),
    "gaussian process": Shape(
        "numbers", "amount", lambda: GaussianProcessRegressor(alpha=1.0, optimizer=None)
    ),
    "network": Shape(
        "numbers",
        "amount",
        by(
            StandardScaler(),
            MLPRegressor(hidden_layer_sizes=(4,), random_state=0, solver="lbfgs", max_iter=9000),
        ),
    ),
    "xgboost regression": Shape(
        "numbers", "amount", lambda: XGBRegressor(n_estimators=5, n_jobs=1)
    ),
    "lightgbm regression": Shape(
        "categorical", "amount", lambda: LGBMRegressor(n_estimators=5, n_jobs=1, verbose=-1)
    ),
    "catboost regression": Shape(
        "numbers with gaps",
        "amount",
        lambda: CatBoostRegressor(
            iterations=5, verbose=0, allow_writing_files=False, thread_count=1
        ),
    ),
    "target transform": Shape(
        "numbers",
        "amount",
        lambda: TransformedTargetRegressor(Ridge(), func=np.log1p, inverse_func=np.expm1),
    ),
    "voting regression": Shape(
        "numbers", "amount", lambda: VotingRegressor([("a", Ridge()), ("b", KNeighborsRegressor())])
    ),
    "stacking regression": Shape(
        "numbers", "amount", lambda: StackingRegressor([("a", Ridge())], cv=3)
    ),
    # several outputs
    "two amounts": Shape("numbers", "two amounts", LinearRegression),
    "two amounts by column": Shape("numbers", "two amounts", lambda: MultiOutputRegressor(Ridge())),
    "two classes of a forest": Shape(
        "numbers", "two classes", lambda: RandomForestClassifier(5, random_state=0)
    ),
    "two classes by column": Shape(
        "mixed", "two classes", lambda: MultiOutputClassifier(by(split(), LogisticRegression())())
    ),
    "two labels in a chain": Shape(
        "numbers", "two labels", lambda: ClassifierChain(LogisticRegression())
    ),
    "two labels against the rest": Shape(
        "numbers", "two labels", lambda: OneVsRestClassifier(LogisticRegression())
    ),
    # groups and odd ones
    "groups": Shape("numbers", "nothing", lambda: KMeans(3, random_state=0, n_init=2)),
    "groups after scaling": Shape(
        "mixed", "nothing", by(split(), MiniBatchKMeans(2, random_state=0, n_init=2))
    ),
    "birch": Shape("numbers", "nothing", lambda: Birch(n_clusters=3)),
    "mixture": Shape("numbers", "nothing", lambda: GaussianMixture(2, random_state=0)),
    "isolation forest": Shape(
        "numbers", "nothing", lambda: IsolationForest(n_estimators=5, random_state=0)
    ),
    "one class": Shape("numbers", "nothing", by(StandardScaler(), OneClassSVM())),
    "local outliers": Shape("numbers", "nothing", lambda: LocalOutlierFactor(novelty=True)),
    "envelope": Shape("numbers", "nothing", lambda: EllipticEnvelope(random_state=0)),
    # texts
    "tfidf": Shape("texts", "yes or no", by(TfidfVectorizer(), LogisticRegression())),
    "counts": Shape("texts", "yes or no", by(CountVectorizer(), MultinomialNB())),
    "hashed words": Shape(
        "texts", "yes or no", by(HashingVectorizer(n_features=64), LogisticRegression())
    ),
    "words and letters": Shape(
        "texts",
        "yes or no",
        by(
            FeatureUnion(
                [("words", TfidfVectorizer()), ("letters", CountVectorizer(analyzer="char"))]
            ),
            LogisticRegression(),
        ),
    ),
    "topics": Shape(
        "texts",
        "yes or no",
        by(TfidfVectorizer(), TruncatedSVD(2, random_state=0), LogisticRegression()),
    ),
    "text beside a number": Shape(
        "text column",
        "yes or no",
        by(
            make_column_transformer(
                (TfidfVectorizer(), "review text"), (StandardScaler(), ["stars"])
            ),
            LogisticRegression(),
        ),
    ),
}
