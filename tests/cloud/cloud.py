"""A simulated cloud: what exists, how long things take, what is refused, and what goes wrong on demand.

It knows nothing of Pulumi. Its state is its own: a test may change it behind Pulumi's back.
"""

from __future__ import annotations

import copy
import functools
import json
import math
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.cloud.contracts import DATA, Properties

ACCOUNT = "123456789012"


class Refused(Exception):  # noqa: N818
    """The cloud's answer is an error and nothing has changed."""


class Unhealthy(Exception):  # noqa: N818
    """The resource exists, but the cloud says that it did not come up well."""

    def __init__(self, resource_id: str, reason: str) -> None:
        super().__init__(reason)
        self.id = resource_id


class Lost(Exception):  # noqa: N818
    """The cloud did what was asked, and the answer never arrived."""


How = Literal["refused", "unhealthy", "lost", "slow", "throttled", "held"]
Operation = Literal["create", "update", "delete"]


@dataclass
class Fault:
    """The `skip + 1`-th operation on a type whose token ends in `type` (and a name that holds `name`) goes wrong, once.

    `refused`: nothing happened. `unhealthy`: it exists, half made. `lost`: it happened, the answer did not arrive.
    `slow`: it takes `factor` times as long. `throttled`: the cloud says "slow down" `factor` times; providers retry.
    `held`: it ends when the test says so (`released`).
    """

    type: str
    how: How
    operation: Operation = "create"
    name: str = ""
    skip: int = 0
    factor: int = 5
    hits: int = 0
    """How often it struck."""
    exactly: str = ""
    """The whole name, where one name is part of another."""
    released: threading.Event = field(default_factory=threading.Event)

    def strikes(self, operation: str, token: str, name: str) -> bool:
        named = name == self.exactly if self.exactly else self.name in name
        return self.operation == operation and token.endswith(self.type) and named


@dataclass
class Live:
    """Something that exists in a cloud."""

    type: str
    id: str
    inputs: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)
    """What only the cloud knows: generated ids, suffixes, passwords."""
    asked_as: str = ""
    """The name under which it was asked for: what a person recognises it by."""
    status: Literal["creating", "available", "unhealthy", "deleting"] = "creating"
    began: float = 0.0
    ended: float = 0.0


@dataclass(frozen=True)
class Call:
    operation: str
    type: str
    name: str
    began: float
    ended: float
    outcome: str


@functools.cache
def latencies() -> Mapping[str, Mapping[str, Any]]:
    return json.loads((DATA / "latencies.json").read_text())["types"]


def seconds(token: str, operation: str) -> float:
    """How long a cloud typically takes, rounded up to when the provider looks again (its fixed delay and polls)."""
    entry = latencies().get(token, {})
    work = float(entry.get(operation, 1.0))
    wait = entry.get("wait", {}).get(operation)
    if not wait:
        return work
    return wait["delay"] + math.ceil(max(0.0, work - wait["delay"]) / wait["poll"]) * wait["poll"]


class Cloud:
    def __init__(self, kind: Callable[[str], Any], scale: float = 0.0) -> None:
        """`kind` gives a type's behaviour (`tests.cloud.kinds`). `scale` turns real durations into simulated ones:
        0.001 makes ten minutes 0.6 s; 0 makes everything instant."""
        self.kind = kind
        self.scale = scale
        self.live: dict[str, dict[str, Live]] = {}
        self.gone: set[tuple[str, str]] = set()
        """What was deleted: a reference to it is refused, while a well-formed id that was never issued is 'given'."""
        self.faults: list[Fault] = []
        self.log: list[Call] = []
        self.facts: dict[str, Any] = {}
        """What lookups answer about things that exist outside of the program (a VPC's CIDR, for instance)."""
        self.string_lag = 0
        """To how many questions Atlas gives no string of a private endpoint that is available already."""
        self.retries = 5
        """How often a provider tries again when it is throttled."""
        self.lock = threading.RLock()

    # ---- looking
    def all(self, token: str) -> list[Live]:
        return list(self.live.get(token, {}).values())

    def find(self, token: str, **inputs: Any) -> list[Live]:
        return [live for live in self.all(token) if all(live.inputs.get(k) == v for k, v in inputs.items())]

    def get(self, token: str, resource_id: str) -> Live | None:
        return self.live.get(token, {}).get(resource_id)

    def everything(self) -> Iterator[Live]:
        for lives in self.live.values():
            yield from lives.values()

    def read(self, token: str, resource_id: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """(inputs as the cloud tells them, all outputs) of something that exists."""
        with self.lock:
            live = self.get(token, resource_id)
            if live is None:
                return None
            inputs = self.kind(token).canonical(copy.deepcopy(live.inputs))
            return inputs, {**inputs, **self.kind(token).outputs(self, live)}

    # ---- changing
    def create(self, token: str, name: str, inputs: Properties, timeout: float = 0.0) -> str:
        kind = self.kind(token)
        with self._operation("create", token, name, timeout) as operation:
            with self.lock:
                kind.refuse_create(self, inputs)
                live = Live(token, kind.identify(self, inputs), dict(inputs), asked_as=name, began=time.monotonic())
                if self.get(token, live.id):
                    raise Refused(f"{kind.already_exists}: {live.id} already exists")
                live.extra = kind.remember(self, live)
                self.live.setdefault(token, {})[live.id] = live
            in_time = operation.work()
            with self.lock:
                live.ended = time.monotonic()
                live.status = "available" if in_time and operation.how != "unhealthy" else "unhealthy"
                if live.status == "available":
                    kind.created(self, live)
            if not in_time:
                raise Unhealthy(live.id, f"timeout while waiting for {live.id} to become available")
            operation.answer(live.id)
            return live.id

    def update(self, token: str, resource_id: str, inputs: Properties, timeout: float = 0.0) -> None:
        kind = self.kind(token)
        with self._operation("update", token, resource_id, timeout) as operation:
            with self.lock:
                live = self.get(token, resource_id)
                if live is None:
                    raise Refused(f"NotFound: {resource_id} does not exist")
                kind.refuse_update(self, live, inputs)
            if not operation.work():
                raise Unhealthy(resource_id, f"timeout while waiting for {resource_id} to be updated")
            with self.lock:
                kind.apply(self, live, dict(inputs))
                live.status = "available"
                kind.created(self, live)
            operation.answer(resource_id)

    def delete(self, token: str, resource_id: str, timeout: float = 0.0) -> None:
        kind = self.kind(token)
        with self._operation("delete", token, resource_id, timeout) as operation:
            with self.lock:
                live = self.get(token, resource_id)
                if live is None:
                    return
                kind.refuse_delete(self, live)
                live.status = "deleting"
            operation.work()
            with self.lock:
                self.live[token].pop(resource_id, None)
                self.gone.add((token, resource_id))
                kind.deleted(self, live)
            operation.answer(resource_id)

    def vanish(self, token: str, resource_id: str) -> None:
        """Somebody deleted it by hand: no questions asked."""
        with self.lock:
            del self.live[token][resource_id]
            self.gone.add((token, resource_id))

    def _operation(self, operation: Operation, token: str, name: str, timeout: float) -> _Running:
        with self.lock:
            fault = next((fault for fault in self.faults if fault.strikes(operation, token, name)), None)
            if fault and fault.skip:
                fault.skip, fault = fault.skip - 1, None
            if fault:
                self.faults.remove(fault)
                fault.hits += 1
        return _Running(self, operation, token, name, timeout, fault)


class _Running:
    """One call to the cloud, with the fault that strikes it."""

    def __init__(
        self, cloud: Cloud, operation: Operation, token: str, name: str, timeout: float, fault: Fault | None
    ) -> None:
        self.cloud, self.operation, self.token, self.name, self.timeout = cloud, operation, token, name, timeout
        self.fault = fault
        self.how = fault.how if fault else ""

    def __enter__(self) -> _Running:
        self.began = time.monotonic()
        if self.how == "throttled" and self.fault:
            for _ in range(min(self.fault.factor, self.cloud.retries)):
                time.sleep(1.0 * self.cloud.scale)
            if self.fault.factor > self.cloud.retries:
                self._note("throttled")
                raise Refused("ThrottlingException: Rate exceeded")
        if self.how == "refused":
            self._note("refused")
            raise Refused(f"InternalFailure: simulated fault: {self.operation} of {self.name} refused")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._note("done" if error is None else type(error).__name__.lower())

    def work(self) -> bool:
        """Let the time pass; False when the provider's patience (its timeout) ended before."""
        if self.how == "held" and self.fault:
            self.fault.released.wait()
        needed = seconds(self.token, self.operation) * (self.fault.factor if self.how == "slow" and self.fault else 1)
        allowed = min(needed, self.timeout) if self.timeout else needed
        time.sleep(allowed * self.cloud.scale)
        return needed <= allowed

    def answer(self, resource_id: str) -> None:
        if self.how == "unhealthy":
            raise Unhealthy(resource_id, f"simulated fault: {resource_id} was made but is unhealthy")
        if self.how == "lost":
            raise Lost(f"simulated fault: connection reset while waiting for {resource_id}")

    def _note(self, outcome: str) -> None:
        with self.cloud.lock:
            self.cloud.log.append(Call(self.operation, self.token, self.name, self.began, time.monotonic(), outcome))


def fresh(length: int, alphabet: str = "0123456789abcdef") -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


def region_of(inputs: Properties) -> str:
    return str(inputs.get("region") or "us-east-1")


def arn(service: str, path: str, inputs: Properties) -> str:
    region = "" if service == "iam" else region_of(inputs)
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{path}"
