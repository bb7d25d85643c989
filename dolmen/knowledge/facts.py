"""How the provider answers a change of each property, before anybody says what that means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dolmen.knowledge.effects import Alteration, EffectRule, Outcome, Source, When

WHY_IN_PLACE = "The provider updates the resource in place."
WHY_REPLACES = "The provider replaces the resource for a change of this property."

_ANSWERS: Mapping[str, tuple[Outcome, str]] = {
    "replaces": (Outcome.REPLACED, WHY_REPLACES),
    "fails_at_preview": (
        Outcome.FAILS_AT_PREVIEW,
        "The provider refuses a change of this property, so the preview fails.",
    ),
    "fails_at_apply": (Outcome.FAILS_AT_APPLY, "The preview shows an update, but the provider's update fails."),
    "writes_to_the_old_object": (
        Outcome.WRONG_OBJECT,
        "The provider's update goes to the object that the old value names; nothing is replaced and nothing is reported.",
    ),
    "writes_to_another_object": (
        Outcome.WRONG_OBJECT,
        "The provider's update goes to the object that the new value names; what the old value names is left behind.",
    ),
    "does_nothing": (Outcome.DOES_NOTHING, "The preview shows an update, but the provider changes nothing."),
    "in_place": (Outcome.IN_PLACE, WHY_IN_PLACE),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """Properties by the provider's answer; of one in none of the lists the effect is not known."""

    source: Source | None = None
    built_on: str = ""
    """`framework` never asks to delete first; `SDKv2` does for an auto-named property that the program sets.
    Source: pulumi-terraform-bridge issue 930; pkg/tfbridge, nameRequiresDeleteBeforeReplace."""
    auto_named: str = ""
    """The property that Pulumi fills in where the program does not."""
    regional: bool = False
    """Another region replaces the resource; Pulumi fills in the provider's."""
    replaces: tuple[str, ...] = ()
    replaces_if_set: tuple[str, ...] = ()
    """The first value is set in place."""
    fails_at_preview: tuple[str, ...] = ()
    fails_at_apply: tuple[str, ...] = ()
    writes_to_the_old_object: tuple[str, ...] = ()
    writes_to_another_object: tuple[str, ...] = ()
    does_nothing: tuple[str, ...] = ()
    in_place: tuple[str, ...] = ()

    def properties(self) -> dict[str, tuple[EffectRule, ...]]:
        found: dict[str, tuple[EffectRule, ...]] = {
            path: (EffectRule(outcome, why, self.source),)
            for answer, (outcome, why) in _ANSWERS.items()
            for path in getattr(self, answer)
        }
        for path in self.replaces_if_set:
            found[path] = (
                EffectRule(
                    Outcome.IN_PLACE, "The first value is set in place.", self.source, When((Alteration.ADDED,))
                ),
                EffectRule(Outcome.REPLACED, "Once set, a change of this property replaces the resource.", self.source),
            )
        if self.regional:
            why = "A resource stays in its region, so another region means another resource."
            found["region"] = (EffectRule(Outcome.REPLACED, why, self.source),)
        return found
