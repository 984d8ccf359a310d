"""tritonclient: tensors in bytes, which is its default, and in JSON; compressed and not."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import tritonclient.http as triton
from rows import ADULT, ANSWERS, MANY, ROWS, check, check_refusal
from tritonclient.utils import InferenceServerException

client = triton.InferenceServerClient(sys.argv[1].removeprefix("http://"))


def tensors(rows: Sequence[Mapping[str, Any]], *, binary: bool) -> list[Any]:
    """Return a tensor for each input; an empty text is a missing value."""
    found = []
    for name, value in ADULT.items():
        column = [row[name] for row in rows]
        is_text = isinstance(value, str)
        array = np.array([each or "" for each in column], object) if is_text else np.array(column)
        tensor = triton.InferInput(name, list(array.shape), "BYTES" if is_text else "INT64")
        tensor.set_data_from_numpy(array, binary_data=binary)
        found.append(tensor)
    return found


for count in (1, MANY):
    for binary in (True, False):
        for coding in (None, "gzip", "deflate"):
            answer = client.infer(
                "income",
                tensors(ROWS * count, binary=binary),
                request_id="r1",
                request_compression_algorithm=coding,
                response_compression_algorithm=coding,
            )
            check([each.decode() for each in answer.as_numpy("predict")], ANSWERS * count)
            check(answer.as_numpy("predict_proba").shape, (4 * count, 2))
            check(answer.get_response()["id"], "r1")
            check(answer.get_response()["parameters"]["warnings"], count)
wanted = [triton.InferRequestedOutput("predict_proba", binary_data=False)]
answer = client.infer("income", tensors([ADULT], binary=True), outputs=wanted, model_version="1")
check([each["name"] for each in answer.get_response()["outputs"]], ["predict_proba"])
half = triton.InferInput("age", [1], "FP64")
half.set_data_from_numpy(np.array([39.5]))
for model, version, given, status, words in (
    ("nope", "", tensors([ADULT], binary=True), "404", "nope"),
    ("income", "9", tensors([ADULT], binary=True), "404", "9"),
    ("income", "", [half, *tensors([ADULT], binary=True)[1:]], "400", "39.5"),
    ("income", "", tensors([ADULT], binary=True)[:1], "400", "sex"),
):
    try:
        client.infer(model, given, model_version=version)
    except InferenceServerException as error:
        check(error.status(), status)
        check_refusal(words, error.message())
    else:
        raise SystemExit("not refused")
check(
    [client.is_server_live(), client.is_server_ready(), client.is_model_ready("nope")],
    [True, True, False],
)
check("income" in [each["name"] for each in client.get_model_repository_index()], True)
print("binary, JSON, gzip and deflate:", client.get_server_metadata()["name"])
