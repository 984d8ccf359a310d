"""Fit the income model: splines, one-hot categories and logistic regression; 20% held out."""

from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, SplineTransformer

from servery.tables.reading import Reading
from servery.training import publish_version, read_options

SEED = 0
NUMBERS = ["age", "hours.per.week"]
CATEGORIES = ["workclass", "education", "marital.status", "race", "sex"]
INPUTS = ["age", "workclass", "education", "marital.status", "race", "sex", "hours.per.week"]


def pipeline() -> Pipeline:
    """Return the unfitted model; a missing employer is a category of its own."""
    columns = make_column_transformer(
        (SplineTransformer(n_knots=6, knots="quantile", extrapolation="constant"), NUMBERS),
        (OneHotEncoder(handle_unknown="ignore"), CATEGORIES),
    )
    return make_pipeline(columns, LogisticRegression(max_iter=3000))


def main() -> None:
    """Fit on 80%, measure on the rest, publish."""
    options = read_options(__doc__ or "")
    data = options.read("adult.csv", Reading(missing=("?",)))
    X, X_test, y, y_test = train_test_split(
        data[INPUTS], data["income"], test_size=0.2, random_state=SEED, stratify=data["income"]
    )
    model = pipeline().fit(X, y)
    publish_version(
        options,
        model,
        X,
        y,
        name="income",
        X_test=X_test,
        y_test=y_test,
        detail="A stratified 20% of the people, held out before fitting.",
    )


if __name__ == "__main__":
    main()
