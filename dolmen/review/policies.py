"""Runs a project's CrossGuard policy pack on what its program registers, without CLI or server.

The pack is found by convention, `policies/PulumiPolicy.yaml` in the project's folder, and is any pack in Python: it is
started as the engine starts it, and its policies get what the engine would hand them. It runs in the evaluating
process, because it sees secrets; what comes back holds none beyond what the pack itself writes into a message.

Two conventions, which Dolmen's own pack follows and others may: a policy's tag `policy:<id>` is the finding's id where
the policy's own name is not, and a policy with the tag `not-judged` reports what is not known yet. A message that ends
with `[accepted until <day>: <reason>]` is a violation that is accepted on record.

What a policy may change (a remediation) is not shown in the plan; its validations see it.
"""

from __future__ import annotations

import contextlib
import json
import re
import runpy
import sys
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from inspect import isawaitable
from pathlib import Path
from typing import Any

import yaml

from dolmen.engine.observing import Observation
from dolmen.engine.registration import Registration
from dolmen.review.report.findings import AcceptanceNote, Enforcement, Finding, FindingKind, Severity

OBSERVER = "dolmen.review.policies:observe"
"""For `evaluate(…, observers={NAME: OBSERVER})`; the plan then carries a `PolicyReport` in `findings[NAME]`."""
NAME = "policies"
FOLDER = "policies"
CONFIGURATION = "policy-config.json"
"""Pulumi's own policy configuration (`--policy-pack-config`), read where it lies in the pack's folder."""

_SILENT = {"observer", "not-judged"}
"""Tags of policies that break nothing."""

TAGS = {"dolmen:plan": "offline"}
"""Stack tags that policies see: by them a pack can tell that lookups and secret configuration are placeholders."""

_ACCEPTED = re.compile(r"(.*) \[accepted until (\d{4}-\d{2}-\d{2}): (.*)\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class NotJudged:
    """What a policy could not judge, because a value is known only after the deployment."""

    policy: str
    urn: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class PolicyReport:
    pack: str = ""
    policies: int = 0
    """How many policies were looked at; those that carry the same `policy:` tag are one."""
    findings: tuple[Finding, ...] = ()
    not_judged: tuple[NotJudged, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    name: str
    policies: tuple[Any, ...]
    levels: Mapping[str, Any]
    """Policy → `EnforcementLevel`, after configuration."""
    config: Mapping[str, Mapping[str, Any]]
    """Policy → its settings."""


def observe(observation: Observation) -> PolicyReport:
    """The observer: judges a stack by the pack in its project, if there is one."""
    folder = observation.folder / FOLDER
    if observation.failed or not (folder / "PulumiPolicy.yaml").is_file():
        return PolicyReport()  # half a program breaks policies that the whole one keeps
    try:
        with contextlib.chdir(observation.folder):  # where the engine starts a pack
            return judge(load(folder), observation)
    except Exception as error:
        last = "".join(traceback.format_exception(error, limit=-2))
        return PolicyReport(findings=(_failed(f"The policy pack in {FOLDER}/ could not be run.\n{last}"),))


def reports(findings: Mapping[str, Any]) -> PolicyReport:
    """A plan's report, from its `findings`; an empty one where no pack was run."""
    found = findings.get(NAME)
    return found if isinstance(found, PolicyReport) else PolicyReport()


# ---- the pack


def load(folder: Path) -> Pack:
    """Starts a pack as the engine does, and takes what it would have served."""
    import pulumi_policy

    project: Any = yaml.safe_load((folder / "PulumiPolicy.yaml").read_text(encoding="utf-8")) or {}
    runtime = project.get("runtime", "python")
    runtime = runtime.get("name") if isinstance(runtime, Mapping) else runtime
    if runtime != "python":
        raise ValueError(f"Only packs in Python are run here, and this one is in {runtime}.")
    taken: list[tuple[str, list[Any], Any, Any]] = []

    def take(
        self: Any,
        name: str,
        policies: list[Any],
        enforcement_level: Any = None,
        initial_config: Any = None,
        **kwargs: Any,
    ) -> None:
        del self, kwargs
        taken.append((name, policies, enforcement_level, initial_config))

    serve = pulumi_policy.PolicyPack.__init__
    _forget_modules_named_as_in(folder)
    sys.path.insert(0, str(folder))
    pulumi_policy.PolicyPack.__init__ = take  # pyright: ignore[reportAttributeAccessIssue]  (takes fewer on purpose)
    try:
        main = folder / str(project.get("main") or "")
        runpy.run_path(str(main if main.is_file() else main / "__main__.py"), run_name="__main__")
    finally:
        pulumi_policy.PolicyPack.__init__ = serve
        sys.path.remove(str(folder))
    if not taken:
        raise ValueError("It makes no PolicyPack.")
    name, policies, level, initial = taken[0]
    usual = level or pulumi_policy.EnforcementLevel.ADVISORY
    configured = [initial or {}, _configuration(folder)]
    levels, config = _configured(policies, usual, configured)
    return Pack(name, tuple(policies), levels, config)


def _forget_modules_named_as_in(folder: Path) -> None:
    """The program may have modules of the same names as the pack; it has ended, and the pack must find its own."""
    names = {path.stem for path in folder.iterdir() if path.suffix == ".py" or path.is_dir()}
    for module in [one for one in sys.modules if one.partition(".")[0] in names and one != "__main__"]:
        file = getattr(sys.modules[module], "__file__", None)
        if file is None or not Path(file).is_relative_to(folder):
            del sys.modules[module]


def _configuration(folder: Path) -> Mapping[str, Any]:
    path = folder / CONFIGURATION
    given: Any = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if not isinstance(given, Mapping):
        raise TypeError(f"{path.name} holds an object.")
    return given


def _configured(
    policies: Iterable[Any], usual: Any, layers: Iterable[Mapping[str, Any]]
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """As the engine reconciles it: `all`, then a policy's own entry, each a level or an object."""
    levels: dict[str, Any] = {}
    config: dict[str, dict[str, Any]] = {}
    given = list(layers)
    for policy in policies:
        levels[policy.name] = policy.enforcement_level or usual
        config[policy.name] = {}
        for layer in given:
            for entry in (layer.get("all"), layer.get(policy.name)):
                if isinstance(entry, Mapping):
                    config[policy.name] |= {key: value for key, value in entry.items() if key != "enforcementLevel"}
                level = entry.get("enforcementLevel") if isinstance(entry, Mapping) else entry
                if level is not None:
                    levels[policy.name] = _level(level)
    return levels, config


def _level(given: Any) -> Any:
    from pulumi_policy import EnforcementLevel

    return given if isinstance(given, EnforcementLevel) else EnforcementLevel(str(given))


# ---- judging


@dataclass(slots=True)
class _Judgement:
    pack: Pack
    registrations: Mapping[str, Registration]
    findings: list[Finding] = field(default_factory=list[Finding])
    not_judged: list[NotJudged] = field(default_factory=list[NotJudged])

    def reporter(self, policy: Any, level: Any, urn: str | None) -> Any:
        def report(message: str, about: str | None = None) -> None:
            self.take(policy, level, message or "", urn or about or None)

        return report

    def take(self, policy: Any, level: Any, message: str, urn: str | None) -> None:
        tags: list[str] = policy.tags or []
        if "not-judged" in tags:
            self.not_judged.append(NotJudged(policy.name, urn, message))
            return
        registration = self.registrations.get(urn or "")
        accepted = _ACCEPTED.fullmatch(message)
        self.findings.append(
            Finding(
                id=_policy_of(policy),
                title=policy.display_name or policy.description,
                message=accepted[1] if accepted else message or policy.description,
                severity=Severity(policy.severity.value) if policy.severity else Severity.MEDIUM,
                enforcement=Enforcement.ADVISORY if level.value == "advisory" else Enforcement.MANDATORY,
                urn=urn,
                remedy=policy.remediation_steps or "",
                source=policy.url or "",
                position=registration.frames[0] if registration and registration.frames else None,
                acceptance=AcceptanceNote(accepted[3], accepted[2]) if accepted else None,
            )
        )


def _policy_of(policy: Any) -> str:
    tags: list[str] = policy.tags or []
    return next((tag.removeprefix("policy:") for tag in tags if tag.startswith("policy:")), policy.name)


def judge(pack: Pack, observation: Observation) -> PolicyReport:
    """What the pack says about a stack, in the engine's order: each resource when it is registered, then all."""
    from pulumi_policy import ResourceValidationPolicy, StackValidationPolicy

    judgement = _Judgement(pack, observation.registrations)
    shown = _Shown(observation)
    run = [policy for policy in pack.policies if pack.levels[policy.name].value != "disabled"]
    of_resources = [policy for policy in run if isinstance(policy, ResourceValidationPolicy)]
    for registration in observation.registrations.values():
        if not registration.read:
            _judge_resource(judgement, of_resources, shown, registration)
    resources = shown.stack()
    for policy in run:
        if isinstance(policy, StackValidationPolicy):
            _validate(judgement, policy, shown.stack_args(resources, pack.config[policy.name]), None)
    return PolicyReport(
        pack=pack.name,
        policies=len({_policy_of(policy) for policy in run if not _SILENT & {*(policy.tags or [])}}),
        findings=tuple(dict.fromkeys(judgement.findings)),
        not_judged=tuple(dict.fromkeys(judgement.not_judged)),
    )


def _judge_resource(judgement: _Judgement, policies: Iterable[Any], shown: _Shown, registration: Registration) -> None:
    from pulumi_policy.proxy import UnknownValueError

    levels, config = judgement.pack.levels, judgement.pack.config
    changed = None
    for policy in policies:
        if levels[policy.name].value == "remediate" and policy.has_remediation():
            args = shown.resource_args(registration, config[policy.name], shown.secret_props(registration))
            try:
                changed = _awaited(policy.remediate(args)) or changed
            except UnknownValueError as error:
                judgement.not_judged.append(NotJudged(policy.name, registration.urn, error.message))
            except Exception as error:
                if not _not_applicable(error):
                    judgement.findings.append(_failed(f"The policy {policy.name} failed: {error}", registration.urn))
    props = shown.props(registration) if changed is None else changed
    for policy in policies:
        if policy.has_validation():  # a remediation alone judges nothing
            args = shown.resource_args(registration, config[policy.name], props)
            _validate(judgement, policy, args, registration.urn)


def _validate(judgement: _Judgement, policy: Any, args: Any, urn: str | None) -> None:
    from pulumi_policy.proxy import UnknownValueError

    try:
        level = judgement.pack.levels[policy.name]
        _awaited(policy.validate(args, judgement.reporter(policy, level, urn)))
    except UnknownValueError as error:
        judgement.not_judged.append(NotJudged(policy.name, urn, error.message))
    except Exception as error:
        if not _not_applicable(error):
            judgement.findings.append(_failed(f"The policy {policy.name} failed: {type(error).__name__}.", urn))


def _awaited(result: Any) -> Any:
    if result is None or not isawaitable(result):
        return result
    import asyncio

    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(asyncio.ensure_future(result, loop=loop))
    finally:
        loop.close()


def _not_applicable(error: Exception) -> bool:
    return type(error).__name__ == "_NotApplicableError"


def _failed(message: str, urn: str | None = None) -> Finding:
    return Finding(
        id="policy-pack",
        title="The policy pack could not judge this environment.",
        message=message,
        severity=Severity.HIGH,
        enforcement=Enforcement.MANDATORY,
        kind=FindingKind.PROGRAM,
        urn=urn,
    )


# ---- what the engine shows to a policy


class _Shown:
    """Registrations in the form that policies get them."""

    def __init__(self, observation: Observation) -> None:
        from pulumi_policy import ResourceValidationArgs

        self._args = ResourceValidationArgs
        self._observation = observation
        self._options: dict[str, Any] = {}
        self._providers: dict[str, Any] = {}

    def props(self, registration: Registration) -> Any:
        from pulumi_policy.deserialize import deserialize_properties
        from pulumi_policy.proxy import unknown_checking_proxy

        return unknown_checking_proxy(deserialize_properties(properties(registration.goal.object)))

    def secret_props(self, registration: Registration) -> Any:
        """As a remediation gets them: with secrets marked."""
        from pulumi_policy.deserialize import deserialize_properties
        from pulumi_policy.proxy import unknown_checking_proxy

        return unknown_checking_proxy(deserialize_properties(properties(registration.goal.object), True))

    def resource_args(self, registration: Registration, config: Mapping[str, Any], props: Any) -> Any:
        return self._args(
            registration.goal.type,
            props,
            registration.urn,
            registration.goal.name,
            self._options_of(registration),
            self._provider(registration),
            dict(config),
            TAGS,
        )

    def stack(self) -> list[Any]:
        from pulumi_policy import PolicyResource
        from pulumi_policy.deserialize import deserialize_properties
        from pulumi_policy.proxy import unknown_checking_proxy

        resources = {
            registration.urn: PolicyResource(
                registration.goal.type,
                unknown_checking_proxy(deserialize_properties(properties(registration.state))),
                registration.urn,
                registration.goal.name,
                self._options_of(registration),
                self._provider(registration),
                None,
                [],
                {},
            )
            for registration in self._observation.registrations.values()
        }
        for registration in self._observation.registrations.values():
            resource = resources[registration.urn]
            resource.parent = resources.get(registration.parent)
            resource.dependencies = [resources[urn] for urn in sorted(registration.dependencies) if urn in resources]
            resource.property_dependencies = {
                key: [resources[urn] for urn in sorted(urns) if urn in resources]
                for key, urns in registration.property_dependencies.items()
            }
        return list(resources.values())

    def stack_args(self, resources: list[Any], config: Mapping[str, Any]) -> Any:
        from pulumi_policy import StackValidationArgs

        return StackValidationArgs(resources, dict(config), TAGS)

    def _options_of(self, registration: Registration) -> Any:
        if registration.urn not in self._options:
            self._options[registration.urn] = _options(registration)
        return self._options[registration.urn]

    def _provider(self, registration: Registration) -> Any:
        reference = registration.options.provider
        if reference is None:
            return None
        if reference not in self._providers:
            self._providers[reference] = self._make_provider(reference)
        return self._providers[reference]

    def _make_provider(self, reference: str) -> Any:
        from pulumi_policy import PolicyProviderResource
        from pulumi_policy.deserialize import deserialize_properties
        from pulumi_policy.proxy import unknown_checking_proxy

        if reference.startswith("default:"):
            package, _, version = reference.removeprefix("default:").partition("@")
            given: dict[str, Any] = {
                key.partition(":")[2]: value
                for key, value in self._observation.config.items()
                if key.startswith(f"{package}:")
            }
            name = f"default_{version.replace('.', '_')}"
            kind = f"pulumi:providers:{package}"
            urn = f"urn:pulumi:{self._observation.stack}::{self._observation.project}::{kind}::{name}"
            return PolicyProviderResource(kind, unknown_checking_proxy({**given, "version": version}), urn, name)
        registration = self._observation.registrations.get(reference.rpartition("::")[0])
        if registration is None:
            return None
        props = unknown_checking_proxy(deserialize_properties(properties(registration.goal.object)))
        return PolicyProviderResource(registration.goal.type, props, registration.urn, registration.goal.name)


def _options(registration: Registration) -> Any:
    """Without aliases: the engine hands analyzers none."""
    from pulumi_policy import PolicyCustomTimeouts, PolicyResourceOptions

    options = registration.options
    times = options.custom_timeouts
    return PolicyResourceOptions(
        bool(options.protect),
        list(options.ignore_changes),
        options.delete_before_replace,
        [],
        PolicyCustomTimeouts(*(_seconds(times.get(name, "")) for name in ("create", "update", "delete"))),
        list(options.additional_secret_outputs),
        registration.parent or None,
    )


def _seconds(duration: str) -> float:
    units = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
    return sum(float(number) * units[unit] for number, unit in re.findall(r"([\d.]+)(ms|h|m|s)", duration))


def properties(struct: Any) -> dict[str, Any]:
    """Properties as the engine marshals them for an analyzer: secrets marked, unknowns as their sentinel, references as
    ids, output values as what they hold, and no internal properties."""
    return {key: _plain(struct.fields[key]) for key in struct.fields if not key.startswith("__")}


def _plain(value: Any) -> Any:
    from dolmen.engine import values

    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        signature = values.signature(value)
        if signature == values.RESOURCE:
            return _reference(fields)
        if signature == values.OUTPUT:
            inner = _plain(fields["value"]) if "value" in fields else values.UNKNOWN
            secret = "secret" in fields and fields["secret"].bool_value
            return {values.SIGNATURE: values.SECRET, "value": inner} if secret else inner
        return {key: _plain(fields[key]) for key in fields}
    if kind == "list_value":
        return [_plain(item) for item in value.list_value.values]
    if kind == "number_value":
        return value.number_value
    if kind == "bool_value":
        return value.bool_value
    return value.string_value if kind == "string_value" else None


def _reference(fields: Any) -> Any:
    from dolmen.engine import values

    if "id" not in fields:
        return fields["urn"].string_value
    return fields["id"].string_value or values.UNKNOWN
