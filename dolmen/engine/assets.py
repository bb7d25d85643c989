"""Files that a resource is made of, and whether they are there."""

from __future__ import annotations

import os
from collections.abc import Iterator

from google.protobuf import struct_pb2

from dolmen.engine.values import ARCHIVE, ASSET, SIGNATURE


def missing_files(value: struct_pb2.Value) -> Iterator[str]:
    """Paths of file assets and archives, anywhere in a value, that do not exist in the program's folder.

    The engine reads each file when the resource is registered, and fails without it: a preview of a program whose build
    has not run ends there. A plan goes on and says so.
    """
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        for item in value.list_value.values:
            yield from missing_files(item)
    elif kind == "struct_value":
        fields = value.struct_value.fields
        if SIGNATURE in fields and fields[SIGNATURE].string_value in (ASSET, ARCHIVE) and "path" in fields:
            path = fields["path"].string_value
            if path and not os.path.exists(path):  # noqa: PTH110  (relative to where the program runs, as the engine does)
                yield path
            return
        for item in fields.values():
            yield from missing_files(item)
