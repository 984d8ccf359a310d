"""Discriminant analysis: classes as normal distributions of features that vary together."""

from servery.estimators.linear import logistic
from servery.estimators.registry import Family, register

register(
    Family(
        "sklearn.discriminant_analysis: LinearDiscriminantAnalysis",
        predictor=logistic,
        centers="means_",
    )
)
register(Family("sklearn.discriminant_analysis: QuadraticDiscriminantAnalysis", centers="means_"))
