"""Tiny models of every task, published as the product would, on rows made here."""

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.ensemble import IsolationForest, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeClassifier
from sklearn.mixture import GaussianMixture
from sklearn.multioutput import MultiOutputClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from servery.publishing import publish

ROWS = 120
EIGHT = [f"sensor {letter}" for letter in "ABCDEFGH"]

_random = np.random.default_rng(0)
X = pd.DataFrame(
    {
        "floor area": _random.uniform(20, 180, ROWS).round(1),
        "rooms": _random.integers(1, 8, ROWS),
    }
)
price = 3000 * X["floor area"] + 20_000 * X["rooms"]
dearness = pd.qcut(price, 3, labels=["cheap", "middling", "dear"]).astype(str).rename("dearness")
size = pd.Series(np.where(X["floor area"] > 100, "large", "small"), name="size")
rent = pd.DataFrame({"price": price, "rent": price / 250, "heating": 2 * X["floor area"]})


def publish_all(root: Path) -> None:
    """Publish one model of each kind, with its rows and, where named ``bare``, without."""
    fitted = {
        "groups": (KMeans(3, random_state=0, n_init=2).fit(X), None),
        "mixture": (GaussianMixture(3, random_state=0).fit(X), None),
        "odd ones": (IsolationForest(n_estimators=20, random_state=0).fit(X), None),
        "two scores": (make_pipeline(StandardScaler(), LinearSVC()).fit(X, size), size),
        "three scores": (
            make_pipeline(StandardScaler(), RidgeClassifier()).fit(X, dearness),
            dearness,
        ),
        "three numbers": (LinearRegression().fit(X, rent), rent),
        "two classes": (_classes(RandomForestClassifier(10, random_state=0)), _both()),
        "no probabilities": (_classes(MultiOutputClassifier(LinearSVC(C=1e-6))), _both()),
        "eight numbers": (LinearRegression().fit(X, _eight()), _eight()),
    }
    for name, (estimator, y) in fitted.items():
        publish(estimator, X, y, name=name, root=root)
    plain = LogisticRegression().fit(X, size)
    publish(plain, X, size, name="kept", cv=4, keep_rows=100, root=root)
    logistic = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, size)
    publish(logistic, name="bare scaled", root=root)
    publish(RandomForestRegressor(5, random_state=0).fit(X, price), name="bare forest", root=root)
    publish(LinearRegression().fit(X, price), name="bare line", root=root)


def _both() -> pd.DataFrame:
    return pd.DataFrame({"dearness": dearness, "size": size})


def _classes(estimator: RandomForestClassifier | MultiOutputClassifier) -> object:
    return estimator.fit(X, _both())


def _eight() -> pd.DataFrame:
    return pd.DataFrame({name: price / 10**power for power, name in enumerate(EIGHT)})
