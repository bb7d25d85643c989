"""Judges by the SDK's documentation where Dolmen has no effect rule. Pure.

It is weaker than what Dolmen knows, and stronger than nothing: it can add a replacement, and never takes back that an
effect is not known. A property of which it says nothing stays unknown: silence is no evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dolmen.engine.plan import Value
from dolmen.knowledge.documentation.sdk import InstalledSdks, Said
from dolmen.knowledge.documentation.statement import Says
from dolmen.knowledge.effects import EffectRule, Evidence, Outcome, Source
from dolmen.review.diff.paths import pattern
from dolmen.review.diff.values import Difference, PropertyChange

_LONGEST_QUOTE = 200
_REPLACES = "The SDK's documentation says that a change of this property replaces the resource"
_PERHAPS = "The SDK's documentation says that some changes of this property replace the resource"
_MARKS = str.maketrans({"“": "'", "”": "'", "`": "'"})
_VALUES = (Difference.UPDATED, Difference.MAY_CHANGE)
SILENT = (
    "Dolmen has no effect rule for this property, and the SDK's documentation does not say that a change replaces the "
    "resource, which is no promise: what the provider does with it is not known."
)


def said_of(sdks: InstalledSdks, token: str, change: PropertyChange) -> Said | None:
    """Says what is documented of what changes; `None` without a source."""
    path = pattern(change.path).split(".")
    said = sdks.says(token, path)
    whole = {Difference.ADDED: change.new, Difference.REMOVED: change.old}.get(change.difference)
    if said is None or said.says is not Says.NOTHING or not isinstance(whole, Mapping):
        return said
    # What comes or goes as a whole has the words of its parts, whose values the provider may fill in.
    parts = (sdks.says(token, [*path, name]) for name in whole)
    found = next((one for one in parts if one is not None and one.says is not Says.NOTHING), None)
    return said if found is None else replace(found, says=Says.PERHAPS)


def documented(said: Said | None, change: PropertyChange) -> EffectRule | None:
    """The effect that is documented; `None` where nothing is."""
    if said is None or said.says is Says.NOTHING:
        return None
    source = Source(f"documentation of {said.property} in {said.package}", "", Evidence.SDK)
    why = _REPLACES if said.says is Says.REPLACES else _PERHAPS
    why = f"{why}: “{_quoted(said.sentence)}”"
    if said.says is Says.REPLACES and not is_certain(said, change):
        why += " Whether it does here depends on what the provider fills in or puts in order by itself."
    return EffectRule(Outcome.REPLACED, why, source)


def is_certain(said: Said, change: PropertyChange) -> bool:
    """Whether no condition decides, and no value that the provider may fill in."""
    return said.says is Says.REPLACES and change.difference in _VALUES


def named_by_program(inputs: Mapping[str, Value]) -> bool:
    """Guesses whether the old one goes first, of a type that nobody described.

    A bridged provider deletes first what it could have named itself and the program names (pulumi-terraform-bridge,
    pkg/tfbridge, nameRequiresDeleteBeforeReplace): 115 of 119 recorded replacements with a `name`.
    """
    return inputs.get("name") is not None


def _quoted(sentence: str) -> str:
    text = sentence.translate(_MARKS)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
