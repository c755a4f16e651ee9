"""What may be typed next: ids from the names of files, words from the protocol's file.

What a word stands for is said by its metavar (`[ID] ROLE NAME`) or its option. Nothing here reads
a record whole, writes, or fails aloud: where there is no answer, there is no suggestion.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from incident_tracker.protocol import Protocol
    from incident_tracker.registers import Contacts

PROTOCOL = "protocol/protocol.yml"
NEWEST = 100  # of so many records the beginning is read, to see which are open
BEGINNING = 2_000
SLUG_FROM = 11
# No other character of a file's name reaches the shell.
ID = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-([a-z0-9-]+)")
ROOT_CAUSE = re.compile(r"^root_cause:[ \t]*([a-z0-9-]+)", re.MULTILINE)
STATUS = re.compile(r"^status:[ \t]*([a-z-]+)", re.MULTILINE)
Words = Mapping[str, str]
"""What may be typed, each with what it means."""


@dataclass(frozen=True)
class Place:
    """The tracker in which something is typed."""

    root: Path
    command: str

    @classmethod
    def of(cls, ctx: click.Context) -> Place | None:
        """Return the place that a command line means, None where there is no tracker."""
        start = Path(ctx.find_root().params.get("directory") or ".").resolve()
        # The workspace knows this too, and how to read records: importing it takes too long here.
        roots = (folder for folder in (start, *start.parents) if (folder / PROTOCOL).is_file())
        root = next(roots, None)
        return None if root is None else cls(root, ctx.info_name or "")

    @cached_property
    def protocol(self) -> Protocol:
        """The protocol, of which nothing is doubted here."""
        from incident_tracker.protocol import read_protocol

        protocol, _ = read_protocol(self._text(PROTOCOL))
        if protocol is None:
            raise ValueError(PROTOCOL)
        return protocol

    @cached_property
    def contacts(self) -> Contacts:
        """The people and parties that are known."""
        from incident_tracker.registers import Contacts, read_register

        return read_register(Contacts, self._text("protocol/contacts.yml"))[0] or Contacts()

    @cached_property
    def components(self) -> Words:
        """The components with their names."""
        from incident_tracker.registers import ComponentFile, read_register

        found, _ = read_register(ComponentFile, self._text("protocol/components.yml"))
        return {part.id: part.name for part in (found.components if found else ())}

    @cached_property
    def open_statuses(self) -> frozenset[str]:
        """The statuses before the first gate: somebody still works on these."""
        try:
            names = list(self.protocol.statuses)
        except ValueError:  # the ids are there all the same
            return frozenset()
        first = self.protocol.gates.incident[:1]
        return frozenset(names[: names.index(first[0])] if first else names)

    @cached_property
    def paths(self) -> Sequence[Path]:
        """Where the records of incidents lie, the newest first."""
        found = sorted(self.root.glob("incidents/*/*.md"), key=lambda p: p.name, reverse=True)
        return [path for path in found if ID.fullmatch(path.stem)]

    @property
    def newest(self) -> Sequence[Path]:
        """Where the newest records lie, of which the beginning may be read."""
        return self.paths[:NEWEST]

    @cached_property
    def ids(self) -> Words:
        """The ids of all incidents with their status: open ones, then the newest."""
        found = {path.stem: "" for path in self.newest}
        for path in self.newest:
            status = STATUS.search(_beginning(path))
            found[path.stem] = status[1] if status else ""
        still = {name: status for name, status in found.items() if status in self.open_statuses}
        return {**still, **found, **{path.stem: "" for path in self.paths[NEWEST:]}}

    def _text(self, path: str) -> str:
        return (self.root / path).read_text("utf-8")


def _beginning(path: Path) -> str:
    """Return the first lines of a record; empty where there is no such file."""
    if path.is_symlink() or not path.is_file():
        return ""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(BEGINNING)
    except OSError:
        return ""


def ids(place: Place, typed: str) -> Words:
    """Return the slugs that begin so, else the ids, else the only id that has this part."""
    slugs = Counter(name[SLUG_FROM:] for name in place.ids)
    # A slug that two have does not say which is meant.
    named = {
        name if slugs[name[SLUG_FROM:]] > 1 else name[SLUG_FROM:]: status
        for name, status in place.ids.items()
    }
    for words in (named, place.ids):
        begun = {word: status for word, status in words.items() if word.startswith(typed)}
        if begun:
            return begun
    having = [name for name in place.ids if typed in name]
    return {having[0]: place.ids[having[0]]} if len(having) == 1 else {}


def set_of(name: str) -> Callable[[Place, str], Words]:
    """Return the source of one of the protocol's sets of words."""

    def words(place: Place, _: str) -> Words:
        known: Mapping[str, object] = getattr(place.protocol, name)
        return {word: _meaning(entry) for word, entry in known.items()}

    return words


def statuses(place: Place, _: str) -> Words:
    """Return the statuses of incidents and of planned work."""
    protocol = place.protocol
    known = {**protocol.statuses, **protocol.maintenance_statuses}
    return {word: _meaning(entry) for word, entry in known.items()}


def sections(place: Place, _: str) -> Words:
    """Return the titles of the sections of incidents and reviews."""
    ours = dict.fromkeys(place.protocol.incident_sections, "")
    return {**ours, **{part.text: part.hint for part in place.protocol.review_sections.values()}}


def boxes(place: Place, _: str) -> Words:
    """Return the boxes that are somebody's word."""
    protocol = place.protocol
    lists = (protocol.verification_boxes, protocol.security_boxes, protocol.review_boxes)
    return {"all": "those of the verification"} | {
        box.text: "" for boxes in lists for box in boxes.values()
    }


def people(place: Place, _: str) -> Words:
    """Return who is in the list of contacts."""
    return {person.id: person.role for person in place.contacts.people}


def components(place: Place, typed: str) -> Words:
    """Return the components; behind one and `=`, its levels."""
    name, sign, _ = typed.partition("=")
    if not sign:
        return place.components
    levels = set_of("component_levels")(place, "")
    return {f"{name}={level}": about for level, about in levels.items()}


def pairs(place: Place, typed: str) -> Words:
    """Return the fields of incidents and reviews, each with its words where it has a set."""
    from incident_tracker.fields import INCIDENT, REVIEW, Kind
    from incident_tracker.values import words_for

    found: dict[str, str] = {}
    for row in (*INCIDENT.values(), *REVIEW.values()):
        is_word = row.kind in (Kind.WORD, Kind.WORDS)
        if is_word and typed.startswith(f"{row.key}="):
            words = words_for(row.words, place.protocol)
            found |= {f"{row.key}={word}": _meaning(entry) for word, entry in words.items()}
        else:
            found.setdefault(f"{row.key}=", row.about)
    return found


def codes(place: Place, _: str) -> Words:
    """Return the codes of rules, for a waiver only those that can be waived."""
    from incident_tracker.registry import rules

    waiving = place.command == "waive"
    return {
        code: rule.summary for code, rule in sorted(rules().items()) if rule.waivable or not waiving
    }


def formats(place: Place, _: str) -> Words:
    """Return the formats that can be imported, or exported."""
    from incident_tracker.exports.declare import exports
    from incident_tracker.importers.declare import importers

    known = exports() if place.command == "export" else importers()
    return {name: found.about for name, found in known.items()}


def root_causes(place: Place, _: str) -> Words:
    """Return the causes that the newest records name."""
    heads = (_beginning(path) for path in place.newest)
    found = (ROOT_CAUSE.search(head) for head in heads)
    return dict.fromkeys((match[1] for match in found if match), "")


def metrics(_: Place, __: str) -> Words:
    """Return the ids of the metrics."""
    from incident_tracker.metrics.declare import metrics

    return {name: found.title for name, found in metrics().items()}


def _meaning(entry: object) -> str:
    texts = (getattr(entry, name, "") for name in ("meaning", "about", "label"))
    return next(filter(None, texts), "")


def slices(_: Place, __: str) -> Words:
    """Return what metrics can be sliced by."""
    from incident_tracker.periods import By

    return dict.fromkeys((by.value for by in By), "")
