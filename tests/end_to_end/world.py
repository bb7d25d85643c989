"""A small world for programs that ask around: some of AWS's calls, and a few pages, on one port of this machine."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

_CALLER = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::210987654321:user/deployer</Arn><UserId>AIDAWORLD</UserId><Account>210987654321</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"""
_IMAGE = {"Name": "/image", "Type": "String", "Value": "ami-world", "Version": 3, "LastModifiedDate": 1700000000.0}


def _parameters(target: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Parameter Store, with two pages of parameters."""
    if target.endswith(".GetParameter"):
        return {"Parameter": _IMAGE}
    if "NextToken" in asked:
        return {"Parameters": [{**_IMAGE, "Value": "second"}]}
    return {"Parameters": [{**_IMAGE, "Value": "first"}], "NextToken": "more"}


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        target = self.headers.get("X-Amz-Target")
        if target is None:
            self._say(_CALLER, "text/xml")
        else:
            self._say(json.dumps(_parameters(target, json.loads(asked))), "application/x-amz-json-1.1")

    def do_GET(self) -> None:
        if self.path == "/nothing":
            self.send_error(404)
        elif self.path == "/address":
            self._say("192.0.2.1", "text/plain")
        else:
            self._say(json.dumps({"count": 4, "latest": "2"}), "application/json")

    def _say(self, text: str, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: Any) -> None:  # (nobody reads it)
        return


class World:
    def __enter__(self) -> str:
        """Where it answers."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
