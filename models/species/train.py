"""Fit the species model: Gaussian naive Bayes on ten animals, measured by leaving one out."""

import pandas as pd
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.naive_bayes import GaussianNB

from servery.evaluation import binary_metrics
from servery.manifest import Metrics
from servery.training import publish_version, read_options


def main() -> None:
    """Measure, fit on all ten rows, publish."""
    options = read_options(__doc__ or "")
    data = pd.read_csv(options.file("species.csv")).rename(columns=str.lower)
    X, y = data[["height", "weight"]], data["species"]
    model = GaussianNB()
    probability = cross_val_predict(model, X, y, cv=LeaveOneOut(), method="predict_proba")[:, 1]
    predicted = cross_val_predict(model, X, y, cv=LeaveOneOut())
    metrics = Metrics(
        method="leave-one-out",
        detail="Each animal was judged by a model fitted on the other nine; the model that is "
        "served was then fitted on all ten.",
        rows=len(X),
        values=binary_metrics(y.to_numpy(), probability, predicted, positive="Dog"),
    )
    publish_version(options, model.fit(X, y), X, y, name="species", metrics=metrics)


if __name__ == "__main__":
    main()
