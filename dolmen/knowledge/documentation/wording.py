"""Reads from a property's documentation whether its change replaces the resource. Pure.

Bridged SDKs carry the sentences of their Terraform providers: "Changing this forces a new resource to be created",
"(Optional, Forces new resource)", and many other spellings. What names a condition is no promise, and neither is a
sentence about another property. Where nothing is said, nothing is known: see `docs/decisions/0012-the-sdk-says-so.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dolmen.knowledge.documentation.statement import Says, Statement

LONGEST_TEXT = 20_000
LONGEST_SENTENCE = 600
"""Characters. What is longer is not read: no documentation says in so many that a change replaces."""


SILENT = Statement(Says.NOTHING)

_REPLACES = re.compile(
    r"""\b(?:
      forc(?:es?|ing)\ (?:\w+\ to\ create\ )?(?:(?:a|an|the|its)\ )?(?:
          new(?:\ [\w.`/&'-]+){0,14}\ to\ be\ created\b
        | new(?:\ [\w.`/-]+){0,2}\ resources?\b
        | new\ instance\b
        | new\b(?=\ for\b|\W*\Z|[).,;])
        | creation\ of\ (?:a\ )?new\b
        | (?:[\w-]+\ ){0,2}(?:re-?creation|replacement)\b
        | (?:[\w-]+\ ){1,3}to\ be\ (?:replaced|re-?created|destroyed)\b
      )
    | (?:creates|(?:will|would|to)\ create|requires?\ creating)\ (?:a\ )?new\ (?!version|revision)[\w-]+
    | (?:delet|destroy)\w{0,2}\ (?:[\w-]+\ ){1,4}and\ (?:re-?)?creates?\ (?:a\ )?new\b
    | (?:trigger|caus|requir|show|result|lead)(?:s|es|ed|ing|e)?\ (?:(?:in|to|as)\ )?(?:(?:a|an|the)\ )?(?:
          (?:[\w-]+\ ){0,2}(?:re-?creation|replacement|replacing|re-?creating)\b
        | destr(?:oy|uction)\ (?:of\ (?:[\w-]+\ ){1,4})?and\ (?:the\ )?(?:re-?)?creat\w+
        | (?:[\w-]+\ ){1,4}to\ be\ (?:replaced|(?:destroyed\ and\ )?re-?created)\b
        | (?:[\w-]+\ ){1,4}being\ (?:replaced|(?:destroyed\ and\ )?(?:re-?)?created)\b
      )
    | forcenew\b
    | re-?creates?\ (?:the|this|an?)\ [\w`]
    | (?:will|must|to|are|is)\ be\ (?:(?:destroyed|deleted)\ and\ )?re-?created\b
    | without\ (?:re-?creating|replacing|re-?creation|replacement)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_DENIES = re.compile(
    r"(?:\b(?:not|never|cannot|no longer|neither|nor|avoids?|prevents?)\b|n['’]t\b)(?: (?!and\b|but\b|or\b)[\w-]+){0,3} *\Z",
    re.IGNORECASE,
)
_IMPOSSIBLE = re.compile(r"\b(?:cannot|can['’]t|not possible|unable)\b", re.IGNORECASE)
_ANY_CHANGE = re.compile(
    r"\bafter (?:its |the )?creation\b|\b(?:that, )?(?:if|when|whenever)(?: (?:it|this|the [\w ]{1,20}|`\w+`))?(?: (?:is|are|gets))? (?:changed|modified|updated|edited)\b,?",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:chang|modif|updat|alter(?:s|ed|ing)?\b|edit|decreas|increas|reduc|lower|rais|add(?:s|ed|ing)?\b|remov|enabl|disabl|downgrad|upgrad"
    r"|renam|switch|mov(?:ed|ing)\b)|\A\W*(?:\w+[,;–-]? ?-? ?)?(?:forces?(?:new)?|triggers?|requires?)\b|\b(?:this|it) (?:will|would)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"""\b(?:if|when|whenever|unless|only|except\w*|exception|other\ than|to(?=\ `)|from|between|may|might|can|could|should|some\w*
    |for|while|after|once|until|till|unlike|depend\w*|either|certain|both|together|with|in\ combination|case|cases
    |increas\w*|decreas\w*|reduc\w*|lower\w*|rais\w*|downgrad\w*|upgrad\w*|shrink\w*|grow\w*|switch\w*
    |adding|added|remov\w*|delet\w*|enabl\w*|disabl\w*|empty|true|false|likely|usually|often|possibly|not|never)\b|n['’]t\b""",
    re.IGNORECASE | re.VERBOSE,
)
_OPENS_CONDITION = re.compile(
    r"\A(?:[^:]{0,30}:)?\W*(?:if|when|whenever|for|unless|with|without|once|in|while|after|as|on|where|until|except)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r",? \(?\b(?:because|since|as|which|and (?:the|all|any|is|its))\b.*\Z|[;:()–—].*\Z", re.IGNORECASE)
_NAMED = re.compile(r"`([a-z][\w.]{1,80})`")
_VALUES = frozenset({"true", "false", "null", "none", "default"})
_ITEM = re.compile(r"\A(?:[*+-] +)?`[\w.]+` *[-–:]")
_THIS = re.compile(r"\b(?:this|it|these|them|its|any (?:change|value|modification))\b", re.IGNORECASE)
_END = re.compile(
    r"(?<=[.!?])\s+(?=[A-Z`*>(\"'–—-])|(?<=[\w.)`\"'])\s*\b(?=Changing (?:this|it|the|`))|\n\s*\n|\n\s*(?=[*+-] )"
)


def read(text: str, *names: str) -> Statement:
    """Says what a property's documentation tells of its change.

    `names`: how the property is called in Python and in plans (`instance_type`, `instanceType`).
    """
    found = [(_judged(one, names), one) for one in _sentences(text[:LONGEST_TEXT])]
    denied = any(said is None for said, _ in found)
    for says in (Says.REPLACES, Says.PERHAPS):
        for said, sentence in found:
            if said is says:
                return Statement(Says.PERHAPS if denied else says, sentence)
    return SILENT


def _sentences(text: str) -> Iterator[str]:
    for part in _END.split(text):
        sentence = " ".join(part.split())
        if sentence and len(sentence) <= LONGEST_SENTENCE:
            yield sentence


def _judged(sentence: str, names: tuple[str, ...]) -> Says | None:
    """Says what one sentence tells; `None` where it denies a replacement."""
    found = _REPLACES.search(sentence)
    if found is None:
        return Says.NOTHING
    before, after = sentence[: found.start()], _ASIDE.sub("", sentence[found.end() :])
    if found[0].lower().startswith("without") or _DENIES.search(before):
        return Says.PERHAPS if _IMPOSSIBLE.search(before) else None
    if _of_another(before, names) or not _CHANGE.search(f"{before}{found[0]}{after}"):
        return Says.NOTHING
    if re.search(r"\b(?:that|which) would\b", before):  # what another change would do
        return Says.NOTHING
    told = _ANY_CHANGE.sub(" ", f"{_main_clause(before)} {after}")
    for name in names:
        told = re.sub(rf"`?\b{re.escape(name)}\b`?", " ", told)
    return Says.PERHAPS if _CONDITION.search(told) else Says.REPLACES


def _main_clause(before: str) -> str:
    """Leaves out an earlier clause that makes no condition."""
    first, comma, last = before.rpartition(", ")
    if comma and _CHANGE.search(last) and not any(_OPENS_CONDITION.search(one) for one in first.split(", ")):
        return last
    return before


def _of_another(before: str, names: tuple[str, ...]) -> bool:
    """Whether the subject is another property: one that is named, and no `this` beside it."""
    if _ITEM.match(before):
        return True
    others = [one for one in _NAMED.findall(before) if one not in names and one not in _VALUES]
    return bool(others) and not _THIS.search(before) and not any(f"`{name}`" in before for name in names)
