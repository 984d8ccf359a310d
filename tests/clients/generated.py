"""The Python client of openapi-generator."""

import sys

from openapi_client import ApiClient, Configuration, PredictionsApi
from openapi_client.models import BikesInputs, BikesInstance, PredictBikesRequest

inputs = BikesInputs(temperature=24, humidity=50, windspeed=10, year=2012.5)
api = PredictionsApi(ApiClient(Configuration(host=sys.argv[1])))
answer = api.predict_bikes(PredictBikesRequest(BikesInstance(inputs=inputs))).actual_instance
print(answer.prediction, answer.unit)
