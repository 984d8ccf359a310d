"""vetiver's client, which sends no Content-Type for a frame."""

import sys

import pandas as pd
from rows import ADULT, ANSWERS, MANY, ROWS, check, check_refusal
from vetiver.server import predict, vetiver_endpoint

endpoint = vetiver_endpoint(url=f"{sys.argv[1]}/vetiver/income/predict")
for count in (1, MANY):
    check(predict(endpoint, pd.DataFrame(ROWS * count))["predict"].tolist(), ANSWERS * count)
check(predict(endpoint, ADULT)["predict"].tolist(), ANSWERS[:1])
try:
    predict(endpoint, {**ADULT, "age": 39.5})
except TypeError as error:
    check_refusal("39.5", str(error))
else:
    raise SystemExit("not refused")
print("frames and records")
