"""How a simulated cloud treats a type: what its contract alone says, for kinds to refine."""

from __future__ import annotations

import base64
import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from tests.cloud.cloud import Cloud, Live, Refused, arn, fresh
from tests.cloud.contracts import DATA, Contract, Properties, at, contracts, enumerations


@dataclass(frozen=True)
class Edge:
    """A property that must name something that exists; see `data/order.json`."""

    type: str
    property: str
    to: tuple[str, ...]
    by: tuple[str, ...]
    missing: str
    given: str | None = None
    holds: str | None = None
    same: tuple[str, ...] = ()
    why: str | None = None

    def covers(self, token: str) -> bool:
        return token == self.type or (self.type.endswith("*") and token.startswith(self.type[:-1]))

    def targets(self, cloud: Cloud, inputs: Properties, value: Any) -> list[Live]:
        """What the value names, among what exists."""
        return [
            live
            for token in self.to
            for live in cloud.all(token)
            if all(live.inputs.get(name) == inputs.get(name) for name in self.same)
            and value in names_of(cloud, live, self.by)
        ]


def names_of(cloud: Cloud, live: Live, by: tuple[str, ...]) -> list[Any]:
    known = {**live.inputs, **cloud.kind(live.type).outputs(cloud, live), "id": live.id}
    return [known[name] for name in by if known.get(name) is not None]


@functools.cache
def edges() -> tuple[Edge, ...]:
    listed = json.loads((DATA / "order.json").read_text())["edges"]
    return tuple(
        Edge(**{key: tuple(value) if isinstance(value, list) else value for key, value in edge.items()})
        for edge in listed
    )


def encoded(**parts: str) -> str:
    """An id as the Atlas provider keeps it: base64 of each key and value."""

    def part(text: str) -> str:
        return base64.b64encode(text.encode()).decode()

    return "-".join(f"{part(key)}:{part(value)}" for key, value in sorted(parts.items()))


class Kind:
    """The behaviour that follows from a contract alone. Refined by subclasses, never guessed beyond the contract."""

    already_exists = "AlreadyExists"
    unique: tuple[tuple[str, ...], ...] = ()
    """Sets of inputs of which no two living resources may have equal values."""
    defaults: ClassVar[Mapping[str, Any]] = {}
    """What the provider fills in where the program says nothing (and the schema's default says so)."""
    delete_before_replace = False
    id_length = 17
    id_prefix = ""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.token = contract.token

    # ---- before anything happens
    def problems(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        """(property, reason): what a provider whose Check was never recorded refuses in a preview. Values may be unknown."""
        return iter(())

    def rule(self, path: str, old: Properties, new: Properties) -> str:
        """`update`, `replace`, `planError`, `applyError` or `none` for a change at a path (without indices)."""
        found = self.contract.rule(path)
        if found == "replaceIfAlreadySet":
            return "replace" if old.get(path.split(".")[0]) else "update"
        return found

    # ---- creation
    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        if self.contract.package == "mongodbatlas":
            return self.identify_in_atlas(cloud, inputs)
        name = self.contract.autonamed or ("name" if "name" in self.contract.required else None)
        if name and inputs.get(name):
            return str(inputs[name])
        return f"{self.id_prefix or _short(self.token)}-{fresh(self.id_length)}"

    def identify_in_atlas(self, cloud: Cloud, inputs: Properties) -> str:
        scope = inputs.get("projectId") or inputs.get("orgId")
        return encoded(id=fresh(24), scope=str(scope)) if scope else fresh(24)

    def import_ids(self, live: Live) -> list[str]:
        """Other spellings of the id that `pulumi import` accepts."""
        return []

    def remember(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        """What the cloud makes up once, at creation."""
        return {"unique": fresh(24)}

    def refuse_create(self, cloud: Cloud, inputs: Properties) -> None:
        """Raise `Refused` where the cloud would."""
        self.refuse_values(inputs)
        for names in self.unique:
            wanted = {name: inputs.get(name) for name in names}
            if None not in wanted.values() and cloud.find(self.token, **wanted):
                raise Refused(f"{self.already_exists}: {_short(self.token)} {wanted} already exists")
        self.refuse_references(cloud, inputs)

    def refuse_values(self, inputs: Properties) -> None:
        """Raise `Refused` for a value that the provider lets pass and the service doesn't know."""
        for path, known in enumerations().get(self.token, {}).items():
            for value in at(inputs, path):
                if str(value) not in map(str, known):  # a program may write a number as text
                    raise Refused(f"InvalidParameterValue: {path} is one of {known}, not {value!r}")

    def refuse_references(self, cloud: Cloud, inputs: Properties) -> None:
        for edge in edges():
            if edge.covers(self.token):
                for value in at(inputs, edge.property):
                    _refuse_missing(cloud, edge, inputs, value)

    def created(self, cloud: Cloud, live: Live) -> None:
        """What else happens in the cloud once it exists or was updated."""

    # ---- life
    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        """The properties that the cloud adds. Called at every read: they may depend on what else exists."""
        made = {name: self._made_up(name, schema, live) for name, schema in self.contract.outputs.items()}
        if "tagsAll" in made:
            made["tagsAll"] = dict(live.inputs.get("tags") or {})
        return made

    def _made_up(self, name: str, schema: Any, live: Live) -> Any:
        if name == "arn" and self.contract.package == "aws":
            service = self.token.split(":")[1].split("/")[0]
            return arn(service, f"{_short(self.token)}/{live.id}", live.inputs)
        if isinstance(schema, list):
            return []
        if isinstance(schema, dict):
            return {}
        if schema == "string":
            return f"simulated-{name}-{live.extra.get('unique', '')[:8]}"
        return {"integer": 0, "number": 0, "boolean": False}.get(schema)

    def canonical(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """Inputs as the cloud tells them back."""
        return inputs

    def refuse_update(self, cloud: Cloud, live: Live, inputs: Properties) -> None:
        """Raise `Refused` where the cloud would."""
        self.refuse_values(inputs)
        self.refuse_references(cloud, inputs)

    def apply(self, cloud: Cloud, live: Live, inputs: dict[str, Any]) -> None:
        """Take over new inputs."""
        live.inputs = inputs

    # ---- the end
    def refuse_delete(self, cloud: Cloud, live: Live) -> None:
        """Raise `Refused` where the cloud would: something that exists still uses it."""
        for edge in edges():
            if edge.holds and live.type in edge.to:
                for user in list(cloud.everything()):
                    if edge.covers(user.type) and user is not live and self._uses(cloud, edge, user, live):
                        raise Refused(f"{edge.holds}: {live.id} is in use by {user.id}")

    def _uses(self, cloud: Cloud, edge: Edge, user: Live, live: Live) -> bool:
        return any(live in edge.targets(cloud, user.inputs, value) for value in at(user.inputs, edge.property))

    def deleted(self, cloud: Cloud, live: Live) -> None:
        """What else happens in the cloud once it is gone."""


def _refuse_missing(cloud: Cloud, edge: Edge, inputs: Properties, value: Any) -> None:
    found = edge.targets(cloud, inputs, value)
    if any(live.status in ("available", "unhealthy") for live in found):
        return
    if found:
        raise Refused(f"{edge.missing}: {value} is still {found[0].status}")
    issued = any((token, value) in cloud.gone for token in edge.to)
    if edge.given and not issued and re.search(edge.given, str(value)):
        return
    raise Refused(f"{edge.missing}: {edge.property} names {value}, which does not exist")


def _short(token: str) -> str:
    return token.rsplit(":", 1)[1].lower()


KINDS: dict[str, type[Kind]] = {}
AnyKind = TypeVar("AnyKind", bound=type[Kind])


def behaves(*tokens: str) -> Callable[[AnyKind], AnyKind]:
    """Class decorator: this is how the types behave."""

    def register(found: AnyKind) -> AnyKind:
        for token in tokens:
            assert token in contracts(), token
            KINDS[token] = found
        return found

    return register
