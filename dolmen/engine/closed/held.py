"""Says which protections held, from what the warden reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dolmen.engine.closed.model import Held, Hold, Protection


def held(facts: Mapping[str, Any]) -> Held:
    """One entry for each protection."""
    if facts.get("platform") != "linux":
        return _elsewhere(str(facts.get("platform")))
    return {
        Protection.ENVIRONMENT: Hold(True, ("an empty environment",)),
        Protection.NETWORK: _network(facts),
        Protection.READING: _reading(facts),
        Protection.WRITING: _writing(facts),
        Protection.SYSTEM_CALLS: _all_of({"seccomp": facts["seccomp_why"]}),
        Protection.PROCESSES: _processes(facts),
        Protection.ENDING: _ending(facts),
        Protection.LIMITS: Hold(True, ("resource limits", *_numbers(facts), "the warden's count")),
    }


def _numbers(facts: Mapping[str, Any]) -> tuple[str, ...]:
    return ("the pid namespace's bound",) if facts.get("numbered") else ()


def _elsewhere(platform: str) -> Held:
    why = f"on {platform} there is neither Landlock nor seccomp nor a namespace"
    some = {
        Protection.ENVIRONMENT: Hold(True, ("an empty environment",)),
        Protection.LIMITS: Hold(False, ("resource limits",), "each process is bounded, not all of them together"),
        Protection.ENDING: Hold(False, ("a session of its own",), "what leaves the session stays"),
    }
    return {one: some.get(one, Hold(False, (), why)) for one in Protection}


def _all_of(missing: Mapping[str, str]) -> Hold:
    """Held if nothing says why it is missing."""
    by = tuple(name for name, why in missing.items() if not why)
    return Hold(len(by) == len(missing), by, "; ".join(why for why in missing.values() if why))


def _landlock(facts: Mapping[str, Any], least: int, lacking: str) -> dict[str, str]:
    version = facts["landlock"]
    why = facts["landlock_why"] or (lacking if version < least else "")
    return {f"Landlock {version}" if version else "Landlock": why}


def _namespace(facts: Mapping[str, Any], name: str) -> str:
    """Why a namespace is missing."""
    return "" if name in facts["namespaces"] else facts["namespaces_why"] or f"this system gave no {name} namespace"


def _network(facts: Mapping[str, Any]) -> Hold:
    network = () if _namespace(facts, "net") else ("a network namespace",)
    if not facts["seccomp_why"]:
        return Hold(True, ("seccomp", *network))
    if network:
        return Hold(False, network, f"Unix sockets of this machine can be reached: {facts['seccomp_why']}")
    tcp = ("Landlock's TCP rules",) if facts["landlock"] >= 4 else ()
    return Hold(False, tcp, facts["seccomp_why"])


def _reading(facts: Mapping[str, Any]) -> Hold:
    return _all_of(_landlock(facts, 1, ""))


def _writing(facts: Mapping[str, Any]) -> Hold:
    landlock = _all_of(_landlock(facts, 3, "Landlock 1 and 2 can't keep a file from being emptied"))
    if facts.get("read_only"):
        return Hold(True, ("read-only mounts", *landlock.by))
    if landlock.held and facts["seccomp_why"]:
        return Hold(False, landlock.by, f"modes, owners and times can be changed: {facts['seccomp_why']}")
    return Hold(landlock.held, (*landlock.by, *(() if facts["seccomp_why"] else ("seccomp",))), landlock.why_not)


def _processes(facts: Mapping[str, Any]) -> Hold:
    if "pid" in facts["namespaces"]:
        return Hold(True, ("a pid namespace",))
    landlock = _all_of(_landlock(facts, 6, "signals are scoped since Landlock 6"))
    if landlock.held:
        return landlock
    spared = ("seccomp, for the judge and the warden",) if not facts["seccomp_why"] else ()
    return Hold(False, spared, f"other processes of this user can be signalled: {landlock.why_not}")


def _ending(facts: Mapping[str, Any]) -> Hold:
    if "pid" in facts["namespaces"]:
        return Hold(True, ("a pid namespace",))
    if facts["landlock"] >= 6 or not facts["seccomp_why"]:
        return Hold(True, ("the warden, to whom all orphans fall",))
    return Hold(False, ("the warden, to whom all orphans fall",), "the warden itself can be killed from inside")
