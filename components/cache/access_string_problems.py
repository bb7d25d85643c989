"""What is wrong with an access string: what ElastiCache refuses, and what would leave a door open."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache

from .access_string import AccessString, Permissions, parse, words
from .tables import commands as command_table
from .tables import older

OLDEST_ENGINE = "7.0"
"""Of all engine versions that Dolmen runs: what it understands, every one does."""
_PASSWORD_SIGNS = (">", "<", "#", "!")


def access_string_problems(text: str, engine_version: str = OLDEST_ENGINE) -> Iterator[tuple[str, str]]:
    """(rule, remedy) for everything that is wrong; nothing for a string that may be used."""
    if not text.strip():
        yield (
            "An access string says what a user may do, and this one is empty.",
            'Write "on ~app:* resetchannels &app:* +@all -@dangerous +info".',
        )
        return
    access = parse(text)
    yield from _switch(access)
    yield from _unknown_words(access)
    yield from _newer_syntax(text, engine_version)
    for place, permissions in _places(access):
        yield from _channels(place, permissions)
        yield from _keys(place, permissions)
        yield from _names(permissions)
        yield from _order(permissions)
    if access.on:
        yield from _open_doors(access)


def allows(commands: Sequence[str], name: str) -> bool:
    """Whether command rules, applied from left to right, let a command run; `name` is `get` or `client|list`."""
    if name in command_table()["always"]:
        return True
    verdict = False
    for rule in commands:
        if _covers(rule[1:], name):
            verdict = rule[0] == "+"
    return verdict


def allows_any_of(commands: Sequence[str], name: str) -> bool:
    """For a command with subcommands: whether any of them may run, HELP aside."""
    entries = [entry for entry in subcommands(name) if not entry.endswith("|help")]
    return any(allows(commands, entry) for entry in entries or [name])


@cache
def command_categories() -> Mapping[str, frozenset[str]]:
    """Every command and subcommand → its categories."""
    return {name: frozenset(categories) for name, categories in command_table()["categories"].items()}


@cache
def subcommands(name: str) -> tuple[str, ...]:
    return tuple(entry for entry in command_categories() if entry.startswith(f"{name}|"))


@cache
def _known_categories() -> frozenset[str]:
    return frozenset().union(*command_categories().values(), command_table()["moduleCategories"])


def _covers(rule: str, name: str) -> bool:
    if rule == "@all" or rule == name:
        return True
    if rule.startswith("@"):
        return rule[1:] in command_categories().get(name, frozenset())
    if "|" not in rule:
        return name.startswith(f"{rule}|")
    return rule not in command_categories() and rule.partition("|")[0] == name  # a first argument, as in +select|0


def _places(access: AccessString) -> Iterator[tuple[str, Permissions]]:
    yield "", access.root
    for number, selector in enumerate(access.selectors, 1):
        yield f"Selector {number}: ", selector


def _switch(access: AccessString) -> Iterator[tuple[str, str]]:
    if access.on is None:
        yield "Without `on` a user cannot log in: neither on nor off means off.", "Begin with on."


def _unknown_words(access: AccessString) -> Iterator[tuple[str, str]]:
    for word in access.unknown:
        if word.startswith(_PASSWORD_SIGNS) or word.lower() in ("nopass", "resetpass"):
            yield "ElastiCache takes no password inside an access string.", "Remove it: passwords come by generation."
        elif word.lower() == "reset":
            yield (
                "ElastiCache takes no `reset` inside an access string.",
                "Remove it: every string starts from nothing.",
            )
        elif word.lower() == "skip-sanitize-payload":
            yield "An unchecked RESTORE payload can crash the server.", "Remove skip-sanitize-payload."
        elif word.startswith("("):
            yield "A selector is opened here and never closed.", "Add the closing parenthesis."
        else:
            yield f"`{word}` is no rule of an access string.", _meant_word(word)


def _meant_word(word: str) -> str:
    if word.lstrip("@") in _known_categories() | {"all"}:
        return f"A command rule begins with + or -: +@{word.lstrip('@')}."
    if word.lower() in command_categories():
        return f"A command rule begins with + or -: +{word.lower()}."
    return "Keys begin with ~, channels with &, commands and categories with + or -."


def _newer_syntax(text: str, engine_version: str) -> Iterator[tuple[str, str]]:
    used = {
        "&": any(word.startswith("&") for word in words(text)),
        "|": any(word[0] in "+-" and "|" in word for word in words(text)),
        "%": any(word.startswith("%") for word in words(text)),
        "(": any(word.startswith("(") for word in words(text)),
    }
    names = {"&": "Channel patterns", "|": "Rules for subcommands", "%": "Read and write patterns", "(": "Selectors"}
    for sign, version in command_table()["since"].items():
        if used[sign] and older(engine_version, version):
            yield (
                f"{names[sign]} ({sign}) need engine version {version} or later.",
                "Remove them, or raise the version.",
            )


def _channels(place: str, permissions: Permissions) -> Iterator[tuple[str, str]]:
    if permissions.channels is None:
        yield (
            f"{place}Nothing is said of channels, and ElastiCache then lets the user hear all of them.",
            "Add resetchannels, with &<pattern> for each channel of its own, or &* for all.",
        )
    for channel in permissions.channels or ():
        if channel == "&":
            yield f"{place}A channel pattern has at least one character.", "Write &<pattern>."


def _keys(place: str, permissions: Permissions) -> Iterator[tuple[str, str]]:
    if "~*" in permissions.keys and len(permissions.keys) > 1:
        yield f"{place}After ~* every further key pattern is refused.", "Remove ~* or the others."
    if permissions.channels and "&*" in permissions.channels and len(permissions.channels) > 1:
        yield f"{place}After &* every further channel pattern is refused.", "Remove &* or the others."
    for key in permissions.keys:
        if not key.partition("~")[2]:
            yield f"{place}A key pattern has at least one character.", "Write ~<pattern>."


def _names(permissions: Permissions) -> Iterator[tuple[str, str]]:
    for rule in (*permissions.without_effect, *permissions.commands):
        name = rule[1:]
        command, bar, _ = name.partition("|")
        if name.startswith("@"):
            if name != "@all" and name[1:] not in _known_categories():
                yield f"There is no category {name}.", _did_you_mean(name[1:], _known_categories(), "@")
        elif command in command_table()["restricted"]:
            yield (
                f"ElastiCache runs {command.upper()} for nobody, and refuses an access string that names it.",
                f"Remove {rule}; -@dangerous takes its whole kind away.",
            )
        elif command.startswith(tuple(command_table()["modulePrefixes"])):
            continue
        elif command not in command_categories() and not subcommands(command):
            yield f"There is no command {command.upper()}.", _did_you_mean(command, command_categories(), "")
        elif bar and subcommands(command) and name not in command_categories():
            yield (
                f"{command.upper()} has no subcommand {name.partition('|')[2]}.",
                _did_you_mean(name, subcommands(command), ""),
            )
        elif bar and not subcommands(command) and rule[0] == "-":
            yield (
                f"Only a whole command can be taken away, and {command.upper()} has no subcommands.",
                f"Write -{command}.",
            )


def _did_you_mean(name: str, known: Collection[str], sign: str) -> str:
    near = get_close_matches(name, sorted(known), 1, 0.6)
    return f"Did you mean {sign}{near[0]}?" if near else "See https://valkey.io/topics/acl/."


def _order(permissions: Permissions) -> Iterator[tuple[str, str]]:
    if permissions.without_effect:
        final = permissions.commands[0]
        yield (
            f"Rules apply from left to right, and {final} undoes what stands before it: "
            f"{' '.join(permissions.without_effect)}.",
            f"Put {final} first: {' '.join([final, *permissions.without_effect])}.",
        )


def _open_doors(access: AccessString) -> Iterator[tuple[str, str]]:
    open_to = [
        command.upper()
        for command in command_table()["guide"]
        if any(allows_any_of(permissions.commands, command) for _, permissions in _places(access))
    ]
    if open_to:
        yield (
            f"This lets the user run {', '.join(open_to)}, which no login of this platform may.",
            "Write -@dangerous after the rules that give, and after it single commands to give back, such as +info.",
        )
