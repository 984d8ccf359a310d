"""Fit the species model: Gaussian naive Bayes on ten animals, measured by leaving one out."""

from sklearn.model_selection import LeaveOneOut
from sklearn.naive_bayes import GaussianNB

from servery.training import publish_version, read_options


def main() -> None:
    """Fit on all ten rows, measure by leaving one out, publish."""
    options = read_options(__doc__ or "")
    data = options.read("species.csv").rename(columns=str.lower)
    X, y = data[["height", "weight"]], data["species"]
    publish_version(options, GaussianNB().fit(X, y), X, y, name="species", cv=LeaveOneOut())


if __name__ == "__main__":
    main()
