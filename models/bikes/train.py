"""Fit the bikes model: splines of the weather and growth, measured in the order of time."""

import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.linear_model import PoissonRegressor
from sklearn.model_selection import TimeSeriesSplit
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import SplineTransformer, StandardScaler

from servery.training import publish_version, read_options

WEATHER = ["temperature", "humidity", "windspeed"]
#: Sixteen rows are about three weeks, and eighteen times sixteen the last year.
IN_TIME = TimeSeriesSplit(n_splits=18, test_size=16)


def pipeline() -> Pipeline:
    """Return the unfitted model: the logarithm of a count is a sum, so none is below zero."""
    columns = make_column_transformer(
        (SplineTransformer(n_knots=5, knots="quantile", extrapolation="constant"), WEATHER),
        (StandardScaler(), ["year"]),
    )
    return make_pipeline(columns, PoissonRegressor(alpha=0.03, solver="newton-cholesky"))


def year(date: "pd.Series[pd.Timestamp]") -> "pd.Series[float]":
    """Return the year with the part of it that has passed."""
    return (date.dt.year + (date.dt.day_of_year - 1) / 365).round(2)


def main() -> None:
    """Fit on all days, measure each block of days by a fit on the days before it, publish."""
    options = read_options(__doc__ or "")
    data = options.read("bikes.csv").assign(date=lambda each: pd.to_datetime(each["date"]))
    data = data.sort_values("date", ignore_index=True)
    X = data[WEATHER].assign(year=year(data["date"]))
    y = data["count"]
    publish_version(options, pipeline().fit(X, y), X, y, name="bikes", cv=IN_TIME)


if __name__ == "__main__":
    main()
