"""The good tracker with another file: what is known of it already is as if it were read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from reading import protocol

from incident_tracker.assemble import Registers, Source, assemble
from incident_tracker.check import check
from incident_tracker.examples import PATHS, good_files, tracker_of
from incident_tracker.model import Tracker
from incident_tracker.protocol import Protocol

INCIDENT, REVIEW = PATHS["incident"], PATHS["review"]
COMPONENTS, CONTACTS = "protocol/components.yml", "protocol/contacts.yml"
CHANGES: list[dict[str, bytes | None]] = [
    {},
    {INCIDENT: None},
    {INCIDENT: None, REVIEW: None},
    {INCIDENT: b"no record\n", "incidents/2026/2026-03-03-more.md": b"---\ntitle: More\n---\n"},
    {"incidents/2026/picture.png": b"", "evidence/2026-03-02-good/log.txt": b"lines\n"},
    {COMPONENTS: None},
]


def read(files: dict[str, bytes], terms: Protocol) -> Tracker:
    """The records of the files, each of them read."""
    found = (Source(path=path, data=data) for path, data in sorted(files.items()))
    records = (source for source in found if source.path.endswith(".md"))
    return assemble(records, terms, Registers())


@pytest.mark.parametrize("changes", CHANGES, ids=lambda changes: ",".join(changes) or "none")
def test_good_records_that_are_known_are_as_if_they_were_read(
    changes: dict[str, bytes | None],
) -> None:
    given = {**good_files(), **changes}
    files = {path: data for path, data in given.items() if data is not None}
    known = tracker_of(files, protocol())
    assert known.records == read(files, protocol()).records
    texts = {path: data.decode() for path, data in files.items() if path.endswith(".md")}
    assert {path: text for path, text in check(known).texts.items() if text} == texts


def test_the_registers_are_those_of_the_files() -> None:
    usual = tracker_of(good_files(), protocol())
    assert usual.components != ()
    assert usual.contacts.people == ()
    mail = b"components:\n  - {id: mail, name: Mail}\n"
    other = tracker_of({**good_files(), COMPONENTS: mail}, protocol())
    assert [component.id for component in other.components] == ["mail"]
    asha = b"people:\n  - {id: asha, name: Asha, role: on-call}\n"
    other = tracker_of({**good_files(), CONTACTS: asha}, protocol())
    assert [person.id for person in other.contacts.people] == ["asha"]
    assert other.components == usual.components


def test_another_protocol_is_another_good_tracker_even_where_it_is_equal() -> None:
    turned = replace(protocol(), kinds=dict(reversed(list(protocol().kinds.items()))))
    assert turned == protocol()
    for terms in (protocol(), turned):
        tracker = tracker_of(good_files(), terms)
        assert tracker.protocol is terms
        assert all(record.protocol is terms for record in tracker.records)
