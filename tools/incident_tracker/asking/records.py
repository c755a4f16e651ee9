"""Records and a tracker that write down what is asked of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import cached_property, partial
from typing import Any, TypeVar, cast

from incident_tracker.asking.trace import LOG, NOTHING, SAID, SECTION, Asking, section_of
from incident_tracker.lines import Entry, Log
from incident_tracker.model import Incident, Record, Review, Runbook, Section, Tracker

Of = TypeVar("Of", bound=Record)
Value = TypeVar("Value")
_ASKING = "asking"
_READ = "read"
_LOG = "log"
_ASKED_LOG = "asked log"
RECALL = "recall"
"""Gives what was worked out in the build before under a name, None where it is lost."""
RECORDS = ("incidents", "reviews", "runbooks")
_ITSELF = frozenset(("path",))
"""What a record is known by: asking for it asks nothing."""
_NODE = "tracker."


class Asked(Mapping[str, Value]):
    """A table of which each key that is asked for is written down."""

    asks = True

    def __init__(self, asking: Asking, name: str, table: Mapping[str, Value]) -> None:
        """Stand for the table that answers the question of this name."""
        self._asking = asking
        self._name = name
        self._table = table

    def __getitem__(self, key: str) -> Value:
        """Return one value."""
        self._asking.ask(self._name, key)
        return self._table[key]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the keys, which asks for all of it."""
        self._asking.ask(self._name)
        return iter(self._table)

    def __len__(self) -> int:
        """Return how many there are, which asks for all of it."""
        self._asking.ask(self._name)
        return len(self._table)


def _field(name: str) -> property:
    def get(self: Any) -> object:  # noqa: ANN401 # each of the kinds below
        known = self.__dict__
        known[_ASKING].fields[name].add(known["path"])
        if name not in known:
            known[_READ]()
        return known[name]

    return property(get)


def _section(self: Any, title: str) -> Section | None:  # noqa: ANN401 # as above
    """One section, which is a question of its own."""
    known = self.__dict__
    known[_ASKING].fields[SECTION + title.casefold()].add(known["path"])
    if "sections" not in known:
        known[_READ]()
    return section_of(known, title.casefold())


class AskedLog(Log):
    """A log of which each part is a question, and the lines of each phrase are one.

    Most ask for little of it, and a line more in a timeline is nothing to them.
    """

    __slots__ = ("_known",)
    asks = True

    def __init__(self, known: dict[str, Any]) -> None:
        """Stand for the log among what is known of a record."""
        self._known = known

    def of(self, *phrases: str) -> tuple[Entry, ...]:
        """Return the entries that say one of the phrases, in the order of the file."""
        for phrase in phrases:
            self._known[_ASKING].fields[SAID + phrase].add(self._known["path"])
        log: Log = self._known[_LOG]
        return log.of(*phrases)

    @property
    def path(self) -> str:
        """The path of its record."""
        path: str = self._known["path"]
        return path


def _logged(name: str) -> property:
    def get(self: Any) -> object:  # noqa: ANN401 # the kind above
        known = self._known
        known[_ASKING].fields[LOG + name].add(known["path"])
        return getattr(known[_LOG], name)

    return property(get)


for _row in fields(Log):
    setattr(AskedLog, _row.name, _logged(_row.name))


def _log(self: Any) -> AskedLog:  # noqa: ANN401 # an incident of the kind below
    """The log, of which the parts are asked for."""
    known = self.__dict__
    if _LOG not in known:
        known[_READ]()
    if _ASKED_LOG not in known:
        known[_ASKED_LOG] = AskedLog(known)
    log: AskedLog = known[_ASKED_LOG]
    return log


def _asked(kind: type[Record]) -> Any:  # noqa: ANN401 # a kind made here
    """Return a kind of record that writes down what is asked of it.

    It says of itself that it is of the other kind; so what is made of one with changes is plain.
    """
    made: dict[str, object] = {
        row.name: _field(row.name) for row in fields(kind) if row.name not in _ITSELF
    }
    made |= {"asks": True, "section": _section}
    if _LOG in made:
        made[_LOG] = property(_log)
    for above in kind.__mro__:
        for name, value in vars(above).items():
            if isinstance(value, cached_property):  # what it is made of is asked each time
                made.setdefault(name, property(value.func))
    return type(f"Asked{kind.__name__}", (kind,), made | {"__class__": property(lambda _: kind)})


_KINDS: Mapping[type[Record], Any] = {kind: _asked(kind) for kind in (Incident, Review, Runbook)}


def _listed(name: str) -> property:
    def get(self: Tracker) -> object:
        known = self.__dict__
        known[_ASKING].ask(_NODE + name)
        return known[name]

    return property(get)


def _table(name: str) -> property:
    return property(lambda self: self.__dict__[name])


def worked_out(node: str, work: Callable[[Any], object]) -> property:
    """Return what is worked out once for all and need not be where it would be the same.

    Of a table each key is a question, else all of it is one.
    """

    def get(self: Any) -> object:  # noqa: ANN401 # a tracker, a book
        asking: Asking = self.__dict__[_ASKING]
        value = _worked(self, node, work)
        if isinstance(value, Mapping):
            return Asked(asking, node, value)
        asking.ask(node)
        return value

    return property(get)


def answer(of: object, node: str, work: Callable[[Any], object], key: str | None) -> object:
    """Return what is worked out as the answer to a question, by a key where it has keys."""
    value = _worked(of, node, work)
    return part(value, key) if isinstance(value, Mapping) else value


def _worked(of: object, node: str, work: Callable[[Any], object]) -> object:
    known = of.__dict__
    asking: Asking = known[_ASKING]
    return asking.worked_out(node, lambda: _settled(work(of)), partial(known[RECALL], node))


def _settled(value: object) -> object:
    """A table to which asking adds nothing."""
    return dict(value) if isinstance(value, Mapping) else value


_LISTS = [row.name for row in fields(Tracker) if row.name != "protocol"]
_KNOWN = (*_LISTS, "component_by_id", "records")
_BY_KEY = {"incident_by_id": "by id", "review_by_incident": "by incident"}
WORKED_OUT: Mapping[str, Callable[[Any], object]] = {
    _NODE + name: value.func
    for name, value in vars(Tracker).items()
    if isinstance(value, cached_property) and name not in (*_KNOWN, *_BY_KEY)
}
"""What a tracker knows of all its records together."""
_ASKED_TRACKER: Any = type(
    "AskedTracker",
    (Tracker,),
    {
        "__doc__": "A tracker that writes down what is asked of it.",
        "__class__": property(lambda _: Tracker),  # what is made of it with changes is plain
        "asks": True,
        **{name: _table(node) for name, node in _BY_KEY.items()},
        **{name: _listed(name) for name in _KNOWN},
        **{node.removeprefix(_NODE): worked_out(node, work) for node, work in WORKED_OUT.items()},
    },
)


def asked(tracker: Tracker, asking: Asking) -> Tracker:
    """Return the tracker as one that is asked."""
    lists: dict[str, Any] = {row.name: getattr(tracker, row.name) for row in fields(Tracker)}
    for name in RECORDS:
        lists[name] = tuple(_one(record, asking) for record in lists[name])
    return asked_tracker(lists, asking)


def asked_tracker(lists: Mapping[str, Any], asking: Asking) -> Tracker:
    """Return a tracker of asked records and whatever else a tracker has."""
    made: Tracker = object.__new__(_ASKED_TRACKER)
    known: dict[str, Any] = made.__dict__
    known.update({**lists, _ASKING: asking, RECALL: lambda _: None})
    known["component_by_id"] = {component.id: component for component in known["components"]}
    every: list[Record] = [*known["incidents"], *known["reviews"], *known["runbooks"]]
    known["records"] = tuple(sorted(every, key=lambda record: record.path))
    for name in _KNOWN:
        asking.name(_NODE + name, partial(part, known[name]))
    for node, work in WORKED_OUT.items():
        asking.name(node, partial(answer, made, node, work))
    tables = {
        "by id": {incident.__dict__["id"]: incident for incident in known["incidents"]},
        "by incident": {review.__dict__["incident"]: review for review in known["reviews"]},
    }
    for name, table in tables.items():
        known[name] = Asked(asking, _NODE + name, table)
        asking.name(_NODE + name, partial(part, table))
    return made


def unread_record(
    kind: type[Record], known: Mapping[str, object], read: Callable[[], Record], asking: Asking
) -> Record:
    """Return an asked record that is read when something else than what is known is asked of it."""
    made: Record = object.__new__(_KINDS[kind])
    values = made.__dict__

    def fill() -> None:
        record = read()
        values.update({row.name: getattr(record, row.name) for row in fields(kind)})

    values.update({**known, _ASKING: asking, _READ: fill})
    return made


def questions(*records: Record) -> Iterator[str]:
    """Yield every question that can be asked of one of some records of a kind."""
    names = [row.name for row in fields(records[0])]
    yield from (name for name in names if name != _LOG)
    yield from {f"{SECTION}{each.title.casefold()}" for one in records for each in one.sections}
    logs = [one.log for one in records if isinstance(one, Incident)]
    if logs:
        yield from (f"{LOG}{row.name}" for row in fields(Log))
        yield from {f"{SAID}{phrase}" for log in logs for phrase in log.by_phrase}


def part(table: Mapping[str, object], key: str | None) -> object:
    """Return what a table has for a key; all of it where there is none."""
    return table if key is None else table.get(key, NOTHING)


def _one(record: Of, asking: Asking) -> Of:
    kind = record.__class__
    made = object.__new__(_KINDS[kind])
    names = [row.name for row in fields(kind)]
    made.__dict__.update({name: getattr(record, name) for name in names})
    made.__dict__[_ASKING] = asking
    asking.know(kind.__name__, record.path, made.__dict__)
    return cast("Of", made)
