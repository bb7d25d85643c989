"""What the judging process asks of an evaluator, as JSON."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from dolmen.engine.deployment import Deployment, Job
from dolmen.engine.lookups import Lookups
from dolmen.engine.plan import Note, Secret
from dolmen.engine.project import StackConfig
from dolmen.engine.wire import values
from dolmen.engine.wire.encode import value
from dolmen.stackfile import Acceptance
from dolmen.stackfile.document import SecureValue


def job_json(job: Job) -> dict[str, Any]:
    """A job whose program is a file or a folder."""
    deployment = job.deployment
    config = deployment.config
    return {
        "deployment": {
            "project": deployment.project,
            "stack": deployment.stack,
            "organization": deployment.organization,
            "folder": str(deployment.folder),
            "copy_of": deployment.copy_of,
            "judged_by": deployment.judged_by,
            "acceptances": None
            if deployment.acceptances is None
            else [_acceptance(one) for one in deployment.acceptances],
        },
        "config": {
            "values": dict(config.values),
            "secret_keys": sorted(config.secret_keys),
            "file": config.file,
            "notes": [asdict(note) for note in config.notes],
        },
        "program": str(job.program),
        "lookups": {"answers": _written(job.lookups.answers), "output_forms_unknown": job.lookups.output_forms_unknown},
        "key": job.key.hex(),
    }


def _acceptance(one: Acceptance) -> dict[str, Any]:
    return {**asdict(one), "until": one.until.isoformat()}


def read_job(written: Mapping[str, Any]) -> Job:
    """The job that was written."""
    given = written["deployment"]
    accepted = given["acceptances"]
    deployment = Deployment(
        given["project"],
        given["stack"],
        given["organization"],
        Path(given["folder"]),
        _config(written["config"]),
        copy_of=tuple(given["copy_of"]) if given["copy_of"] else None,
        judged_by=given["judged_by"],
        acceptances=None if accepted is None else tuple(_read_acceptance(one) for one in accepted),
    )
    lookups = Lookups(_read(written["lookups"]["answers"]), written["lookups"]["output_forms_unknown"])
    return Job(deployment, Path(written["program"]), lookups, bytes.fromhex(written["key"]))


def _config(written: Mapping[str, Any]) -> StackConfig:
    notes = tuple(Note(**note) for note in written["notes"])
    return StackConfig(written["values"], frozenset(written["secret_keys"]), written["file"], notes)


def _read_acceptance(written: Mapping[str, Any]) -> Acceptance:
    found = Acceptance(**written)
    return replace(found, until=datetime.date.fromisoformat(written["until"]))


def _written(answers: Any) -> Any:
    """Answers to lookups as typed JSON; `secure:` is a `Secret` there."""
    return value(_with(answers, SecureValue, Secret()))


def _read(answers: Any) -> Any:
    return _with(values.value(answers), Secret, SecureValue())


def _with(data: Any, kind: type, other: Any) -> Any:
    """Data with `other` for everything of a kind."""
    if isinstance(data, kind):
        return other
    if isinstance(data, Mapping):
        return {key: _with(item, kind, other) for key, item in data.items()}
    return [_with(item, kind, other) for item in data] if isinstance(data, list | tuple) else data
