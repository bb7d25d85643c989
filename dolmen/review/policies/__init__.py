"""Runs a project's CrossGuard policy pack on what its program registers, without CLI or server.

The pack is found by convention, `policies/PulumiPolicy.yaml` in the project's folder, and is any pack in Python: it is
started as the engine starts it, and its policies get what the engine would hand them. In a review it is the base's: a
change does not bring its own judge. It runs in the evaluating process, because it sees secrets; what comes back holds
none beyond what the pack itself writes into a message.

Three conventions, which Dolmen's own pack follows and others may: a policy's tag `policy:<id>` is the finding's id where
the policy's own name is not, a policy with the tag `not-judged` reports what is not known yet, and one with an attribute
`of_types` is asked about resources of these types alone. A message that ends
with `[accepted until <day>: <reason>]` is a violation that is accepted on record, if the register says so, too: the
message may end with text of the program.

What a policy may change (a remediation) is not shown in the plan; its validations see it.
"""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dolmen.review.policies.model import FOLDER, MANIFEST, PolicyReport, failed

if TYPE_CHECKING:
    from dolmen.engine.deployment import Deployment
    from dolmen.engine.observing import Observation
    from dolmen.review.policies.pack import Pack

_PACKAGES = {"site-packages", "dist-packages"}
OBSERVER = "dolmen.review.policies:observe"
"""For `evaluate(…, observers={NAME: OBSERVER})`; the plan then carries a `PolicyReport` in `findings[NAME]`."""
NAME = "policies"


def observe(observation: Observation) -> PolicyReport:
    """The observer: judges a stack by the pack in its project, if there is one."""
    project = observation.judged_by or observation.folder
    folder = project / FOLDER
    if observation.failed or not (folder / MANIFEST).is_file():
        return PolicyReport()  # half a program breaks policies that the whole one keeps
    _forget_the_program(observation.folder)
    try:
        from dolmen.review.policies.judging import judge  # the SDK's wire format: only where a pack runs
        from dolmen.review.policies.pack import load

        with contextlib.chdir(project):  # where the engine starts a pack
            return judge(_LOADED.get(folder) or load(folder), observation)
    except (Exception, SystemExit) as error:
        last = "".join(traceback.format_exception(error, limit=-2))
        return PolicyReport(findings=(failed(f"The policy pack in {FOLDER}/ could not be run.\n{last}"),))


_LOADED: dict[Path, Pack] = {}
"""Packs that this process has started, by their folders."""


def _prepare(deployment: Deployment) -> None:
    """Start the pack once for all stacks that it will judge."""
    from dolmen.review.policies import judging  # noqa: F401  # pyright: ignore[reportUnusedImport]  (for every stack)
    from dolmen.review.policies.pack import load

    project = Path(deployment.judged_by) if deployment.judged_by is not None else deployment.folder
    folder = project / FOLDER
    if (folder / MANIFEST).is_file() and folder not in _LOADED:
        with contextlib.chdir(project):
            _LOADED[folder] = load(folder)


observe.prepare = _prepare  # pyright: ignore[reportFunctionMemberAccess]


def _forget_the_program(folder: Path) -> None:
    """A pack is a process of its own in a deployment: it finds no module and no place of the program."""

    inside = f"{folder}{os.sep}"

    def of_program(place: str) -> bool:
        if not f"{place}{os.sep}".startswith(inside):
            return False
        return not _PACKAGES & set(Path(place).relative_to(folder).parts)

    sys.path[:] = [entry for entry in sys.path if not of_program(os.path.abspath(entry))]  # noqa: PTH100
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and name.partition(".")[0] not in ("__main__", "dolmen") and of_program(file):
            del sys.modules[name]


def reports(findings: Mapping[str, Any]) -> PolicyReport:
    """A plan's report, from its `findings`; an empty one where no pack was run."""
    found = findings.get(NAME)
    return found if isinstance(found, PolicyReport) else PolicyReport()
