"""Gives HTTP requests the response that the lookups file says; others reach for the network as ever, and fail."""

from __future__ import annotations

import email.message
import io
import json
import urllib.error
import urllib.request
import urllib.response
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dolmen.engine import on_import
from dolmen.engine.asking import Asking


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    headers: Mapping[str, str]
    body: bytes


def install(asking: Asking) -> None:
    """Change urllib, and requests and httpx once they are imported."""
    _install_urllib(asking)
    on_import.install(
        {
            "requests.adapters": lambda module: _install_requests(module, asking),
            "httpx._transports.default": lambda module: _install_httpx(module, asking),
        }
    )


def _find(asking: Asking, method: str, url: str) -> _Response | None:
    answer = asking.find(f"http:{method.upper()}", {"url": url}, "unanswered")
    if answer is None:
        return None
    result = answer["result"]
    headers = {str(name): str(value) for name, value in (result.get("headers") or {}).items()}
    body = str(result.get("body", ""))
    if "json" in result:
        body = json.dumps(result["json"])
        headers.setdefault("Content-Type", "application/json")
    return _Response(int(result.get("status", 200)), headers, body.encode())


def _install_urllib(asking: Asking) -> None:
    opener: Any = urllib.request.OpenerDirector
    original = opener.open

    def open_(self: Any, fullurl: Any, *args: Any, **kwargs: Any) -> Any:
        url = fullurl if isinstance(fullurl, str) else fullurl.full_url
        data = args[0] if args else kwargs.get("data")
        method = fullurl.get_method() if not isinstance(fullurl, str) else "GET" if data is None else "POST"
        given = _find(asking, method, url) if url.startswith(("http:", "https:")) else None
        if given is None:
            return original(self, fullurl, *args, **kwargs)
        headers = email.message.Message()
        for name, value in given.headers.items():
            headers[name] = value
        if given.status >= 400:
            raise urllib.error.HTTPError(url, given.status, "as given", headers, io.BytesIO(given.body))
        return urllib.response.addinfourl(io.BytesIO(given.body), headers, url, given.status)

    opener.open = open_


def _install_requests(module: Any, asking: Asking) -> None:
    adapter = module.HTTPAdapter
    original = adapter.send

    def send(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        given = _find(asking, request.method, request.url)
        if given is None:
            return original(self, request, *args, **kwargs)
        from urllib3 import HTTPResponse

        raw = HTTPResponse(
            body=io.BytesIO(given.body), headers=dict(given.headers), status=given.status, preload_content=False
        )
        return self.build_response(request, raw)

    adapter.send = send


def _install_httpx(module: Any, asking: Asking) -> None:
    def answer(request: Any) -> Any:
        import httpx  # pyright: ignore[reportMissingImports]  # there if the program imports it

        given = _find(asking, request.method, str(request.url))
        if given is None:
            return None
        return httpx.Response(given.status, headers=dict(given.headers), content=given.body, request=request)

    plain, waiting = module.HTTPTransport, module.AsyncHTTPTransport
    handle, handle_async = plain.handle_request, waiting.handle_async_request

    def handle_request(self: Any, request: Any) -> Any:
        found = answer(request)
        return handle(self, request) if found is None else found

    async def handle_async_request(self: Any, request: Any) -> Any:
        found = answer(request)
        return await handle_async(self, request) if found is None else found

    plain.handle_request, waiting.handle_async_request = handle_request, handle_async_request
