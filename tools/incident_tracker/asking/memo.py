"""What was made in the build before is taken again where whatever it asked is answered the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from incident_tracker.asking.digests import UntoldError, digest
from incident_tracker.asking.records import RECALL, WORKED_OUT
from incident_tracker.asking.trace import Asking, Told, Trace
from incident_tracker.asking.values import Kinds, read, written
from incident_tracker.model import Record, Tracker

NODES = "nodes"
_VALUE = "value "
_PIECE = "piece "


class Shelf(Protocol):
    """Where what was made is kept, with some facts about it, under a name and a key."""

    def find(self, name: str, key: str) -> tuple[Mapping[str, Any], bytes] | None:
        """Return the facts and the bytes of this name, if they were kept under this key."""

    def keep(self, name: str, key: str, facts: Mapping[str, Any], data: bytes) -> None:
        """Keep them for the next build."""


@dataclass(slots=True)
class Memo:
    """The things that are made of one tracker at one moment.

    ``common`` is the digest of what all of them depend on and none of them asks for: the protocol,
    our own sources, the versions of what they use.
    """

    asking: Asking
    shelf: Shelf
    common: str
    tracker: Tracker
    """The tracker as one that is asked."""
    report: Callable[[], Any]
    """Gives the verdict on it."""
    fresh: list[str] = field(default_factory=list)
    """The names of what could not be taken again."""
    _names: set[str] = field(default_factory=set)
    _pieces: dict[str, str] = field(default_factory=dict)
    _by_path: Mapping[str, Record] = field(init=False)

    def __post_init__(self) -> None:
        """Find the records by their paths, and let the tracker know what it worked out before."""
        self._by_path = {record.path: record for record in self.tracker.records}
        self.tracker.__dict__[RECALL] = partial(self.value, kinds={})

    @property
    def names(self) -> AbstractSet[str]:
        """The names of all that is kept."""
        return self._names

    def record(self, path: str) -> Record:
        """Return a record that is there, as one that is asked."""
        return self._by_path[path]

    def key(self, recipe: object) -> str | None:
        """Return what a thing depends on besides what it asks, None where nobody can tell."""
        try:
            return digest((self.common, recipe))
        except UntoldError:
            return None

    def known(self, name: str, key: str | None) -> bytes | None:
        """Return what was made before, if it would be made again."""
        found = self.shelf.find(name, key) if key else None
        if found is None or not self.asking.holds(found[0].get("asked")):
            return None
        self._names.add(name)
        return found[1]

    def made(self, work: Callable[[], bytes]) -> bytes:
        """Return what the work makes, with what it asked; in whichever process."""
        with self.asking.listening() as trace:
            data = work()
        facts = {"asked": self._told(trace)}
        pieces, self._pieces = self._pieces, {}
        return (
            json.dumps([facts, self.asking.newly(), pieces], allow_nan=False).encode()
            + b"\n"
            + data
        )

    def _told(self, trace: Trace) -> Told | None:
        try:
            return self.asking.told(trace)
        except UntoldError:
            return None

    def taken(self, name: str, key: str | None, made: bytes) -> bytes:
        """Keep what was made in whichever process, and return it."""
        head, _, data = made.partition(b"\n")
        self.fresh.append(name)
        facts, new, pieces = json.loads(head)
        for node, text in pieces.items():
            line = text.encode("utf-8", "surrogatepass")
            self.shelf.keep(_VALUE + node, self.common, {}, line)
        for node, told in new.items():
            self.asking.nodes.setdefault(node, told)
        if key and facts["asked"] is not None:
            self.shelf.keep(name, key, facts, data)
            self._names.add(name)
        return data

    def value(self, node: str, kinds: Kinds) -> object:
        """Return what was worked out in the build before under a name, None where it is lost."""
        found = self.shelf.find(_VALUE + node, self.common)
        try:
            return read(json.loads(found[1]), kinds, self._by_path) if found else None
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
            return None

    def piece(self, key: str | None, kind: str, record: Record, work: Callable[[], str]) -> str:
        """Return what is made of one record as a part of something else, made once.

        ``key`` is what it depends on besides what it asks. A record that is not asked, as one that
        was made for the public, tells nothing of where it came from.
        """
        if key is None or not getattr(type(record), "asks", False):
            return work()
        node = f"{_PIECE}{kind} {key} {record.path}"

        def made() -> str:
            self._pieces[node] = text = work()
            return text

        def kept() -> str | None:
            found = self.shelf.find(_VALUE + node, self.common)
            return found[1].decode("utf-8", "surrogatepass") if found else None

        text = self.asking.worked_out(node, made, kept)
        self.asking.name(node, lambda _: text)
        self.asking.ask(node)
        return text

    def keep_value(self, node: str, kinds: Kinds) -> None:
        """Keep what was worked out under a name, if it was and can be."""
        name = _VALUE + node
        if self.asking.stands_still(node):
            self._names.add(name)  # what is there holds
            return
        value = self.asking.value(node)
        if value is None:  # another process worked it out
            return
        try:
            line = json.dumps(written(value, kinds), allow_nan=False)
        except (UntoldError, ValueError):
            return
        self.shelf.keep(name, self.common, {}, line.encode())
        self._names.add(name)

    def finish(self) -> None:
        """Keep what the named questions depend on, once everything is made."""
        for node in WORKED_OUT:
            self.keep_value(node, {})
        self.shelf.keep(NODES, self.common, {NODES: self.asking.nodes}, b"")
        self._names.add(NODES)
        self._names.update(_VALUE + node for node in self.asking.nodes if node.startswith(_PIECE))


def kept_nodes(shelf: Shelf, common: str) -> Mapping[str, Told]:
    """Return what the named questions of the build before depended on."""
    found = shelf.find(NODES, common)
    nodes = found[0].get(NODES) if found else None
    return nodes if isinstance(nodes, dict) else {}
