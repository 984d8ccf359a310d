"""Fit the petrol model: a random forest on 48 states, measured by leaving one out."""

from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import LeaveOneOut
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

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
    """Fit on all states, measure by leaving one out, publish."""
    options = read_options(__doc__ or "")
    data = options.read("petrol.csv").rename(columns=COLUMNS)
    y = data.pop("petrol_consumption")
    model = make_pipeline(
        StandardScaler(),
        RandomForestRegressor(n_estimators=200, min_samples_leaf=2, random_state=SEED),
    )
    publish_version(options, model.fit(data, y), data, y, name="petrol", cv=LeaveOneOut())


if __name__ == "__main__":
    main()
