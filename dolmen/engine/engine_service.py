"""Takes a program's messages: the engine's own service, beside the resource monitor."""

from __future__ import annotations

from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2

from dolmen.engine.plan import Diagnostic, Severity
from dolmen.engine.remarks import Remarks

_SEVERITIES = {
    engine_pb2.INFO: Severity.INFO,
    engine_pb2.WARNING: Severity.WARNING,
    engine_pb2.ERROR: Severity.ERROR,
}


class EngineService:
    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.remarks = Remarks()

    def warned(self, message: str) -> None:
        """Take a warning that the program gave in Python's own way."""
        self.diagnostics.append(Diagnostic(Severity.WARNING, message))

    def Log(self, request: Any) -> Any:  # noqa: N802
        if request.severity != engine_pb2.DEBUG:
            self.diagnostics.append(Diagnostic(_SEVERITIES[request.severity], request.message, request.urn or None))
        return empty_pb2.Empty()

    def GetRootResource(self, _: Any) -> Any:  # noqa: N802
        return engine_pb2.GetRootResourceResponse(urn="")

    def SetRootResource(self, _: Any) -> Any:  # noqa: N802
        return engine_pb2.SetRootResourceResponse()

    def StartDebugging(self, _: Any) -> Any:  # noqa: N802
        return empty_pb2.Empty()

    def RequirePulumiVersion(self, _: Any) -> Any:  # noqa: N802
        return engine_pb2.RequirePulumiVersionResponse()
