"""Gives what an evaluation leaves behind its marks again, in place of the stand-ins that its program saw."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import Enum
from typing import Any

from google.protobuf.message import Message

from dolmen.engine import encoded, stand_ins
from dolmen.engine.engine_service import EngineService
from dolmen.engine.monitor import Monitor
from dolmen.engine.registration import Registration


def with_marks(text: str) -> str:
    """The text as everybody outside of the evaluation knows it."""
    return text if len(text) < stand_ins.SHORTEST else stand_ins.shown(encoded.shown(text))


def leave(monitor: Monitor, engine: EngineService) -> None:
    """Show marks wherever a program's resources, outputs, lookups and remarks hold stand-ins."""
    if not stand_ins.minted():
        return
    monitor.registrations = {
        with_marks(urn): _shown(made) if _may_hold(made) else made for urn, made in monitor.registrations.items()
    }
    monitor.stack_outputs = _shown(monitor.stack_outputs)
    monitor.invokes.answers = _shown(monitor.invokes.answers)
    remarks = engine.remarks
    remarks.secrets = {with_marks(text) for text in remarks.secrets}
    remarks.exported = {with_marks(name): place for name, place in remarks.exported.items()}


def _may_hold(made: Registration) -> bool:
    """Whether a registration can hold a stand-in; most hold none, and copying them would cost more than looking."""
    messages = (made.goal, made.state, made.outputs)
    rest = repr((made.id, made.providers, made.dependencies, made.property_dependencies, made.options))
    return any(one is not None and encoded.may_hold(one.SerializeToString()) for one in messages) or (
        encoded.may_hold(rest.encode())
    )


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return value if isinstance(value, Enum) else with_marks(value)
    if isinstance(value, Message):
        return _message(value) if encoded.may_hold(value.SerializeToString()) else value
    if isinstance(value, Mapping):
        return {_shown(key): _shown(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        made = [_shown(item) for item in value]
        return made if isinstance(value, list) else type(value)(made)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {one.name: _shown(getattr(value, one.name)) for one in dataclasses.fields(value)}
        return dataclasses.replace(value, **parts)
    return value


def _message(message: Any) -> Any:
    """A copy of a protobuf message with every text shown, names of fields in maps among them."""
    made = type(message)()
    for field, value in message.ListFields():
        if isinstance(value, Mapping) and not isinstance(value, Message):
            target = getattr(made, field.name)
            for key in value:
                name = with_marks(key) if isinstance(key, str) else key
                if isinstance(value[key], Message):
                    target[name].CopyFrom(_message(value[key]))
                else:
                    target[name] = _shown(value[key])
        elif isinstance(value, Message):
            getattr(made, field.name).CopyFrom(_message(value))
        elif isinstance(value, str | bytes | bool | int | float):
            setattr(made, field.name, _shown(value))
        else:
            for item in value:
                part = _message(item) if isinstance(item, Message) else _shown(item)
                getattr(made, field.name).append(part)
    return made
