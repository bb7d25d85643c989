"""Stacks of one repository share no platform name: roles, secrets and ids are made of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dolmen.stackfile import Document, Problem, StackFileError, read
from dolmen.stackfile.platform_names import names_in

NAMESPACE, NAME_KEY, ACCOUNTS_KEY = "dolmen", "dolmen:name", "aws:allowedAccountIds"


def shared_name(path: Path, document: Document) -> Iterator[Problem]:
    """A problem for each other stack file beside this one that has its platform name.

    Roles are unique in an account, whatever the region: two files may share a name only where each says, with
    `aws:allowedAccountIds`, that it is for another account."""
    name = _name(document)
    if not name:
        return
    for other in sorted(path.parent.glob(f"Pulumi.*{path.suffix}")):
        if other != path and name in names_in(other) and _same_account(document, other):
            stack = other.name.removeprefix("Pulumi.").removesuffix(path.suffix)
            yield Problem(
                ("name",),
                f"The stack {stack} has this name, too: both would claim the same roles, secrets and ids.",
                f"Choose another name, or give both stacks the accounts they are for: {ACCOUNTS_KEY}.",
            )


def _same_account(document: Document, other: Path) -> bool:
    try:
        theirs = read(other, other.name)
    except StackFileError:
        return False
    if _name(theirs) != _name(document):
        return False
    accounts = [_accounts(found) for found in (document, theirs)]
    return not all(accounts) or bool(accounts[0] & accounts[1])


def _name(document: Document) -> str:
    found = document.config(NAMESPACE).get(NAME_KEY)
    return "" if found is None or found.secure else found.text


def _accounts(document: Document) -> set[str]:
    given = document.section.get(ACCOUNTS_KEY)
    return {str(account) for account in given} if isinstance(given, list) else set()
