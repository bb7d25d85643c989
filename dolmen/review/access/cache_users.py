"""Reads access strings of Redis and Valkey.

Grammar: https://valkey.io/topics/acl/ (rules are read from left to right, and the last one that is about a command counts).
"""

from __future__ import annotations

from collections.abc import Iterator

from dolmen.review.access.grants import Grant

_ALIASES = {
    "allkeys": "~*",
    "allchannels": "&*",
    "allcommands": "+@all",
    "nocommands": "-@all",
}


def acl_grants(who: str, text: str) -> Iterator[Grant]:
    """The rights of a cache user. What is taken away after it was given stands with what is left."""
    keys: list[str] = []
    channels: list[str] = []
    commands: list[str] = []
    on = no_password = False
    for word in text.split():
        rule = _ALIASES.get(word.lower(), word)
        if rule.lower() in ("on", "off"):
            on = rule.lower() == "on"
        elif rule.lower() == "nopass":
            no_password = True
        elif rule.lower() == "resetpass" or rule.startswith((">", "#")):
            no_password = False
        elif rule.lower() == "resetkeys":
            keys.clear()
        elif rule.lower() == "resetchannels":
            channels.clear()
        elif rule.lower() == "reset":
            keys, channels, commands = [], [], []
            on = no_password = False
        elif rule.startswith(("~", "%")):
            keys.append(rule)
        elif rule.startswith("&"):
            channels.append(rule)
        elif rule.startswith(("+", "-")):
            commands = _commands(commands, rule)
    if not on:
        return
    if no_password:
        yield Grant("everybody", f"as {who} without a password", verb="log in")
    yield Grant(who, "in", verb="log")
    for key in dict.fromkeys(keys):
        access, _, pattern = key.partition("~")
        yield Grant(who, pattern, verb={"%R": "read keys", "%W": "write keys"}.get(access.upper(), "use keys"))
    for channel in dict.fromkeys(channels):
        yield Grant(who, channel[1:], verb="use channels")
    given = [rule for rule in commands if rule.startswith("+")]
    for index, rule in enumerate(commands):
        if rule.startswith("+"):
            yield Grant(who, _command(rule), verb="run")
        elif any(_command(one) == "*" or one[1:].lower().startswith("@") for one in commands[:index]) and given:
            yield Grant(who, _command(rule), verb="run", allows=False)


def _commands(before: list[str], rule: str) -> list[str]:
    """What counts after one more rule: `@all` takes all before it back, and a rule the one about the same."""
    if rule[1:].lower() == "@all":
        return [rule] if rule.startswith("+") else []
    return [one for one in before if one[1:].lower() != rule[1:].lower()] + [rule]


def _command(rule: str) -> str:
    name = rule[1:].lower()
    return "*" if name == "@all" else name
