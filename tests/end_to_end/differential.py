"""Two views of one program, brought to one shape and compared: the offline plan, and the real engine's own preview.

The real engine's view comes from three places, all of one `pulumi preview`:

- the requests that it sends to the providers (`Check`): the inputs as the program registered them, after transforms,
  with secrets marked. Custom resources.
- `--save-plan`: the goal of each resource. The inputs of components and providers, aliases, delete-before-replace.
- `--json`: each step's new state. Everything else.

So nothing here reads what the program sent; it is what the engine made of it.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dolmen.engine.plan import Asset, Placeholder, Plan, Reference, Resource, Secret, Unknown
from tests.cloud.wire import SECRET, SIGNATURE, UNKNOWN
from tests.end_to_end.engine import Engine

RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
ASSET = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"

NOT_COMPARED: Mapping[str, str] = {
    "values of secrets": "a plan holds none; which are equal to which is compared, and whether they are known",
    "values that a program makes of encrypted config outside of a secret": "a plan has no key: a placeholder stands there",
    "default providers": "the engine makes them itself, they are no part of the program; who uses which is compared",
    "version, plugin download URL": "the engine folds them into the provider that a resource uses, which is compared",
    "resource hooks": "callbacks into the program: neither the saved plan nor the steps of the CLI tell of them",
    "aliases that a parent passes on": "the engine works them out while it looks for an old state; a first preview has none",
    "lookups that fail": "the program ends there in both views, with messages of their own",
    "source positions": "the engine reports the SDK's innermost frame, the plan that of the user's own sources",
    "names made up by providers": "random, though known in a preview: taken as unknown, which the plan says",
    "defaults that a provider fills in": "known in a preview (an AWS resource's region, a description), unknown in a plan; "
    "the programs here use none of them further",
    "what a resource holds that `get` reads": "only the cloud knows: taken as unknown; its id, parent, provider and "
    "whoever depends on it are compared",
}
"""What cannot be compared, and why: nothing is left out in silence."""


@dataclass(frozen=True)
class Facts:
    """One resource, in the shape that both views are brought to."""

    urn: str
    inputs: Mapping[str, Any] | None
    parent: str | None
    custom: bool
    read: bool
    id: str | None
    """Of a resource that is read or imported."""
    provider: str | None
    protect: bool
    retain_on_delete: bool
    delete_before_replace: bool | None
    dependencies: frozenset[str]
    property_dependencies: Mapping[str, frozenset[str]]
    ignore_changes: tuple[str, ...]
    replace_on_changes: tuple[str, ...]
    hide_diffs: tuple[str, ...]
    additional_secret_outputs: frozenset[str]
    aliases: frozenset[str]
    custom_timeouts: Mapping[str, float]
    deleted_with: str | None
    replace_with: frozenset[str]
    outputs: Mapping[str, Any] | None = None
    """What a component, or the stack, registered."""


@dataclass
class View:
    facts: dict[str, Facts] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    """Place of each known secret → something that is equal exactly where the secrets are equal."""
    made_up: frozenset[str] = frozenset()
    """What only clouds and providers can say, though a preview knows it: as good as unknown to a plan. Names that a
    provider made up (others the next time), and what a resource that is only read turned out to hold."""
    encrypted: frozenset[str] = frozenset()
    """Secrets of the stack file, in clear: a plan without the key has something else in their place."""


# ---- the real engine's view


def real_view(engine: Engine, folder: Path, encrypted: Collection[str] = ()) -> View:
    """Run a preview and gather what the engine says about it. `encrypted`: the stack file's secrets in clear."""
    saved = folder / "goals.json"
    engine.recording.checked.clear()
    engine.recording.invoked.clear()
    steps = engine.preview("--json", "--show-secrets", "--save-plan", str(saved)).json()["steps"]
    goals = {urn: entry for urn, entry in json.loads(saved.read_text())["resourcePlans"].items() if entry.get("goal")}
    given = {checked.urn: checked.inputs for checked in engine.recording.checked}
    reads = [step["urn"] for step in steps if step["newState"].get("external")]
    told = {text for urn in reads for text in _texts(engine.recording.told.get(urn))}
    view = View(made_up=frozenset({*engine.recording.made_up, *told}), encrypted=frozenset(encrypted))
    for step in steps:
        state = step["newState"]
        urn = state["urn"]
        if not _default_provider(urn):
            goal = goals.get(urn, {})
            view.facts[urn] = _real_facts(view, state, goal, given.get(urn))
    return view


def _real_facts(
    view: View, state: Mapping[str, Any], entry: Mapping[str, Any], given: Mapping[str, Any] | None
) -> Facts:
    urn, goal = str(state["urn"]), entry.get("goal", {})
    if given is None:
        given = goal.get("inputDiff", {}).get("adds", {})
    if _is_provider(urn):
        given = {name: value for name, value in given.items() if name not in ("version", "__internal")}
    outputs = None if state["custom"] else entry.get("state") or {}
    return Facts(
        urn=urn,
        inputs=None if state.get("external") else _real_value(view, f"{urn} inputs", dict(given)),
        parent=state.get("parent") or None,
        custom=bool(state["custom"]),
        read=bool(state.get("external")),
        id=(state.get("importID") or state.get("id")) if state.get("external") or state.get("importID") else None,
        provider=_real_provider(state.get("provider")),
        protect=bool(state.get("protect")),
        retain_on_delete=bool(state.get("retainOnDelete")),
        delete_before_replace=goal.get("deleteBeforeReplace"),
        dependencies=frozenset(state.get("dependencies", ())),
        property_dependencies=_sets(state.get("propertyDependencies") or {}),
        ignore_changes=tuple(state.get("ignoreChanges", ())),
        replace_on_changes=tuple(state.get("replaceOnChanges", ())),
        hide_diffs=tuple(state.get("hideDiff", ())),
        additional_secret_outputs=frozenset(state.get("additionalSecretOutputs", ())),
        aliases=frozenset(_real_aliases(goal, state)),
        custom_timeouts={name: float(value) for name, value in (state.get("customTimeouts") or {}).items() if value},
        deleted_with=state.get("deletedWith") or None,
        replace_with=frozenset(state.get("replaceWith", ())),
        outputs=None if outputs is None else _real_value(view, f"{urn} outputs", outputs),
    )


def _is_provider(urn: str) -> bool:
    return urn.split("::")[2].split("$")[-1].startswith("pulumi:providers:")


def _default_provider(urn: str) -> bool:
    return _is_provider(urn) and re.match(r"default(_|$)", urn.split("::")[3]) is not None


def _real_provider(reference: str | None) -> str | None:
    """`default:<package>@<version>`, or an explicit provider's URN."""
    if not reference:
        return None
    urn = reference.rsplit("::", 1)[0]
    if not _default_provider(urn):
        return urn
    package = urn.split("::")[2].split(":")[-1]
    version = urn.split("::")[3].removeprefix("default").removeprefix("_").replace("_", ".")
    return f"default:{package}@{version}" if version else f"default:{package}"


def _real_aliases(goal: Mapping[str, Any], state: Mapping[str, Any]) -> Iterator[str]:
    """The URNs that a goal's aliases stand for, by Pulumi's own rule for a URN."""
    yield from goal.get("aliases") or ()
    stack, project = str(state["urn"]).split("::")[0].split(":")[2], str(state["urn"]).split("::")[1]
    for alias in goal.get("structuredAliases") or ():
        if alias["URN"]:
            yield alias["URN"]
            continue
        parent = "" if alias["NoParent"] else alias["Parent"] or state.get("parent", "")
        outer = parent.split("::")[2] if parent else ""
        outer = "" if outer == "pulumi:pulumi:Stack" else outer
        kind = alias["Type"] or state["type"]
        yield "::".join(
            [
                f"urn:pulumi:{alias['Stack'] or stack}",
                alias["Project"] or project,
                f"{outer}${kind}" if outer else kind,
                alias["Name"] or state["urn"].split("::", 3)[3],
            ]
        )


def _real_value(view: View, place: str, value: Any) -> Any:
    """The common shape of a value, in either of the two JSON forms in which the engine writes it."""
    if _is_unknown(view, value):
        return "<unknown>"
    if isinstance(value, str) and any(secret in value for secret in view.encrypted):
        return "<encrypted>"
    if isinstance(value, list):
        return [_real_value(view, f"{place}[{index}]", entry) for index, entry in enumerate(value)]
    if not isinstance(value, dict):
        return value
    kind = value.get(SIGNATURE)
    if kind == SECRET:
        inner = json.loads(value["plaintext"]) if "plaintext" in value else value.get("value")
        if _holds_unknown(view, inner):
            return "<secret, unknown>"
        view.secrets[place] = json.dumps(_bare(inner), sort_keys=True)
        return "<secret>"
    if kind == RESOURCE:
        return f"<reference {value['urn']}>"
    if kind in (ASSET, ARCHIVE):
        return _real_asset(value, kind)
    return {
        key: _real_value(view, f"{place}.{key}", entry)
        for key, entry in value.items()
        if entry is not None and not key.startswith("__defaults")
    }


def _real_asset(value: Mapping[str, Any], kind: str) -> str:
    noun = "asset" if kind == ASSET else "archive"
    for called, name in (("string", "text"), ("file", "path")):
        if value.get(name):
            return f"<{called} {noun} {value['hash']}>"
    if value.get("uri"):
        return f"<remote {noun} {value['uri']}>"
    return f"<{noun} of assets {value['hash']}>"


def _texts(value: Any) -> Iterator[str]:
    """The texts in a value that are long enough to be recognised elsewhere."""
    if isinstance(value, dict):
        for entry in value.values():
            yield from _texts(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry)
    elif isinstance(value, str) and len(value) > 8:
        yield value


def _is_unknown(view: View, value: Any) -> bool:
    return isinstance(value, str) and (value == UNKNOWN or any(name in value for name in view.made_up))


def _holds_unknown(view: View, value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_unknown(view, entry) for entry in value.values())
    if isinstance(value, list):
        return any(_holds_unknown(view, entry) for entry in value)
    return _is_unknown(view, value)


def _bare(value: Any) -> Any:
    """A value without secret markers."""
    if isinstance(value, dict) and value.get(SIGNATURE) == SECRET:
        return _bare(json.loads(value["plaintext"]) if "plaintext" in value else value.get("value"))
    if isinstance(value, dict):
        return {key: _bare(entry) for key, entry in value.items()}
    return [_bare(entry) for entry in value] if isinstance(value, list) else value


def _sets(found: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(urns) for name, urns in found.items() if urns}


# ---- the offline plan's view


def offline_view(plan: Plan) -> View:
    view = View()
    for resource in plan.resources:
        view.facts[resource.urn] = _offline_facts(view, resource)
    return view


def _offline_facts(view: View, resource: Resource) -> Facts:
    options, urn = resource.options, resource.urn
    outputs = None if resource.custom else dict(resource.outputs or {})
    return Facts(
        urn=urn,
        inputs=None if resource.read else _offline_value(view, f"{urn} inputs", dict(resource.inputs)),
        parent=resource.parent,
        custom=resource.custom,
        read=resource.read,
        id=resource.id if resource.read else options.import_id or None,
        provider=_offline_provider(options.provider) if resource.custom else None,
        protect=bool(options.protect),
        retain_on_delete=bool(options.retain_on_delete),
        delete_before_replace=options.delete_before_replace,
        dependencies=frozenset(resource.dependencies),
        property_dependencies=_sets(resource.property_dependencies),
        ignore_changes=tuple(options.ignore_changes),
        replace_on_changes=tuple(options.replace_on_changes),
        hide_diffs=tuple(options.hide_diffs),
        additional_secret_outputs=frozenset(options.additional_secret_outputs),
        aliases=frozenset(options.aliases),
        custom_timeouts={name: go_seconds(text) for name, text in options.custom_timeouts.items() if text},
        deleted_with=options.deleted_with,
        replace_with=frozenset(options.replace_with),
        outputs=None if outputs is None else _offline_value(view, f"{urn} outputs", outputs),
    )


def _offline_provider(reference: str | None) -> str | None:
    if not reference or reference.startswith("default:"):
        return reference
    return reference.rsplit("::", 1)[0]


def go_seconds(text: str) -> float:
    """A Go duration (`1h30m`, `1.5s`) in seconds."""
    units = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
    return sum(float(number) * units[unit] for number, unit in re.findall(r"([\d.]+)(ms|us|µs|ns|h|m|s)", text))


def _offline_value(view: View, place: str, value: Any) -> Any:
    if isinstance(value, Unknown):
        return "<unknown>"
    if isinstance(value, Secret):
        if value.fingerprint is None:
            return "<secret, unknown>"
        view.secrets[place] = value.fingerprint
        return "<secret>"
    if "‹secret " in str(value) and isinstance(value, str | Placeholder):
        return "<encrypted>"
    if isinstance(value, Placeholder):
        return f"<placeholder {value.label}>"
    if isinstance(value, Reference):
        return f"<reference {value.urn}>"
    if isinstance(value, Asset):
        return f"<{value.kind} {value.fingerprint or value.source}>"
    if isinstance(value, Mapping):
        return {key: _offline_value(view, f"{place}.{key}", entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list | tuple):
        return [_offline_value(view, f"{place}[{index}]", entry) for index, entry in enumerate(value)]
    return value


# ---- the comparison


def differences(real: View, offline: View) -> list[str]:
    """What the two views disagree on, a line each; none when the plan is true."""
    found = [f"{urn}: only the engine has it" for urn in real.facts.keys() - offline.facts.keys()]
    found += [f"{urn}: only the plan has it" for urn in offline.facts.keys() - real.facts.keys()]
    for urn in real.facts.keys() & offline.facts.keys():
        ours, theirs = offline.facts[urn], real.facts[urn]
        for name in Facts.__dataclass_fields__:
            found += [f"{urn}: {line}" for line in _unequal(name, getattr(theirs, name), getattr(ours, name))]
    return sorted([*found, *_unequal_secrets(real, offline)])


def _unequal(path: str, real: Any, offline: Any) -> Iterator[str]:
    """A line for each leaf on which two facts disagree."""
    if isinstance(real, Mapping) and isinstance(offline, Mapping):
        for key in sorted(real.keys() | offline.keys()):
            yield from _unequal(f"{path}.{key}", real.get(key, "<nothing>"), offline.get(key, "<nothing>"))
    elif isinstance(real, list) and isinstance(offline, list) and len(real) == len(offline):
        for index, (one, other) in enumerate(zip(real, offline, strict=True)):
            yield from _unequal(f"{path}[{index}]", one, other)
    elif real != offline or isinstance(real, bool) != isinstance(offline, bool):
        yield f"{path}: the engine has {real!r}, the plan {offline!r}"


def _unequal_secrets(real: View, offline: View) -> Iterator[str]:
    """Where two secrets are equal in one view they must be equal in the other."""
    places = real.secrets.keys() & offline.secrets.keys()
    for one, other, name in ((real, offline, "engine"), (offline, real, "plan")):
        classes: dict[str, set[str]] = defaultdict(set)
        for place in places:
            classes[one.secrets[place]].add(other.secrets[place])
        for members in classes.values():
            if len(members) > 1:
                where = sorted(place for place in places if other.secrets[place] in members)
                yield f"{', '.join(where)}: equal secrets in the {name}, and not in the other view"


def lookups(engine: Engine) -> dict[str, Any]:
    """What the simulated clouds answered, in the form of the plan's lookups file."""
    answers: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for token, arguments, result in engine.recording.invoked:
        wanted = {name: value for name, value in arguments.items() if isinstance(value, str | int | bool | list)}
        answers[token].append({"arguments": wanted, "result": dict(result)})
    return dict(answers)
