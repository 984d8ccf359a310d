"""The client of the Open Inference Protocol's own OpenAPI document."""

import sys

from open_inference.openapi.client import InferenceRequest, OpenInferenceClient
from open_inference.openapi.errors import BadRequestError
from rows import ADULT, ANSWERS, MANY, ROWS, check, check_refusal

client = OpenInferenceClient(base_url=sys.argv[1])


def request(count: int, **changed: object) -> InferenceRequest:
    """Return rows as tensors."""
    rows = [{**row, **changed} for row in ROWS * count]
    return InferenceRequest(
        inputs=[
            {
                "name": name,
                "shape": [len(rows)],
                "datatype": "BYTES" if isinstance(value, str) else "FP64",
                "data": [row[name] or "" for row in rows],
            }
            for name, value in ADULT.items()
        ]
    )


client.check_server_readiness()
client.check_server_liveness()
client.check_model_readiness("income")
check(client.read_server_metadata().name, "servery")
check([each.name for each in client.read_model_metadata("income").inputs], list(ADULT))
for count in (1, MANY):
    answer = client.model_infer("income", request=request(count))
    check(list(answer.outputs[0].data.__root__), ANSWERS * count)
try:
    client.model_infer("income", request=request(1, age=39.5))
except BadRequestError as error:
    check_refusal("39.5", str(error.body))
else:
    raise SystemExit("not refused")
print("health, metadata, infer")
