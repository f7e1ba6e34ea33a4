"""The document `ndlog.clusters` as dataclasses. Fields that this version does not know are left to `document`."""

from __future__ import annotations

import json
import types
import typing
from dataclasses import dataclass, field, fields
from typing import Any, Literal

Outcome = Literal["fail", "pass", "unknown"]


@dataclass(frozen=True)
class Headline:
    """A line that says so."""

    line: int
    text: str


@dataclass(frozen=True)
class Evidence:
    """What speaks for or against a cause."""

    text: str
    family: str
    weight: float
    source: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Cause:
    """A likely cause. `score` is its probability, `grade` how much of it is proved."""

    cause: str
    score: float
    grade: str
    evidence: tuple[Evidence, ...] = ()
    against: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Known:
    """The entry of the catalog that a failure matches."""

    id: str
    name: str
    what: str | None = None
    why: str | None = None
    next: str | None = None


@dataclass(frozen=True)
class Rate:
    """`failed` of the `ran` runs in which it could fail, with Wilson's interval at 95 %."""

    failed: int
    ran: int
    low: float
    high: float
    of: str | None = None
    job: str | None = None


@dataclass(frozen=True)
class Occurrence:
    """One time that it failed."""

    source: str
    line_start: int
    line_end: int
    byte_start: int
    byte_end: int
    rank: int
    exact: str
    message: str
    headline: Headline | None = None
    run: str | None = None
    test: str | None = None
    time: str | None = None
    suspect: bool = False


@dataclass(frozen=True)
class Cluster:
    """One failure, wherever it came."""

    id: str
    title: str
    kind: str
    failures: int
    in_sources: int
    verdict: str
    occurrences: tuple[Occurrence, ...] = ()
    suspects: int = 0
    tests: tuple[str, ...] = ()
    rate: Rate | None = None
    known: Known | None = None
    causes: tuple[Cause, ...] = ()
    next: str | None = None


@dataclass(frozen=True)
class Run:
    """One attempt of a job."""

    id: str
    outcome: Outcome
    sources: tuple[str, ...] = ()
    outcome_because: str | None = None
    repository: str | None = None
    workflow: str | None = None
    job: str | None = None
    attempt: int | None = None
    commit: str | None = None
    branch: str | None = None
    time: str | None = None
    host: str | None = None


@dataclass(frozen=True)
class Source:
    """One log."""

    source: str
    bytes: int
    lines: int
    outcome: Outcome
    outcome_because: str | None = None
    primary: str | None = None
    baseline: bool = False


@dataclass(frozen=True)
class Totals:
    """Sums over all sources."""

    sources: int
    bytes: int
    lines: int
    occurrences: int
    clusters: int


class Table:
    """Rows for any library that knows the Arrow PyCapsule interface."""

    def __init__(self, found: Any) -> None:
        self._found = found

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._found.occurrences(requested_schema)


@dataclass(frozen=True)
class Findings:
    """Everything that was found."""

    schema: str
    totals: Totals
    sources: tuple[Source, ...]
    runs: tuple[Run, ...]
    clusters: tuple[Cluster, ...]
    #: What could not be read, a sentence each.
    problems: tuple[str, ...] = ()
    #: The whole document, as `ndlog cluster --format json` writes it.
    document: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    #: A row for each occurrence.
    occurrences: Table | None = field(default=None, repr=False, compare=False)

    @classmethod
    def _of(cls, found: Any) -> Findings:
        document = json.loads(found.json())
        whole = {**document, "problems": found.problems(), "document": document, "occurrences": Table(found)}
        findings: Findings = _read(cls, whole)
        return findings


def _read(kind: Any, value: Any) -> Any:
    """Makes a value of the annotated type `kind` of what JSON holds."""
    if typing.get_origin(kind) is tuple:
        return tuple(_read(typing.get_args(kind)[0], item) for item in value)
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        kind = next(option for option in typing.get_args(kind) if option is not type(None))
        return None if value is None else _read(kind, value)
    if not (isinstance(kind, type) and hasattr(kind, "__dataclass_fields__")):
        return value
    types_of = typing.get_type_hints(kind)
    known = {part.name for part in fields(kind)}
    return kind(**{name: _read(types_of[name], part) for name, part in value.items() if name in known})
