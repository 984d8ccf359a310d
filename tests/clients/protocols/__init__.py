"""Clients of other servers, as they are: each has a script here and an environment of its own.

Every script asks income, with a missing workclass and an unknown one, for one row and for many, and
has to be refused what does not fit. It gets the address of the server and ends with an error if an
answer is wrong.
"""

#: What each script needs, pinned, since it is the client's bytes that are tested.
PYTHON = {
    "triton_client": ("tritonclient[http]==2.73.0", "numpy==2.4.6"),
    "kserve_client": ("kserve==0.21.0",),
    "open_inference_client": ("open-inference-openapi==2.0.0.1",),
    "mlserver_codec": ("mlserver==1.7.1", "pandas==2.3.3", "requests==2.32.5"),
    "mlflow_client": ("mlflow==3.17.2", "pandas==3.1.1"),
    "hugging_face_client": ("huggingface-hub==2.4.0",),
    "vetiver_client": ("vetiver==0.2.6", "pandas==3.1.1"),
}
NODE = {"hugging_face_client.mjs": ("@huggingface/inference@4.13.30",)}
