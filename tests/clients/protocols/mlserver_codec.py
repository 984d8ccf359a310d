"""MLServer's codec of frames."""

import sys

import pandas as pd
import requests
from mlserver.codecs import PandasCodec
from mlserver.types import InferenceResponse
from rows import ANSWERS, MANY, ROWS, check, check_refusal

ADDRESS = f"{sys.argv[1]}/v2/models/income/infer"


def ask(frame: pd.DataFrame) -> requests.Response:
    """Send a frame as MLServer's clients do."""
    body = PandasCodec.encode_request(frame, use_bytes=False).model_dump_json()
    return requests.post(
        ADDRESS, data=body, headers={"Content-Type": "application/json"}, timeout=60
    )


for count in (1, MANY):
    frame = pd.DataFrame(ROWS * count).fillna("")  # the codec takes no missing text
    answer = InferenceResponse.model_validate_json(ask(frame).text)
    check(list(answer.outputs[0].data), ANSWERS * count)
refusal = ask(pd.DataFrame(ROWS).fillna("").assign(age=39.5))
check(refusal.status_code, 400)
check_refusal("39.5", refusal.json()["error"])
print("frames")
