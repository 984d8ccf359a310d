"""Fit the petrol model: a random forest on 48 states, measured by leaving one out."""

import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from servery.evaluation import regression_metrics
from servery.manifest import Metrics
from servery.training import publish_version, read_options

SEED = 0
COLUMNS = {
    "Petrol_tax": "petrol_tax",
    "Average_income": "average_income",
    "Paved_Highways": "paved_highways",
    "Population_Driver_licence(%)": "share_of_drivers",
    "Petrol_Consumption": "petrol_consumption",
}


def main() -> None:
    """Measure, fit on all states, publish."""
    options = read_options(__doc__ or "")
    data = pd.read_csv(options.file("petrol.csv")).rename(columns=COLUMNS)
    y = data.pop("petrol_consumption")
    model = make_pipeline(
        StandardScaler(),
        RandomForestRegressor(n_estimators=200, min_samples_leaf=2, random_state=SEED),
    )
    predicted = cross_val_predict(model, data, y, cv=LeaveOneOut())
    metrics = Metrics(
        method="leave-one-out",
        detail="Each state was predicted by a model fitted on the other 47; the model that is "
        "served was then fitted on all 48.",
        rows=len(data),
        values=regression_metrics(y.to_numpy(), predicted, unit="gallons per person"),
    )
    publish_version(options, model.fit(data, y), data, y, name="petrol", metrics=metrics)


if __name__ == "__main__":
    main()
