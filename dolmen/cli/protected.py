"""Tries which protections hold on this machine, and says what would make the others hold.

Sources: Landlock's versions, https://docs.kernel.org/userspace-api/landlock.html (files since Linux 5.13, truncation
since 6.2, signals since 6.12); namespaces of ordinary users on Ubuntu,
https://documentation.ubuntu.com/security/security-features/privilege-restriction/apparmor/ (2026-11-30).
"""

from __future__ import annotations

import sys

from dolmen.cli.machine import Condition, State
from dolmen.engine.closed.model import Closing, Held, Hold, Protection
from dolmen.engine.closed.reading import own_interpreter
from dolmen.engine.closed.start import NotStartedError, Starting

_NOTHING = "builtins:int"
"""What runs inside while the protections are looked at: it comes back at once."""
_LINUX = "Review changes that you do not trust on Linux: there the kernel closes their programs in."
_SECCOMP = "Install libseccomp (Debian and Ubuntu: `apt-get install libseccomp2`)."
_NAMESPACES = (
    "let this user make namespaces (Ubuntu: `sysctl kernel.apparmor_restrict_unprivileged_userns=0`; "
    "Docker: a seccomp profile that allows `unshare`)"
)
_REMEDIES = {
    Protection.NETWORK: _SECCOMP,
    Protection.SYSTEM_CALLS: _SECCOMP,
    Protection.READING: "Use Linux 5.13 or later, with `landlock` in /sys/kernel/security/lsm.",
    Protection.WRITING: f"Use Linux 6.2 or later with Landlock, or {_NAMESPACES}.",
    Protection.PROCESSES: f"Use Linux 6.12 or later with Landlock, or {_NAMESPACES}.",
    Protection.ENDING: f"Install libseccomp, or {_NAMESPACES}.",
}


def protections() -> list[Condition]:
    """one condition for each protection, from a process that is closed in as an evaluation is."""
    try:
        with Starting(Closing(read=own_interpreter()), _NOTHING).closed() as closed:
            return told(closed.held, sys.platform)
    except (NotStartedError, OSError, ValueError) as error:
        remedy = "Programs cannot be evaluated like that: report it, with what this command says."
        return [Condition("closing in", State.STOPS, str(error), remedy)]


def told(held: Held, platform: str) -> list[Condition]:
    """The same, of protections that are known."""
    return [_told(one, held.get(one, Hold(False, (), "nothing is known of it")), platform) for one in Protection]


def _told(one: Protection, hold: Hold, platform: str) -> Condition:
    by = ", ".join(hold.by)
    if hold.held:
        return Condition(one.value, State.OK, by)
    some = f" (in part by {by})" if by else ""
    remedy = _REMEDIES.get(one, "") if platform == "linux" else _LINUX
    return Condition(one.value, State.MISSING, f"does not hold{some}: {hold.why_not}", remedy)
