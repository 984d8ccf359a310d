"""Checking a compiled form in a caged process before it is served by a web process."""

import msgspec

from servery.artifact.specs import Checked, CheckSpec
from servery.cage.tasks import Result
from servery.errors import CompiledUnreadable
from servery.manifest import read_manifest
from servery.runtimes.answers import fault_of_recorded
from servery.runtimes.plan import Plan, PlanRuntime


def check_compiled(spec: bytes, data: bytes) -> Result:
    """Say why a plan is not served; it is where it gives the recorded answers."""
    asked = msgspec.json.decode(spec, type=CheckSpec)
    manifest = read_manifest(bytes(asked.manifest))
    try:
        runtime = PlanRuntime(Plan.load(data), asked.signature)
    except CompiledUnreadable as error:
        complaint: str | None = str(error)
    else:
        fault = fault_of_recorded(manifest, runtime)
        complaint = None if fault is None else f"It {fault} on this machine."
    return Result(msgspec.json.encode(Checked(complaint)))
