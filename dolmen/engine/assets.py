"""Finds the files that a resource is made of."""

from __future__ import annotations

import os
from collections.abc import Iterator

from google.protobuf import struct_pb2

from dolmen.engine.values import ARCHIVE, ASSET, signature, walk


def missing_files(value: struct_pb2.Value) -> Iterator[str]:
    """The paths of assets and archives that do not exist.

    They may stand anywhere in a value. The engine reads each file when the resource is registered, and fails without
    it: a preview of a program whose build has not run ends there. A plan goes on and says so.
    """
    for part in walk(value):
        if signature(part) in (ASSET, ARCHIVE) and "path" in part.struct_value.fields:
            path = part.struct_value.fields["path"].string_value
            if path and not os.path.exists(path):  # noqa: PTH110  (relative to where the program runs, as the engine does)
                yield path
