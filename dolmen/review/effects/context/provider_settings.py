"""What it means that a provider is set up otherwise: another account, another address, checks that no longer take place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from dolmen.engine.plan import Resource, Value
from dolmen.engine.urns import package_of
from dolmen.knowledge.effects import Data, EffectRule, Outcome, Source
from dolmen.knowledge.loader import change_knowledge
from dolmen.knowledge.provider_settings import rules_by_words
from dolmen.review.diff.paths import pattern
from dolmen.review.diff.values import MISSING, PropertyChange, shown
from dolmen.review.effects.conditions import Situation
from dolmen.review.effects.judge import worst_first
from dolmen.review.effects.model import KINDS, Effect, EffectKind
from dolmen.review.effects.rules import first_that_holds

_AWS = ("aws", "aws-native", "awsx")
_ACCOUNT = re.compile(r"arn:aws[\w-]*:iam::(\d{12}):")
_NUMBER = r"\d{12}"
"""Of an AWS account."""
_USER_INFO = re.compile(r"(?<=://)[^/@\s\"]+@")
_LONGEST = 80
_SOURCE = Source("www.pulumi.com/registry/packages/aws/installation-configuration", "2026-11-30")
_NOT_KNOWN = EffectRule(
    Outcome.UNKNOWN,
    "Dolmen does not know what this setting does, and every resource that names no other provider is reached through it.",
    None,
    downtime=None,
    data=Data.UNKNOWN,
)


def opened(value: Value) -> Value:
    """A setting as a person means it: lists, objects and switches come as text from stack files and SDKs."""
    if isinstance(value, str) and (value[:1] in ("[", "{") or value in ("true", "false")):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def settings_effects(old: Resource, new: Resource, changes: Sequence[PropertyChange]) -> tuple[Effect, ...]:
    """What other settings of one provider do, the worst first; the values are `opened`."""
    known = change_knowledge(new.type).properties
    situation = Situation(old.inputs, new.inputs, frozenset(pattern(one.path) for one in changes))
    found = [effect for one in changes for effect in _effects(one, known, situation)]
    if package_of(new.type) in _AWS:
        found += [*_other_account(old.inputs, new.inputs), *_wrong_guard(new.inputs)]
    return worst_first(found)


def _effects(
    change: PropertyChange, known: Mapping[str, Sequence[EffectRule]], situation: Situation
) -> Iterator[Effect]:
    steps = pattern(change.path).split(".")
    described = (known[path] for n in range(len(steps), 0, -1) if (path := ".".join(steps[:n])) in known)
    rules = next(described, None) or rules_by_words(steps) or (_NOT_KNOWN,)
    for found in first_that_holds(rules, change, situation):
        rule = found.rule
        yield Effect(
            EffectKind.PROTECTION_REMOVED if rule.protection else KINDS[rule.effect],
            _filled(rule.why, change),
            (change.label or pattern(change.path),),
            rule.downtime,
            rule.data or Data.NONE,
            rule.note,
            rule.safe,
            rule.source,
            _filled(rule.headline, change),
            found.certain,
            rule.protection,
        )


def _filled(text: str, change: PropertyChange) -> str:
    if "{new}" not in text:
        return text
    new = "nothing" if change.new is MISSING else ", ".join(dict.fromkeys(_leaves(change.new)))
    new = _USER_INFO.sub("***@", new)
    return text.replace("{new}", new if len(new) <= _LONGEST else f"{new[: _LONGEST - 1]}…")


def _leaves(value: Value) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield shown(value)


# ---- accounts


def account_of(settings: Mapping[str, Value]) -> frozenset[str]:
    """The AWS account that settings name: that of the role assumed last, or else those that are allowed."""
    return frozenset(_role_account(settings)) or allowed_accounts(settings)


def allowed_accounts(settings: Mapping[str, Value]) -> frozenset[str]:
    allowed = settings.get("allowedAccountIds")
    return (
        frozenset(str(one) for one in allowed if isinstance(one, str | int))
        if isinstance(allowed, list)
        else frozenset()
    )


def _role_account(settings: Mapping[str, Value]) -> list[str]:
    roles = settings.get("assumeRoles") or settings.get("assumeRole") or settings.get("assumeRoleWithWebIdentity")
    last = roles[-1] if isinstance(roles, list) and roles else roles
    arn = last.get("roleArn", last.get("role_arn")) if isinstance(last, Mapping) else None
    return _ACCOUNT.findall(arn) if isinstance(arn, str) else []


def _other_account(before: Mapping[str, Value], after: Mapping[str, Value]) -> Iterator[Effect]:
    old, new = account_of(before), account_of(after)
    role, allowed = frozenset(_role_account(after)), allowed_accounts(after)
    told = " and ".join(sorted(new - old)) or "another one"
    paths = ("assumeRoles", "allowedAccountIds")
    if role and allowed and not role <= allowed and all(re.fullmatch(_NUMBER, one) for one in allowed):
        why = f"The role belongs to account {' and '.join(sorted(role))}, which `allowedAccountIds` does not list: the preview fails."
        safe = "Name one account in both."
        yield Effect(EffectKind.FAILS_AT_PREVIEW, why, paths, data=Data.KEPT, safe_path=safe, source=_SOURCE)
    if new and new != old and not new < old and (old or role):
        before_it = f"instead of {' and '.join(sorted(old))}" if old else "which the base does not name"
        yield Effect(
            EffectKind.WRONG_OBJECT,
            f"Another account is meant: {told}, {before_it}. What this stack holds is not found there; updates fail or go "
            "to another object.",
            paths,
            None,
            Data.UNKNOWN,
            safe_path="Give another account a stack of its own; if the account stays the same, say so with "
            "`allowedAccountIds` on both sides.",
            source=_SOURCE,
            headline=f"another AWS account is meant ({told})",
            certain=bool(old),
        )


def _wrong_guard(settings: Mapping[str, Value]) -> Iterator[Effect]:
    for path in ("allowedAccountIds", "forbiddenAccountIds"):
        listed = settings.get(path)
        for one in listed if isinstance(listed, list) else ():
            if isinstance(one, bool) or not isinstance(one, str | int | float):
                continue  # known after apply, or secret
            written = f"{one:.0f}" if isinstance(one, float) else str(one)
            if "‹" in written or re.fullmatch(_NUMBER, written):
                continue
            why = f"`{path}` holds {written}, which is no account: an account's number has 12 digits."
            safe = 'Write it in quotes: a number that begins with 0 loses it otherwise ("052812345678").'
            yield Effect(EffectKind.FAILS_AT_PREVIEW, why, (path,), data=Data.KEPT, safe_path=safe, source=_SOURCE)
