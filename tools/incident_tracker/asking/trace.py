"""Questions and answers: what one maker asked, and whether it would be answered the same now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

from incident_tracker.asking.digests import UntoldError, combined, digest
from incident_tracker.lines import Log, Section

MANY = 40
"""Of more records of a kind that are asked for a field, it is the field of all of them."""
NOTHING = "nothing"
SECTION = "section "
"""Before a title: one section of a record, as if it were a field."""
LOG = "log."
"""Before a name: one part of what the timeline and the updates of an incident say."""
SAID = "said "
"""Before a phrase: the lines of a timeline that say it."""
Answer = Callable[[str | None], object]
Made = TypeVar("Made")
Reading = Callable[[], object]
Born = tuple[str, Mapping[str, str]]
"""The version of a file that its fields came with, and those that came later."""
Told = Mapping[str, Any]
"""A trace as JSON knows it."""


@dataclass(slots=True, eq=False)
class Trace:
    """What one maker asks: fields of records, other questions by name and key, the moment."""

    fields: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The paths of the records that are asked for a field, by its name."""
    others: set[tuple[str, str | None]] = field(default_factory=set)
    after: datetime | None = None
    before: datetime | None = None
    is_exact: bool = False

    def time(self, sign: int, moment: datetime) -> None:
        """Write down on which side of a moment it is now."""
        if sign == 0:
            self.is_exact = True
        elif sign > 0 and (self.after is None or moment > self.after):
            self.after = moment
        elif sign < 0 and (self.before is None or moment < self.before):
            self.before = moment


def section_of(values: Mapping[str, object], title: str) -> Section | None:
    """Return the section of a title among the values of a record."""
    wanted = title.removeprefix(SECTION)
    every = cast("tuple[Section, ...]", values["sections"])
    return next((each for each in every if each.title.casefold() == wanted), None)


def value_of(values: Mapping[str, object], name: str) -> object:
    """Return what the values of a record answer to a field's name, or to one of the above."""
    if name.startswith(SECTION):
        return section_of(values, name)
    if name.startswith(LOG):
        return getattr(values["log"], name.removeprefix(LOG))
    if name.startswith(SAID):
        phrase = name.removeprefix(SAID)
        entries = cast("Log", values["log"]).entries
        # With their ranks among all that say something: who asks for several gets them in order.
        said = enumerate((entry.said, entry) for entry in entries if entry.said is not None)
        return tuple((rank, entry) for rank, (what, entry) in said if what.phrase == phrase)
    return values[name]


class Asking:
    """The answers of one build, and who asks just now."""

    def __init__(self, now: datetime, kept: Mapping[str, Told] | None = None) -> None:
        """Begin; ``kept`` are the traces of the named questions of the build before."""
        self.now = now
        self.trace = Trace()
        self.fields = self.trace.fields
        self.nodes: dict[str, Told] = {}
        """The traces of the named questions that were worked out or found to hold."""
        self._new: list[str] = []
        self._kept = dict(kept or {})
        self._records: dict[str, Mapping[str, object]] = {}
        self._kinds: dict[str, list[str]] = {}
        self._kind_of: dict[str, str] = {}
        self._born: dict[str, Born] = {}
        self._same_files: set[str] = set()
        self._named: dict[str, Answer] = {}
        self._values: dict[str, object] = {}
        self._fields: dict[tuple[str, str], str] = {}
        self._every: dict[tuple[str, str], str] = {}
        self._answers: dict[tuple[str, str | None], str] = {}
        self._stands: dict[str, bool] = {}

    # --- what can be asked ------------------------------------------------------------------------

    def know(
        self,
        kind: str,
        path: str,
        values: Mapping[str, object],
        born: Born | None = None,
        *,
        is_same: bool = False,
    ) -> None:
        """A record and its fields, or which version of its file each field came with.

        ``is_same`` says that it was known so in the build before as well.
        """
        self._records[path] = values
        if is_same:
            self._same_files.add(path)
        if born is not None:
            self._born[path] = born
        self._kinds.setdefault(kind, []).append(path)
        self._kind_of[path] = kind

    def name(self, name: str, answer: Answer) -> None:
        """A question by its name, and how it is answered, by a key where it has keys."""
        self._named[name] = answer

    def worked_out(self, name: str, work: Callable[[], Made], read: Reading | None = None) -> Made:
        """Return what is worked out once for all; what is asked meanwhile is written down.

        Where it would be the same as in the build before, it is ``read`` if that gives anything.
        """
        if name not in self._values and read is not None and self.stands_still(name):
            value = read()
            if value is not None:
                self._values[name] = value
        if name not in self._values:
            with self.listening() as trace:
                self._values[name] = work()
            with suppress(UntoldError):  # then its answers are compared
                self.nodes[name] = self.told(trace)
                self._new.append(name)
        return cast("Made", self._values[name])

    # --- asking -----------------------------------------------------------------------------------

    def ask(self, name: str, key: str | None = None) -> None:
        """Write down a question."""
        self.trace.others.add((name, key))

    @contextmanager
    def listening(self) -> Iterator[Trace]:
        """Write down in a trace of its own."""
        before = self.trace
        self.trace = Trace()
        self.fields = self.trace.fields
        try:
            yield self.trace
        finally:
            self.trace = before
            self.fields = before.fields

    # --- the answers ------------------------------------------------------------------------------

    def told(self, trace: Trace) -> Told:
        """Return a trace with the answers; UntoldError where one has no digest."""
        every: list[tuple[str, str]] = []
        single: dict[str, list[str]] = {}
        for name, paths in trace.fields.items():
            for kind, some in self._by_kind(paths):
                if len(some) > MANY:
                    every.append((kind, name))
                else:
                    for path in some:
                        single.setdefault(path, []).append(name)
        return {
            "fields": {
                path: ["\n".join(sorted(names)), self._some(path, sorted(names))]
                for path, names in single.items()
            },
            "every": [[*row, self._all(*row)] for row in sorted(every)],
            "others": self._others(trace),
            "time": self._time(trace),
        }

    def _by_kind(self, paths: Collection[str]) -> Iterable[tuple[str, Collection[str]]]:
        if len(paths) <= MANY:
            return (("", paths),)  # of none of them too many
        found: dict[str, list[str]] = {}
        for path in paths:
            found.setdefault(self._kind_of[path], []).append(path)
        return found.items()

    def holds(self, told: object) -> bool:
        """Whether everything would be answered the same; not where it is no trace."""
        try:
            return self._holds(cast("Told", told))
        except (LookupError, TypeError, ValueError, AttributeError):
            return False

    def _holds(self, told: Told) -> bool:
        exact, after, before = told["time"]
        if exact is not None and exact != self.now.isoformat():
            return False
        if after is not None and self.now <= datetime.fromisoformat(after):
            return False
        if before is not None and self.now >= datetime.fromisoformat(before):
            return False
        return (
            all(
                path in self._same_files  # whatever was kept held in the build before
                or (path in self._records and self._some(path, names.split("\n")) == answer)
                for path, (names, answer) in told["fields"].items()
            )
            and all(self._all(kind, name) == answer for kind, name, answer in told["every"])
            and all(
                self.stands_still(name)  # what it is worked out from comes first
                or all(self._other(name, key) == answer for key, answer in rows)
                for name, rows in told["others"].items()
            )
        )

    def _others(self, trace: Trace) -> dict[str, list[list[str | None]]]:
        found: dict[str, list[list[str | None]]] = {}
        for name, key in sorted(trace.others, key=str):
            found.setdefault(name, []).append([key, self._other(name, key)])
        return found

    def value(self, name: str) -> object:
        """Return what was worked out under a name, None where nothing was."""
        return self._values.get(name)

    def newly(self) -> Mapping[str, Told]:
        """Return the traces of the named questions that came since this was asked before."""
        new, self._new = self._new, []
        return {name: self.nodes[name] for name in new}

    def stands_still(self, name: str) -> bool:
        """Whether what is worked out under a name would be what it was in the build before."""
        if name not in self._kept:
            return False
        if name not in self._stands:
            self._stands[name] = self.holds(self._kept[name])
            if self._stands[name]:
                self.nodes.setdefault(name, self._kept[name])
                self._new.append(name)
        return self._stands[name]

    def _field(self, path: str, name: str) -> str:
        at = (path, name)
        if path in self._born:
            first, later = self._born[path]
            return later.get(name, first)
        if at not in self._fields:
            self._fields[at] = digest(value_of(self._records[path], name))
        return self._fields[at]

    def _some(self, path: str, names: list[str]) -> str:
        return combined(self._field(path, name) for name in names)

    def _all(self, kind: str, name: str) -> str:
        at = (kind, name)
        if at not in self._every:
            paths = self._kinds[kind]
            self._every[at] = combined([*paths, *(self._field(path, name) for path in paths)])
        return self._every[at]

    def _other(self, name: str, key: str | None) -> str:
        at = (name, key)
        if at not in self._answers:
            with self.listening():  # the answer is written down, not how it is found
                self._answers[at] = digest(self._named[name](key))
        return self._answers[at]

    def _time(self, trace: Trace) -> list[str | None]:
        if trace.is_exact:
            return [self.now.isoformat(), None, None]
        return [None, *(e.isoformat() if e else None for e in (trace.after, trace.before))]


__all__ = ["Asking", "Told", "Trace", "UntoldError"]
