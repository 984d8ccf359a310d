"""KServe's client, by V1 and by V2, in JSON and in bytes."""

import asyncio
import sys

import numpy as np
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig
from rows import ADULT, ANSWERS, MANY, ROWS, check, check_refusal

BASE = sys.argv[1]


def tensors(count: int, *, binary: bool) -> InferRequest:
    """Return a request with a tensor for each input."""
    found = []
    for name, value in ADULT.items():
        column = [row[name] for row in ROWS * count]
        is_text = isinstance(value, str)
        array = np.array([each or "" for each in column], object) if is_text else np.array(column)
        tensor = InferInput(name, list(array.shape), "BYTES" if is_text else "INT64")
        tensor.set_data_from_numpy(array, binary_data=binary)
        found.append(tensor)
    return InferRequest("income", found)


async def main() -> None:
    """Ask by both protocols."""
    client = InferenceRESTClient(RESTConfig(protocol="v2"))
    check([await client.is_server_live(BASE), await client.is_server_ready(BASE)], [True, True])
    check(
        [await client.is_model_ready(BASE, "income"), await client.is_model_ready(BASE, "nope")],
        [True, False],
    )
    for count in (1, MANY):
        for binary in (True, False):
            answer = await client.infer(BASE, tensors(count, binary=binary), "income")
            check(list(answer.outputs[0].as_numpy()), ANSWERS * count)
            check(answer.parameters["warnings"], count)
    first = InferenceRESTClient(RESTConfig(protocol="v1"))
    check(
        [await first.is_server_live(f"{BASE}/v1"), await first.is_model_ready(BASE, "income")],
        [True, True],
    )
    for count in (1, MANY):
        answer = await first.infer(BASE, {"instances": ROWS * count}, "income")
        check(answer["predictions"], ANSWERS * count)
    explained = await first.explain(BASE, "income", {"instances": [ADULT]})
    check(len(explained["explanations"][0]["contributions"]), 7)
    try:
        await first.infer(BASE, {"instances": [{**ADULT, "age": 39.5}]}, "income")
    except Exception as error:
        check_refusal("39.5", str(error))
    else:
        raise SystemExit("not refused")


asyncio.run(main())
print("V1, V2 in JSON and in bytes")
