"""How a policy is declared: where it holds, its settings and its words in decorators, how it judges in the function below.

    @resource_policy("kms-enabled", KMS_KEY, severity="high", enforcement="always")
    @setting("longestDays", "Days between two rotations at most.", 366)
    @words(title="A key is enabled.", rationale="…", remedy="…", source="https://…")
    def enabled(key: Resource, settings: Settings) -> Iterator[str]: ...

A policy of a resource gets one resource of its types, and yields a sentence for each violation. A policy of the stack
gets the whole stack, and yields the resource that the sentence is about, too. Sentences never quote a value that may be
secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, Literal, TypedDict, TypeVar, Unpack

from .resources import Resource, Stack
from .tables import table

Tier = Literal["development", "staging", "production", "unstated"]
Level = Literal["mandatory", "advisory", "disabled"]
Severity = Literal["low", "medium", "high", "critical"]
Scanner = Literal["checkov", "prowler", "trivy", "security-hub", "config", "cfn-nag", "cdk-nag"]
Enforcement = Literal[
    "always", "beyond-development", "production", "from-staging", "from-staging-growing", "production-only",
    "advice", "advice-from-staging", "advice-in-production",
]  # fmt: skip
"""Where a policy holds; `ENFORCEMENT` says how it counts in each tier."""

TIERS: tuple[Tier, ...] = ("development", "staging", "production", "unstated")
"""`unstated` is what lies in no platform and whose pack is not told a tier: it is judged by production's measures, and
only what is wrong anywhere stops it."""


def _levels(development: Level, staging: Level, production: Level, unstated: Level = "advisory") -> Mapping[str, Level]:
    return dict(zip(TIERS, (development, staging, production, unstated), strict=True))


ENFORCEMENT: Mapping[Enforcement, Mapping[str, Level]] = {
    "always": _levels("mandatory", "mandatory", "mandatory", "mandatory"),
    "beyond-development": _levels("advisory", "mandatory", "mandatory"),
    "production": _levels("advisory", "advisory", "mandatory"),
    "from-staging": _levels("disabled", "mandatory", "mandatory"),
    "from-staging-growing": _levels("disabled", "advisory", "mandatory"),
    "production-only": _levels("disabled", "disabled", "mandatory"),
    "advice": _levels("advisory", "advisory", "advisory"),
    "advice-from-staging": _levels("disabled", "advisory", "advisory"),
    "advice-in-production": _levels("disabled", "disabled", "advisory"),
}

Value = float | str
JsonValue = str | list[str]


@dataclass(frozen=True)
class Setting:
    """What Pulumi's policy configuration may change about a policy."""

    description: str
    default: Value | Mapping[str, Value]
    """One value, or one for each tier."""
    choices: Sequence[str] = ()
    """The only values that it takes, where they are few."""

    def value(self, tier: str) -> Value:
        if isinstance(self.default, Mapping):
            return self.default.get(tier, self.default["production"])
        return self.default

    def schema(self) -> dict[str, JsonValue]:
        kind = "string" if isinstance(self.value("production"), str) else "number"
        choices: dict[str, JsonValue] = {"enum": list(self.choices)} if self.choices else {}
        return {"type": kind, "description": self.description, **choices}


@dataclass(frozen=True)
class Settings:
    """A policy's settings for one stack: what the configuration says, over the defaults."""

    values: Callable[[str, str], Value]
    """Name and tier → value."""

    def number(self, name: str, resource: Resource) -> float:
        return float(self.values(name, resource.tier))

    def text(self, name: str, resource: Resource) -> str:
        return str(self.values(name, resource.tier))


class Words(TypedDict):
    """What is said about a policy, in reports and in its reference."""

    title: str
    """What holds, as a sentence."""
    rationale: str
    """What happens otherwise."""
    remedy: str
    """What to write."""
    source: str
    """Where AWS, MongoDB or Pulumi say so: a URL."""


JudgeResource = Callable[[Resource, Settings], Iterator[str]]
JudgeStack = Callable[[Stack, Settings], Iterator[tuple[Resource, str]]]
Judge = TypeVar("Judge", JudgeResource, JudgeStack)


@dataclass(frozen=True)
class Policy:
    id: str
    title: str
    severity: Severity
    rationale: str
    remedy: str
    source: str
    enforcement: Enforcement = "always"
    settings: Mapping[str, Setting] = field(default_factory=dict[str, Setting])
    module: str = ""
    """The module that declares it, such as `atlas_backup`."""
    types: frozenset[str] = frozenset()
    """Of the resources that it judges; empty for a policy of the whole stack, and `*` for every resource."""
    on_resource: JudgeResource | None = None
    on_stack: JudgeStack | None = None

    @property
    def scanners(self) -> Mapping[Scanner, Sequence[str]]:
        """Scanner → its own checks that this policy stands for."""
        return table("scanners")["checks"].get(self.id, {})

    def level(self, tier: str) -> Level:
        return ENFORCEMENT[self.enforcement][tier]

    def levels(self) -> tuple[Level, ...]:
        """The levels at which it can be reported. An accepted violation, or one of another tier, is advice."""
        stops = "mandatory" in ENFORCEMENT[self.enforcement].values()
        return ("mandatory", "advisory") if stops else ("advisory",)


DECLARED: dict[str, Policy] = {}
"""By id, in the order of declaration; `framework.pack.registered` sees to it that they all are."""


@dataclass(frozen=True)
class Spoken(Generic[Judge]):
    """A function that judges, with what its decorators say of it so far."""

    judge: Judge
    words: Words
    settings: Mapping[str, Setting] = field(default_factory=dict[str, Setting])


def words(**said: Unpack[Words]) -> Callable[[Judge], Spoken[Judge]]:
    return lambda judge: Spoken(judge, said)


def setting(
    name: str, description: str, default: Value | Mapping[str, Value]
) -> Callable[[Spoken[Judge]], Spoken[Judge]]:
    return lambda policy: replace(policy, settings={name: Setting(description, default), **policy.settings})


def resource_policy(
    identifier: str, *types: str, severity: Severity, enforcement: Enforcement
) -> Callable[[Spoken[JudgeResource]], JudgeResource]:
    def declare(spoken: Spoken[JudgeResource]) -> JudgeResource:
        policy = _policy(identifier, spoken, severity, enforcement)
        DECLARED[identifier] = replace(policy, types=frozenset(types), on_resource=spoken.judge)
        return spoken.judge

    return declare


def stack_policy(
    identifier: str, *, severity: Severity, enforcement: Enforcement
) -> Callable[[Spoken[JudgeStack]], JudgeStack]:
    def declare(spoken: Spoken[JudgeStack]) -> JudgeStack:
        DECLARED[identifier] = replace(_policy(identifier, spoken, severity, enforcement), on_stack=spoken.judge)
        return spoken.judge

    return declare


def _policy(identifier: str, spoken: Spoken[Judge], severity: Severity, enforcement: Enforcement) -> Policy:
    if identifier in DECLARED:
        raise ValueError(f"two policies are called {identifier}")
    module = spoken.judge.__module__.rpartition(".")[2]
    return Policy(
        identifier, severity=severity, enforcement=enforcement, settings=spoken.settings, module=module, **spoken.words
    )
