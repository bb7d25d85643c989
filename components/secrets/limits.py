"""What AWS and this room refuse of a secret's name, of how it is kept, and of who is named in its policies."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..arguments import Place, Problem, known
from ..keys import kms_key_problems
from .replicas import replica_problems
from .store import SecretArgs

LONGEST_LABEL = 40
_LABEL = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NAME = re.compile(r"[A-Za-z0-9_+=.@-]{1,128}")
_PREFIX = re.compile(r"([A-Za-z0-9_+=.@-]+/)*")
LONGEST_PREFIX = 100
"""https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html"""

_ACCOUNT = r"arn:aws[a-z-]*:iam::\d{12}"
_ROLE_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
"""https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"""


@dataclass(frozen=True)
class ArnForm:
    """What an ARN of one kind looks like. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"""

    names: str
    pattern: str
    example: str


PRINCIPAL = ArnForm(
    "an IAM role or user", rf"{_ACCOUNT}:(role|user)/[\w+=,.@/-]+", "arn:aws:iam::123456789012:role/chat-app-task"
)
OIDC_PROVIDER = ArnForm(
    "an OpenID Connect provider",
    rf"{_ACCOUNT}:oidc-provider/[\w./-]+",
    "arn:aws:iam::123456789012:oidc-provider/oidc.eks.ap-northeast-2.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE",
)
IAM_POLICY = ArnForm(
    "an IAM policy",
    r"arn:aws[a-z-]*:iam::(aws|\d{12}):policy/[\w+=,.@/-]+",
    "arn:aws:iam::123456789012:policy/boundary",
)


def arn_problems(arn: str | None, form: ArnForm, argument: Place) -> Iterator[Problem]:
    """What is wrong with an ARN, if it is known."""
    if arn is not None and not re.fullmatch(form.pattern, arn):
        yield Problem(
            argument, f"This is not the ARN of {form.names}.", f"Write it in full, without wildcards: {form.example}."
        )


def role_name_problems(name: str | None, argument: Place) -> Iterator[Problem]:
    if name is not None and not _ROLE_NAME.fullmatch(name):
        yield Problem(
            argument,
            "A role's name has 1 to 64 letters, digits and _ + = , . @ -.",
            "Write the name alone, not the ARN: chat-app-task.",
        )


def owner_problems(platform: str | None, application: str | None) -> Iterator[Problem]:
    """What is wrong with the names of a platform and an application as parts of a secret's name."""
    for argument, name in (("platform", platform), ("application", application)):
        if name is not None and not _NAME.fullmatch(name):
            yield Problem(
                (argument,),
                "A part of a secret's name has 1 to 128 letters, digits and _ + = . @ -.",
                "Write a name such as chat-app.",
            )


def label_problems(label: str | None, argument: Place) -> Iterator[Problem]:
    """What is wrong with the last part of a secret's name."""
    if label is not None and (not _LABEL.fullmatch(label) or len(label) > LONGEST_LABEL):
        yield Problem(
            argument,
            "A secret's name has lower-case letters, digits and single hyphens, begins with a letter, and has at most "
            f"{LONGEST_LABEL} characters.",
            "Write a name such as webhook-key.",
        )


def secret_problems(args: SecretArgs, region: str | None = None) -> Iterator[Problem]:
    """What is refused of every secret of this room, in a region where it is known."""
    yield from owner_problems(known(args.get("platform")), known(args.get("application")))
    yield from _prefix_problems(known(args.get("name_prefix")))
    days = known(args.get("recovery_window_days"))
    if days is not None and days != 0 and not 7 <= days <= 30:
        yield Problem(
            ("recovery_window_days",),
            "Secrets Manager keeps a deleted secret for 7 to 30 days, or not at all.",
            "Write 7 or more, or 0 to delete at once." if days < 7 else "Write 30 or less.",
        )
    yield from kms_key_problems(known(args.get("kms_key_arn")), region, ("kms_key_arn",))
    yield from replica_problems(args.get("replicas"), region)
    readers = known(args.get("cross_account_readers")) or ()
    if readers and args.get("kms_key_arn") is None:
        yield Problem(
            ("cross_account_readers",),
            "AWS's own key for Secrets Manager cannot be used from another account.",
            "Give the secrets a key of yours, whose policy lets these readers decrypt.",
        )
    principals = known(args.get("only_principals")) or ()
    for argument, given in (("only_principals", principals), ("cross_account_readers", readers)):
        arns = [known(arn) for arn in given]
        for index, arn in enumerate(arns):
            yield from arn_problems(arn, PRINCIPAL, (argument, index))
            if arn is not None and arn in arns[:index]:
                yield Problem((argument, index), "This entry stands in the list twice.", "Remove one of the two.")
    for index, role in enumerate(known(args.get("reader_roles")) or ()):
        yield from role_name_problems(known(role), ("reader_roles", index))


def _prefix_problems(prefix: str | None) -> Iterator[Problem]:
    if prefix is None:
        return
    if not _PREFIX.fullmatch(prefix):
        yield Problem(
            ("name_prefix",),
            "A prefix is made of names with letters, digits and _ + = . @ -, and each ends with a slash.",
            "Write a prefix such as staging/.",
        )
    elif len(prefix) > LONGEST_PREFIX:
        yield Problem(("name_prefix",), f"A prefix has at most {LONGEST_PREFIX} characters.", "Shorten it.")
