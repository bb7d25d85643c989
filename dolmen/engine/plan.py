"""Holds what a program asks for, as data: the `Plan`.

Every other room reads it. A plan holds no secret. A secret value is replaced, in the process that evaluated the
program, by a `Secret` whose fingerprint is keyed with a random key of this run: two plans of one run can be compared,
and nothing can be guessed from a report. Values are immutable data (a plan crosses from the evaluating process
to the reading one: `dolmen.engine.wire`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias, Union

from dolmen.engine.forms import Name, Urn
from dolmen.engine.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that only a cloud can give ("known after apply")."""

    def __str__(self) -> str:
        return "known after apply"


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that is secret.

    Equal fingerprints within one run mean equal values; `None` means an unknown value.
    """

    fingerprint: str | None = None

    @property
    def unknown(self) -> bool:
        return self.fingerprint is None

    def __str__(self) -> str:
        return "[secret]"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A value that the plan had to make up.

    The result of a lookup, for instance, or a missing config value. `label` says what it stands for
    (`aws:index/getCallerIdentity:getCallerIdentity.accountId`). The program may have put it inside a longer string:
    then the string holds `‹label›`, and the resource's `assumed` names the path.
    """

    label: str

    def __str__(self) -> str:
        return f"‹{self.label}›"


@dataclass(frozen=True, slots=True)
class Reference:
    """A resource passed as a value."""

    urn: str


@dataclass(frozen=True, slots=True)
class Asset:
    """A file, string, remote file or archive of them.

    `fingerprint` is the SHA-256 of the content where it is known.
    """

    kind: str
    source: str
    fingerprint: str | None = None


Value: TypeAlias = Union[
    bool, int, float, str, "list[Value]", "Mapping[str, Value]", Unknown, Secret, Placeholder, Reference, Asset, None
]


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the user's own sources.

    `file` is relative to the project's folder; lines and columns start at 1.
    """

    file: str
    line: int
    column: int | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Options:
    """Resource options, after transforms and inheritance from the parent."""

    protect: bool | None = None
    retain_on_delete: bool | None = None
    delete_before_replace: bool | None = None
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    """URNs under which the resource may be known in an older state."""
    inherited_aliases: tuple[str, ...] = ()
    """Further such URNs, which hold if a parent was found under one of its own aliases."""
    additional_secret_outputs: tuple[str, ...] = ()
    custom_timeouts: Mapping[str, str] = field(default_factory=dict)
    """`create`, `update`, `delete` → a Go duration."""
    provider: str | None = None
    """`<provider URN>::<id>`, or `default:<package>@<version>`."""
    providers: Mapping[str, str] = field(default_factory=dict)
    version: str | None = None
    plugin_download_url: str | None = None
    import_id: str | None = None
    deleted_with: str | None = None
    replace_with: tuple[str, ...] = ()
    hide_diffs: tuple[str, ...] = ()
    hooks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def provider_urn(self) -> str:
        """The provider without its id: a URN, or empty for a default one that a plan does not hold."""
        return (self.provider or "").rpartition("::")[0]


@dataclass(frozen=True, slots=True)
class Resource:
    urn: Urn
    type: Name
    name: Name
    parent: Urn | None
    custom: bool
    inputs: Mapping[str, Value]
    options: Options = field(default_factory=Options)
    dependencies: tuple[str, ...] = ()
    """URNs, sorted."""
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    remote: bool = False
    """A component that another process would build: what is inside it is not analysed."""
    read: bool = False
    """Looked up by id (`Resource.get`), not managed."""
    id: str | None = None
    outputs: Mapping[str, Value] | None = None
    """What a component registered as its outputs."""
    source: Position | None = None
    """The innermost frame of the user's own sources that made the resource."""
    frames: tuple[Position, ...] = ()
    """All frames of the user's own sources, innermost first."""
    assumed: tuple[str, ...] = ()
    """Paths of inputs that rest on a placeholder."""

    @property
    def package(self) -> str:
        return self.type.split(":", 1)[0]


@dataclass(frozen=True, slots=True)
class Invoke:
    """What the program asked: a lookup (`aws.get_caller_identity()`), boto3, a command, a page."""

    token: str
    arguments: Mapping[str, Value]
    outcome: str
    """`given` (from the lookups file), `assumed` (placeholders), `deferred` (its arguments are not known yet).

    `unanswered`: a command that was started, or a request that was refused, for want of an answer.
    """
    source: Position | None = None
    output_form: bool = False
    """Whether the program called the `_output` form."""


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    severity: Severity
    message: str
    urn: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader must know about the limits of the plan.

    `kind` is `assumed` (a value was made up), `not-analysed` (a part was not looked into) or `warning` (the program did
    something that a plan should not, such as writing a file).
    """

    kind: str
    subject: str
    detail: str


class FailureKind(StrEnum):
    """Why there is no complete plan, and the exit code that follows."""

    REFUSED = "refused"
    """The program or the stack file refused its configuration (`pulumi.RunError`, a malformed file): exit code 2."""
    PROGRAM = "program"
    """The program raised, exited or used the engine wrongly: exit code 1."""
    TIMEOUT = "timeout"
    """The program did not end within the time limit: exit code 1."""
    CRASH = "crash"
    """The evaluating process died (out of memory, a signal): exit code 1."""


@dataclass(frozen=True, slots=True)
class Failure:
    kind: FailureKind
    message: str
    """For people; for `PROGRAM` it holds the program's own frames."""
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    project: str
    stack: str
    organization: str
    resources: tuple[Resource, ...]
    """In the order of registration; the first is the stack itself."""
    outputs: Mapping[str, Value]
    config: Mapping[str, Value] = field(default_factory=dict)
    """The configuration that the program saw; `secure:` values are `Secret`."""
    stack_file: str | None = None
    """Relative to the project's folder; `None` when the stack has no file."""
    plugins: Mapping[str, str] = field(default_factory=dict)
    """Package → where the project file takes its provider from, instead of the registry."""
    invokes: tuple[Invoke, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    notes: tuple[Note, ...] = ()
    output: str = ""
    """What the program printed."""
    failure: Failure | None = None
    findings: Mapping[str, object] = field(default_factory=dict[str, object])
    """What observers found, by the name the caller gave them (see `dolmen.engine.observing`)."""
    seconds: float = 0.0
    surroundings: Surroundings | None = None
    """What the program ran in, as the judging process knows it; `None` where none was run in an evaluator."""

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources)

    def by_urn(self) -> Mapping[str, Resource]:
        return {resource.urn: resource for resource in self.resources}
