"""Fit the bikes model: boosted trees on 585 days, measured by five-fold cross-validation."""

from sklearn.model_selection import KFold
from xgboost import XGBRegressor

from servery.training import publish_version, read_options

SEED = 0


def main() -> None:
    """Fit on all days, measure on folds, publish."""
    options = read_options(__doc__ or "")
    data = options.read("bikes.csv")
    X, y = data[["temperature", "humidity", "windspeed"]], data["count"]
    # The Poisson objective predicts the logarithm of a count, so no answer is below zero.
    model = XGBRegressor(
        objective="count:poisson",
        n_estimators=120,
        max_depth=2,
        learning_rate=0.1,
        subsample=0.7,
        random_state=SEED,
        n_jobs=1,
    )
    folds = KFold(n_splits=5, shuffle=True, random_state=SEED)
    publish_version(options, model.fit(X, y), X, y, name="bikes", cv=folds)


if __name__ == "__main__":
    main()
