"""MLflow's client of a scoring server, which sends NaN for a missing value, and its deployments."""

import sys

import pandas as pd
from mlflow.deployments import get_deploy_client
from mlflow.pyfunc.scoring_server.client import ScoringServerClient
from rows import ANSWERS, MANY, ROWS, check, check_refusal

host, port = sys.argv[1].removeprefix("http://").split(":")
client = ScoringServerClient(host, f"{port}/mlflow/income")
client.ping()
for count in (1, MANY):
    frame = pd.DataFrame(ROWS * count)
    for given in (frame, frame.astype({"workclass": object, "age": float})):
        check(client.invoke(given).get_predictions()[0].tolist(), ANSWERS * count)
try:
    client.invoke(pd.DataFrame(ROWS).assign(age=39.5))
except Exception as error:
    check_refusal("39.5", str(error))
else:
    raise SystemExit("not refused")
deployed = get_deploy_client(sys.argv[1]).predict(endpoint="income", inputs={"instances": ROWS})
check(deployed["predictions"])
print("scoring server", client.get_version(), "and deployments")
