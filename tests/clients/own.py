"""The Python client of this repository, without pandas."""

import sys
from importlib.metadata import distributions

from servery_client import InvalidInputs, connect

BIKES = {"temperature": 24, "humidity": 50, "windspeed": 10, "year": 2012.5}

with connect(sys.argv[1]) as client:
    answer = client["bikes"].predict(BIKES)
    try:
        client["bikes"].predict([BIKES, {**BIKES, "humidity": "wet"}])
    except InvalidInputs as error:
        [fault] = error.faults
    else:
        raise SystemExit("a text was taken for a number")
installed = {each.name for each in distributions()} - {"pip", "setuptools", "servery-client"}
print(answer.prediction, answer.unit, "|", fault, "|", "with", *sorted(installed))
