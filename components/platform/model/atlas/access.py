"""Users beside those of the applications, and the key that encrypts the disks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from dolmen.stackfile import Problem

from ..applications import ApplicationName
from ..base import Section, broken


def _principal(value: str) -> str:
    if not re.fullmatch(r"arn:aws[a-z-]*:iam::\d{12}:(role|user)/[\w+=,.@/-]{1,512}", value):
        raise broken(
            "The ARN of an IAM role or user is expected here.",
            "Write such as arn:aws:iam::123456789012:role/chat-app.",
        )
    return value


def _key_arn(value: str) -> str:
    if not re.fullmatch(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[0-9a-f-]{36}", value) and not re.fullmatch(
        r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/mrk-[0-9a-f]{32}", value
    ):
        raise broken(
            "The ARN of a KMS key is expected here; an alias is not enough for Atlas.",
            "Write such as arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab.",
        )
    return value


class Users(Section):
    """Users beside the two that each application has."""

    operations: bool = True
    """Whether each application's database has a user for indexes, statistics and the profiler, without its data."""
    read_only: bool = False
    """Whether each application's database has a user that only reads it."""
    iam: Mapping[
        ApplicationName, Annotated[tuple[Annotated[str, AfterValidator(_principal)], ...], Field(min_length=1)]
    ] = {}
    """IAM roles and users that may log in as an application, without a password, by the application's name."""

    def problems(self) -> Iterator[Problem]:
        owners: dict[str, str] = {}
        for application, principals in self.iam.items():
            for index, principal in enumerate(principals):
                owner = owners.setdefault(principal, application)
                if principals.index(principal) != index or owner != application:
                    yield Problem(
                        ("iam", application, index),
                        f"An IAM principal is one user of the project: this one belongs to {owner} already.",
                        "Give each application a role of its own.",
                    )


class EncryptionKey(Section):
    """A KMS key of yours encrypts the disks and snapshots, in place of Atlas's own. Who disables it stops the cluster."""

    create: bool | None = None
    """`true`: create a key, with yearly rotation."""
    adopt: Annotated[str, AfterValidator(_key_arn)] | None = None
    """The ARN of an existing key, in the cluster's region."""

    def problems(self) -> Iterator[Problem]:
        if (self.create is True) == (self.adopt is not None):
            yield Problem(
                (), "A key is either created or adopted: exactly one.", "Write create: true or adopt: <ARN of the key>."
            )
