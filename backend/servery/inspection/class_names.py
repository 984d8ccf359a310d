"""A classifier that answers with names instead of the numbers that it was fitted on.

Boosting libraries number the classes in their own files, and many people encode a target before
they fit. The names are put back here, so that answers and true outcomes are in the same words.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, clone, is_classifier
from sklearn.utils.metaestimators import available_if

from servery.errors import PublishingRefused

Method = TypeVar("Method", bound=Callable[..., Any])


def _answers(method: str) -> Callable[[Method], Method]:
    """Return a decorator for what is there only if the estimator has such a method too."""
    decorator: Callable[[Method], Method] = available_if(
        lambda self: hasattr(getattr(self, "estimator_", self.estimator), method)
    )
    return decorator


class NamedClasses(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn has no types
    """A classifier around one whose classes are numbers: the places of their names.

    Parameters
    ----------
    estimator
        A classifier.
    names
        The name of class 0, of class 1 and so on.
    """

    def __init__(self, estimator: Any, names: Sequence[str]) -> None:  # noqa: ANN401
        self.estimator = estimator
        self.names = names

    def fit(self, X: Any, y: Any) -> "NamedClasses":  # noqa: ANN401
        """Fit a copy of the estimator to the numbers of the names."""
        places = {name: place for place, name in enumerate(self.names)}
        numbers = [places[name] for name in np.asarray(y).ravel().tolist()]
        return self._of(clone(self.estimator).fit(X, np.array(numbers)))

    def _of(self, fitted: Any) -> "NamedClasses":  # noqa: ANN401
        self.estimator_ = fitted
        self.classes_ = self._named(fitted.classes_)
        return self

    def _named(self, numbers: Any) -> Any:  # noqa: ANN401 - arrays
        return np.array(self.names, dtype=object)[np.asarray(numbers).astype(int).ravel()]

    def predict(self, X: Any) -> Any:  # noqa: ANN401
        """Return the name of the class of each row."""
        return self._named(self.estimator_.predict(X))

    @_answers("predict_proba")
    def predict_proba(self, X: Any) -> Any:  # noqa: ANN401
        """Return the probabilities of the classes."""
        return self.estimator_.predict_proba(X)

    @_answers("decision_function")
    def decision_function(self, X: Any) -> Any:  # noqa: ANN401
        """Return the scores of the classes."""
        return self.estimator_.decision_function(X)


def with_class_names(estimator: Any, names: Sequence[str]) -> Any:  # noqa: ANN401
    """Return a fitted classifier that answers with names where the given one has numbers.

    Raises
    ------
    PublishingRefused
        It is not a classifier, or its classes are not the numbers from 0 of so many names.
    """
    classes = getattr(estimator, "classes_", None)
    if not is_classifier(estimator) or classes is None:
        raise PublishingRefused(
            f"Expected a classifier to name the classes of, found a {type(estimator).__name__}."
        )
    shown = ", ".join(map(str, np.asarray(classes).tolist()[:8]))
    if len(set(names)) < len(names) or list(range(len(names))) != np.asarray(classes).tolist():
        raise PublishingRefused(
            f"{len(names)} names were given for the classes {shown}. Give each class another name, "
            "in the order of their numbers from 0."
        )
    return NamedClasses(estimator, tuple(names))._of(estimator)
