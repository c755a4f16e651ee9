"""What a declaration holds: rules, duties and the findings of the readers.

A rule is one function with ``@rule``; its code, name, level and examples live there, its help is
its docstring,
and its tests, its page and ``incident explain`` come from that. ``declare`` is for findings that
the readers make.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeVar

from incident_tracker.changes import ChangeSet, RecordChange
from incident_tracker.finding import Edit, Level, Position
from incident_tracker.frozen import value
from incident_tracker.model import Incident, Record, Tracker
from incident_tracker.outline import Overview
from incident_tracker.protocol import Protocol

CODE = re.compile(r"(FMT|INC|TML|UPD|CHK|SEC|PIR|ACT|RUN|REL|CHG|CFG|IMP)[0-9]{3}")
CHANGES = "CHG"
"""The family of the rules about a change; they are asked only where there is one to judge."""
Subject = TypeVar("Subject", bound=Record | Overview | RecordChange | ChangeSet)


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule found: where (a field, a position, None for the file), and one sentence."""

    where: str | Position | None
    message: str
    help: str | None = None
    fix: tuple[Edit, ...] = ()
    note: str | None = None
    path: str | None = None


@value
class Example:
    """A change to the known-good record; ``beside`` adds whole files.

    ``record`` names the good file that is changed: incident, security, maintenance, review or
    runbook. ``set`` gives
    front-matter fields their YAML text (None removes the field); ``replace`` swaps body text that
    occurs once.
    ``text`` or ``data`` stand for the whole file, ``path`` puts it elsewhere, ``gone`` deletes it.
    For a rule about a change, the known-good record is what was there before.
    """

    record: str = "incident"
    set: Mapping[str, str | None] = field(default_factory=dict)
    replace: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None
    data: bytes | None = None
    path: str = ""
    gone: bool = False


@value
class Context:
    """What a rule may know besides its record."""

    tracker: Tracker
    """Of the records only this one and its counterpart: the review of an incident, the incident of
    a review. What a rule says of one record depends on nothing else, and can be kept."""
    protocol: Protocol


@value
class Rule:
    """One declared rule; the readers' findings have no ``function``."""

    code: str
    name: str
    level: Level
    since: str
    summary: str
    why: str
    remedy: str
    bad: tuple[Example, ...]
    good: tuple[Example, ...]
    subject: type | None = None
    function: Callable[..., Iterator[Problem]] | None = None
    duty: str = ""
    gated: bool = False
    imported: bool = True

    @property
    def waivable(self) -> bool:
        """Whether a record may accept the finding: not where it could not be read, or is none."""
        if self.subject is ChangeSet:
            return False
        return self.function is not None or self.level is Level.WARNING

    @property
    def family(self) -> str:
        """The letters of the code."""
        return self.code[:3]


RULES: dict[str, Rule] = {}
RETIRED: Mapping[str, str] = {}
LOADED: set[str] = set()


def rule(
    code: str,
    subject: type[Subject],
    *,
    level: Level = Level.ERROR,
    since: str = "2.0.0",
    duty: str = "",
    gated: bool = False,
    imported: bool = True,
    bad: tuple[Example, ...] = (),
    good: tuple[Example, ...] = (),
) -> Callable[
    [Callable[[Subject, Context], Iterator[Problem]]],
    Callable[[Subject, Context], Iterator[Problem]],
]:
    """Declare a rule about a kind of record or any, about all of them, or a change of either.

    What it is about all of them is an ``Overview``: their outlines, which hold all that such a rule
    may ask.

    ``since`` is the first protocol version whose records it judges; ``imported`` says whether it
    holds against
    records that came from another system. A gated rule warns until the record has passed its gate
    and is an error
    from then on. A duty is gated, and owed only from the status that the protocol names.
    """

    def register(
        function: Callable[[Subject, Context], Iterator[Problem]],
    ) -> Callable[[Subject, Context], Iterator[Problem]]:
        summary, why, remedy = _documentation(code, inspect.getdoc(function) or "")
        _add(
            Rule(
                code=code,
                name=function.__name__.replace("_", "-"),
                level=level,
                since=since,
                summary=summary,
                why=why,
                remedy=remedy,
                bad=bad,
                good=good,
                subject=subject,
                function=function,
                duty=duty,
                gated=gated or bool(duty),
                imported=imported and not duty,
            )
        )
        return function

    return register


def declare(
    code: str,
    name: str,
    doc: str,
    *,
    level: Level = Level.ERROR,
    since: str = "2.0.0",
    bad: tuple[Example, ...] = (),
    good: tuple[Example, ...] = (),
) -> None:
    """Declare a finding that a reader makes; ``doc`` has the form of a rule's docstring."""
    summary, why, remedy = _documentation(code, inspect.cleandoc(doc))
    _add(
        Rule(
            code=code,
            name=name,
            level=level,
            since=since,
            summary=summary,
            why=why,
            remedy=remedy,
            bad=bad,
            good=good,
        )
    )


def rules() -> Mapping[str, Rule]:
    """Return all rules by code, loading the modules of the rules' folder on first use."""
    load("incident_tracker.rules")
    return RULES


class Rulebook:
    """The rules as they are now, by what they are about, so that a check asks for them once."""

    def __init__(self) -> None:
        """Read all rules."""
        self._by_subject: dict[str, list[Rule]] = {}
        self._held: dict[tuple[str, str], tuple[Rule, ...]] = {}
        for rule_ in rules().values():
            if rule_.subject is not None:
                self._by_subject.setdefault(rule_.subject.__name__, []).append(rule_)

    def about(self, subject: type) -> Sequence[Rule]:
        """Return the rules about exactly this kind of subject."""
        return self._by_subject.get(subject.__name__, ())

    def held(self, subject: type, version: str) -> Sequence[Rule]:
        """Return those that hold since a version of the protocol, or since an earlier one."""
        key = (subject.__name__, version)
        if key not in self._held:
            now = version_key(version)
            every = self.about(subject)
            self._held[key] = tuple(one for one in every if version_key(one.since) <= now)
        return self._held[key]


def load(package: str) -> None:
    """Import every module of a package once, so that what they declare is known."""
    if package in LOADED:
        return
    LOADED.add(package)
    home = import_module(package)
    for module in sorted(iter_modules(home.__path__), key=lambda found: found.name):
        import_module(f"{package}.{module.name}")


@cache
def version_key(text: str) -> tuple[int, ...]:
    """Return a version as numbers, for comparing."""
    return tuple(int(part) for part in text.split("."))


def _add(new: Rule) -> None:
    if not CODE.fullmatch(new.code):
        message = f"{new.code} is no code: three letters of a known family and three digits"
        raise ValueError(message)
    if new.code in RULES or new.code in RETIRED:
        holder = RULES[new.code].name if new.code in RULES else RETIRED[new.code]
        message = f"{new.code} is already used by {holder}"
        raise ValueError(message)
    RULES[new.code] = new


def _documentation(code: str, text: str) -> tuple[str, str, str]:
    match = re.fullmatch(r"(.+?)\n\n\*\*Why\.\*\* (.+?)\n\n\*\*Fix\.\*\* (.+)", text, re.DOTALL)
    if not match:
        message = f"{code}: the docstring needs a summary, **Why.** and **Fix.**"
        raise ValueError(message)
    summary, why, remedy = (" ".join(part.split()) for part in match.groups())
    return summary, why, remedy


def duties_of(incident: Incident) -> Mapping[str, str]:
    """Return the duties of an incident, each with the status from which it is owed."""
    owes = incident.protocol.owed(incident.severity, incident.kinds)
    found: dict[str, str] = {}
    for status, duties in owes.items():
        for duty in duties:
            found.setdefault(duty, status)
    return found
