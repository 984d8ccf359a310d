"""Publishing a file in a caged process: opened, inspected, compiled, verified and measured."""

import msgspec

from servery.cage.keeper import Result
from servery.publishing.files import PublishOrder, prepare_file


def publish_file(order: bytes, data: bytes) -> Result:
    """Find out what a version folder says of a file."""
    asked = msgspec.json.decode(order, type=PublishOrder)
    return Result(msgspec.msgpack.encode(prepare_file(asked, data)))
