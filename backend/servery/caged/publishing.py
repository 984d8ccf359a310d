"""Publishing or converting a file in a caged process: opened, inspected, compiled and measured."""

import msgspec

from servery.cage.tasks import Result
from servery.publishing.converting import ConvertOrder, converted
from servery.publishing.files import PublishOrder, or_refused, prepared_file


def publish_file(order: bytes, data: bytes) -> Result:
    """Find out what a version folder says of a file."""
    asked = msgspec.json.decode(order, type=PublishOrder)
    return Result(msgspec.msgpack.encode(or_refused(lambda: prepared_file(asked, data))))


def convert_file(order: bytes, data: bytes) -> Result:
    """Write a file in a format that holds no code."""
    asked = msgspec.json.decode(order, type=ConvertOrder)
    return Result(msgspec.msgpack.encode(or_refused(lambda: converted(asked, data))))
