"""A resource's inputs against its provider's schema: the Check of a preview, without provider and cloud."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from dolmen.engine.plan import Asset, Unknown
from dolmen.knowledge.provider_schema import PropertySchema, TypeSchema, type_schema
from dolmen.review.refusals import limits, own_rules, relations, values
from dolmen.review.refusals.model import Moment, Refusal, RefusalKind
from dolmen.review.refusals.values import WRONG, shown, waits, waits_inside

_WORDS: Mapping[str, str] = {
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "list": "a list",
    "set": "a list",
    "map": "a map",
    "object": "an object",
}

_OF_SHAPE = (RefusalKind.WRONG_TYPE, RefusalKind.UNKNOWN_PROPERTY)


def refusals(type: str, inputs: Mapping[str, Any], sdk: str | None = None) -> tuple[Refusal, ...]:
    """What the provider refuses of a resource's inputs; nothing for a type of which nothing is known.

    Values are a plan's (`dolmen.engine.plan.Value`) or `Hidden` secrets. `sdk` is the version of the SDK that the program
    uses: where it is newer than what was measured, what it may know better is not refused. Without it, the answer is
    that of the provider that was measured.
    """
    schema = type_schema(type)
    return tuple(dict.fromkeys(_Judge(schema, inputs, sdk).all())) if schema is not None else ()


def refusals_at_apply(
    type: str, inputs: Mapping[str, Any], sdk: str | None = None, *, before: Sequence[Refusal] | None = None
) -> tuple[Refusal, ...]:
    """What the provider refuses as soon as values are known for which the preview waits, whatever they are.

    An output counts as given. `password=generated.result` beside `x509_type="NONE"` passes the preview and fails at apply.
    `before` is what `refusals` said, where it was asked.
    """
    schema = type_schema(type)
    if schema is None:
        return ()
    waiting = [name for name, value in inputs.items() if waits_inside(value)]
    if not waiting:
        return ()
    # Only these can fare otherwise than before: what waits in part or is related to others.
    decided = schema.related.union(name for name in waiting if not waits(inputs[name]))
    if not decided and not schema.with_rules:
        return ()
    known = {one.path for one in (refusals(type, inputs, sdk) if before is None else before)}
    found = dict.fromkeys(_Judge(schema, inputs, sdk, at_apply=True, only=decided).all())
    return tuple(one._replace(moment=Moment.APPLY) for one in found if one.path not in known)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Judge:
    schema: TypeSchema
    inputs: Mapping[str, Any]
    sdk: str | None
    at_apply: bool = False
    """Whether what is not known yet counts as given."""
    only: frozenset[str] | None = None
    """The resource's properties that are judged, where not all are."""

    @property
    def framework(self) -> bool:
        return self.schema.schema == "framework"

    def all(self) -> Iterator[Refusal]:
        yield from self._object("", "", self.inputs)
        for path in self.schema.with_rules:
            yield from relations.variant(path, self.schema, self.inputs, at_apply=self.at_apply)
            for rule in self.schema.properties[path].rules:
                yield from own_rules.refused(rule, path, self.inputs, at_apply=self.at_apply)

    def _object(self, path: str, at: str, value: Mapping[str, Any]) -> Iterator[Refusal]:
        """The properties of the resource (`path` is empty) or of an object in it."""
        names, demanded = self.schema.children.get(path, frozenset()), self.schema.demanded.get(path, frozenset())
        for name in (*value, *sorted(demanded - value.keys())):
            if name in names and (self.only is None or path or name in self.only):
                yield from self._property(_below(path, name), _below(at, name), value.get(name))
        if not self.framework:  # resources on the framework ignore names that they do not know
            for name in value:
                if name not in names and not name.startswith("__") and not self._newer(_below(path, name)):
                    yield _unknown_name(at, name, names, hide=values.hidden(value[name]))

    def _newer(self, path: str) -> bool:
        """Whether a name that was not measured may exist in the SDK that the program uses."""
        return path in self.schema.additions or (self.sdk is not None and self.schema.older_than(self.sdk))

    def _property(self, path: str, at: str, value: Any) -> Iterator[Refusal]:
        schema = self.schema.properties[path]
        grouped = schema.exactly_one_of or schema.at_least_one_of
        if grouped and (group := relations.of_group(path, schema, self.inputs, at_apply=self.at_apply)) is not None:
            yield group
            return
        if shown(value) is None:
            if schema.required and not schema.autonamed and not (schema.required_no_longer and self.sdk):
                yield Refusal(at, RefusalKind.MISSING_REQUIRED, "it is required", f"Give {at}.")
            return
        if schema.not_settable:
            if not self.framework:
                yield Refusal(at, RefusalKind.NOT_SETTABLE, "only the provider sets it", f"Leave {at} out.")
            elif "." in path:  # ignored, but read
                yield from (one for one in self._value(path, at, schema, value) if one.kind in _OF_SHAPE)
            return
        # The framework's own demand for a partner waits for the value; the SDK's kit does not.
        patient = self.framework and waits(value) and not self.at_apply
        if schema.required_with or schema.conflicts_with:
            partner = None if patient else relations.partner(at, schema, self.inputs)
            found = partner or relations.conflict(at, value, schema, self.inputs, at_apply=self.at_apply)
            if found is not None:
                yield found
                return
        if waits(value):
            if self.framework and schema.flattened:
                yield from self._unknown_object(path, at, value)
            return
        # The SDK's kit judges nothing of a value of which a part is unknown; Pulumi itself still reads its shape.
        part = not self.framework and waits_inside(value) and not self.at_apply
        yield from (one for one in self._value(path, at, schema, value) if not part or one.kind in _OF_SHAPE)

    def _value(self, path: str, at: str, schema: PropertySchema, value: Any) -> Iterator[Refusal]:
        if waits(value):
            return
        inner = values.opened(value)
        if schema.type in ("list", "set"):
            yield from self._list(path, at, schema, inner if isinstance(inner, list) else value)
        elif schema.type == "map":
            yield from self._map(path, at, schema, inner)
        elif schema.type == "object":
            if isinstance(inner, Mapping):
                yield from self._object(path, at, cast("Mapping[str, Any]", inner))
            else:
                yield _wrong_type(at, "object", inner)
        else:
            yield from self._scalar(at, schema, inner, hide=values.hidden(value) or schema.sensitive)

    def _list(self, path: str, at: str, schema: PropertySchema, value: Any) -> Iterator[Refusal]:
        if not isinstance(value, list):
            if self.framework or isinstance(shown(value), Asset):
                yield _wrong_type(at, schema.type, value)
                return
            value = [value]  # the SDK's kit takes one item for a list of it
        items = cast("list[Any]", value)
        if not items and schema.block and schema.required:
            yield Refusal(
                at, RefusalKind.MISSING_REQUIRED, "it is required, and the list is empty", f"Give {at} an item."
            )
        low, high = schema.min_items or 0, schema.max_items
        if len(items) < low or (high is not None and len(items) > high):
            count = f"at least {low}" if len(items) < low else f"at most {high}"
            yield Refusal(
                at, RefusalKind.WRONG_NUMBER_OF_ITEMS, f"it takes {count} item{'' if count.endswith(' 1') else 's'}"
            )
        for index, item in enumerate(items):
            yield from self._item(f"{path}[*]", f"{at}[{index}]", schema, item)

    def _item(self, path: str, at: str, schema: PropertySchema, item: Any) -> Iterator[Refusal]:
        if shown(item) is None:
            return
        if waits(item):
            if self.framework and schema.elements == "object":
                yield from self._unknown_object(path, at, item)
            return
        if schema.elements == "object":
            inner = values.opened(item)
            if isinstance(inner, Mapping):
                yield from self._object(path, at, cast("Mapping[str, Any]", inner))
            else:
                yield _wrong_type(at, "object", inner)
        else:
            of_item = self.schema.properties.get(path) or PropertySchema(schema.elements or "string")
            yield from self._scalar(at, of_item, shown(item), hide=values.hidden(item) or schema.sensitive)

    def _unknown_object(self, path: str, at: str, value: Any) -> Iterator[Refusal]:
        """An item that only the cloud gives: the framework finds its required properties missing, whatever will be there."""
        if isinstance(shown(value), Unknown):
            for name in sorted(self.schema.demanded.get(path, ())):
                if self.schema.properties[_below(path, name)].required:
                    rule = "it is required, and its object as a whole is known only after apply"
                    remedy = f"Write {at} as an object whose values may be unknown."
                    yield Refusal(_below(at, name), RefusalKind.MISSING_REQUIRED, rule, remedy)

    def _map(self, path: str, at: str, schema: PropertySchema, value: Any) -> Iterator[Refusal]:
        if not isinstance(value, Mapping):
            yield _wrong_type(at, "map", value)
            return
        for key, item in cast("Mapping[str, Any]", value).items():
            place = _below(at, "[secret]" if values.hidden(item) else key)
            yield from self._item(f"{path}{{*}}", place, schema, item)

    def _scalar(self, at: str, schema: PropertySchema, value: Any, *, hide: bool) -> Iterator[Refusal]:
        converted = self._converted(schema, value)
        if converted is WRONG:
            yield _wrong_type(at, schema.type, value)
            return
        if schema.type == "integer" and not values.whole(converted):
            if self.framework or math.isinf(converted):
                yield Refusal(at, RefusalKind.BAD_FORMAT, f"it takes a whole number, and {converted:g} is given")
                return
            converted = int(converted)
        for limit in limits.broken(schema, converted):
            got = "" if hide else f", and {_quoted(converted)} is given"
            yield Refusal(at, limit.kind, f"it must be {limit.words}{got}")

    def _converted(self, schema: PropertySchema, value: Any) -> Any:
        if schema.type == "string":
            if schema.object_as_text and self.sdk is not None and isinstance(value, Mapping):
                return "{}"
            return values.text(value)
        if schema.type == "boolean":
            return values.boolean(value, from_text=not self.framework)
        return values.number(value)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _wrong_type(at: str, type: str, value: Any) -> Refusal:
    remedy = f"Give {_WORDS[type]}."
    if type == "string" and isinstance(value, Mapping | list):
        remedy = "Give one of its values, or the whole as JSON: pulumi.Output.json_dumps."
    return Refusal(at, RefusalKind.WRONG_TYPE, f"it takes {_WORDS[type]}, and {values.noun(value)} is given", remedy)


def _quoted(value: Any) -> str:
    text = value if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value).lower()
    return f"`{text if len(text) <= 60 else text[:57] + '…'}`"


def nearest(name: str, names: frozenset[str]) -> str | None:
    """The property that is meant, if one is near; `backup_shedule` is read as `backupShedule`."""
    from difflib import get_close_matches

    first, *rest = name.split("_")
    close = get_close_matches(first + "".join(word[:1].upper() + word[1:] for word in rest), sorted(names), 1)
    return close[0] if close else None


def _unknown_name(at: str, name: str, names: frozenset[str], *, hide: bool) -> Refusal:
    """The keys of a secret object are secret, too."""
    if hide:
        rule = "one of its names is no property's name"
        return Refusal(at or "inputs", RefusalKind.UNKNOWN_PROPERTY, rule, f"There are {', '.join(sorted(names))}.")
    close = nearest(name, names)
    remedy = f"Is {close} meant?" if close else f"Leave {name} out."
    return Refusal(_below(at, name), RefusalKind.UNKNOWN_PROPERTY, "no property has this name", remedy)
