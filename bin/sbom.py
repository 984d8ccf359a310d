"""Write build/sbom.json: a CycloneDX list of what is released, from the two lock files alone."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "build" / "sbom.json"
SPEC = "1.6"


def main() -> None:
    """Join what Python installs and what the front end bundles, and check it against the schema."""
    sbom = python_packages()
    sbom["components"] += bundled(json.loads((ROOT / "frontend/package-lock.json").read_text()))
    text = json.dumps(sbom, indent=2) + "\n"
    require_valid(text)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    print(f"{os.path.relpath(TARGET)}: {len(sbom['components'])} components")


def python_packages() -> dict[str, Any]:
    """Return the SBOM of the locked Python packages."""
    command = [
        *(sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements"),
        *("--spec-version", SPEC, "--pyproject", "pyproject.toml", "--output-reproducible"),
        "requirements.txt",
    ]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)  # noqa: S603 - ours
    sbom: dict[str, Any] = json.loads(done.stdout)
    return sbom


def bundled(lock: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the packages of a package-lock.json that the built front end may hold."""
    return [
        _component(path.rpartition("node_modules/")[2], facts)
        for path, facts in sorted(lock["packages"].items())
        if path and not facts.get("dev") and not facts.get("devOptional")
    ]


def _component(name: str, facts: dict[str, Any]) -> dict[str, Any]:
    purl = f"pkg:npm/{quote(name)}@{facts['version']}"
    algorithm, _, digest = facts["integrity"].partition("-")
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": facts["version"],
        "purl": purl,
        "hashes": [
            {"alg": algorithm.replace("sha", "SHA-"), "content": base64.b64decode(digest).hex()}
        ],
        "licenses": [{"expression": facts["license"]}],
    }


def require_valid(text: str) -> None:
    """Refuse what the schema of CycloneDX refuses."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    fault = JsonStrictValidator(SchemaVersion.from_version(SPEC)).validate_str(text)
    if fault is not None:
        raise SystemExit(f"Not a valid SBOM: {fault}")


if __name__ == "__main__":
    main()
