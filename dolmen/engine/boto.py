"""Answers boto3: no call leaves the process, and neither credentials nor a region are needed.

A call is checked and prepared by botocore as ever. In place of the request stands what the lookups file says, or else a
result of botocore's own output shape, all of it placeholders. What a call would change is noted.
"""

from __future__ import annotations

import contextvars
import re
from typing import Any

from dolmen.engine import boto_shapes, on_import
from dolmen.engine.asking import Asking, plain
from dolmen.engine.lookup_results import label_of
from dolmen.engine.placeholders import AssumedText

_READS = re.compile(
    r"(assume|batch_get|decode|describe|detect|download|estimate|filter|generate|get|head|list|lookup|query|scan|search"
    r"|select|simulate|test|validate|verify)(_|$)"
)
_parameters: contextvars.ContextVar[dict[str, Any]] = contextvars.ContextVar("parameters")


def install(asking: Asking) -> None:
    """Change botocore once it is imported."""
    on_import.install(
        {
            "botocore.client": lambda module: _install_calls(module, asking),
            "botocore.session": lambda module: _install_session(module, asking),
            "botocore.waiter": lambda module: _install_waiters(module, asking),
            "botocore.signers": lambda module: _install_signers(module, asking),
        }
    )


def _install_calls(module: Any, asking: Asking) -> None:
    client = module.BaseClient
    call = client._make_api_call

    def make_api_call(self: Any, operation_name: str, api_params: dict[str, Any]) -> Any:
        before = _parameters.set(dict(api_params))  # as the program gave them: botocore adds its own
        try:
            return call(self, operation_name, api_params)
        finally:
            _parameters.reset(before)

    def make_request(self: Any, operation_model: Any, request_dict: Any, request_context: Any) -> Any:  # noqa: ARG001
        from botocore.awsrequest import AWSResponse

        parsed = _answer(self, operation_model, _parameters.get({}), asking)
        status = 400 if "Error" in parsed else 200
        parsed["ResponseMetadata"] = {"HTTPStatusCode": status, "HTTPHeaders": {}, "RetryAttempts": 0}
        return AWSResponse(request_dict["url"], status, {}, None), parsed

    client._make_api_call, client._make_request = make_api_call, make_request


def _answer(client: Any, operation: Any, parameters: dict[str, Any], asking: Asking) -> dict[str, Any]:
    from botocore import xform_name

    name = xform_name(operation.name)
    token = f"boto3:{client.meta.service_model.service_name}.{name}"
    given = asking.find(token, parameters, "assumed")
    if given is None:
        asking.note("assumed", token, "The result of this call is made of placeholders.")
        if not _READS.match(name):
            asking.note("warning", token, "The program makes this call whenever it is evaluated; here it was not made.")
    elif "error" in given:
        error = given["error"]
        return {"Error": {"Code": error["code"], "Message": error.get("message", "")}}
    told = plain(parameters)
    return boto_shapes.result(operation.output_shape, label_of(token, told), (given or {}).get("result"))


def _install_session(module: Any, asking: Asking) -> None:
    session = module.Session
    get_config_variable, get_scoped_config = session.get_config_variable, session.get_scoped_config

    def variable(self: Any, logical_name: str, *args: Any, **kwargs: Any) -> Any:
        found = get_config_variable(self, logical_name, *args, **kwargs)
        if found is None and logical_name == "region":
            asking.note(
                "assumed",
                "boto3:region",
                "No region is set here; where the program is deployed its environment says it.",
            )
            return AssumedText.of("boto3:region")
        return found

    def scoped(self: Any) -> Any:
        from botocore.exceptions import ProfileNotFound

        try:
            return get_scoped_config(self)
        except ProfileNotFound:
            return {}  # it is known where the program is deployed

    def get_credentials(self: Any) -> Any:
        from botocore.credentials import Credentials

        if self._credentials is None:
            texts = [AssumedText.of(f"boto3:credentials.{name}") for name in ("access_key", "secret_key")]
            self._credentials = Credentials(*texts, method="assumed")
        return self._credentials

    session.get_config_variable, session.get_scoped_config = variable, scoped
    session.get_credentials = get_credentials


def _install_waiters(module: Any, asking: Asking) -> None:
    def wait(self: Any, **_: Any) -> None:
        asking.note("assumed", f"boto3:{self.name}", "The program waits for this; it is taken as done.")

    module.Waiter.wait = wait


def _install_signers(module: Any, asking: Asking) -> None:
    def presigned(name: str, made: Any) -> Any:
        def method(*_: Any, **__: Any) -> Any:
            asking.note("assumed", f"boto3:{name}", "A signed address differs whenever it is made; here it is assumed.")
            return made()

        return method

    def url() -> AssumedText:
        return AssumedText(f"https://{AssumedText.of('boto3:presigned_url')}.invalid/")

    signer = module.RequestSigner
    signer.generate_presigned_url = presigned("presigned_url", url)
    poster = module.S3PostPresigner
    poster.generate_presigned_post = presigned("presigned_post", lambda: {"url": url(), "fields": {}})
