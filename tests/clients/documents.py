"""What docs/clients.md shows, ready to run against a server at another address."""

import re

from tests.conftest import ROOT

ADDRESS = re.compile(r"(?:127\.0\.0\.1|localhost)(:|\", \")8000")
#: The script whose environment has what the code of a section imports.
SECTIONS = {
    "Open Inference Protocol": "triton_client",
    "MLflow and SageMaker": "mlflow_client",
    "Hugging Face": "hugging_face_client",
    "vetiver": "vetiver_client",
}
MOST_LINES = 10


def shown(language: str) -> dict[str, str]:
    """Return the code in a language by the titles of the sections that show it."""
    text = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
    sections = re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    blocks = {
        title: re.findall(rf"^```{language}\n(.*?)^```$", section, re.M | re.S)
        for title, section in sections
    }
    return {title: "".join(found) for title, found in blocks.items() if found}


def at(url: str, code: str) -> str:
    """Return code that asks the server at an address."""
    host, _, port = url.removeprefix("http://").partition(":")
    return ADDRESS.sub(lambda found: f"{host}{found[1]}{port}", code)
