"""Records with all mended that needs no decision; what was right keeps every byte."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from itertools import groupby

from incident_tracker.assemble import Source, read_source, with_files
from incident_tracker.check import check, texts_of
from incident_tracker.finding import Edit, Finding, Position
from incident_tracker.log.timeline import canonical_line
from incident_tracker.model import Incident, Tracker
from incident_tracker.text.document import read_document
from incident_tracker.text.edit import apply

MOST_ROUNDS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Fixed:
    """The tracker with the fixes, and the texts of the files that change, by path."""

    tracker: Tracker
    before: Mapping[str, str]
    after: Mapping[str, str]

    def diff(self) -> str:
        """Return what changes as a unified diff, files by path."""
        return "".join(_diff(path, self.before[path], text) for path, text in self.after.items())


def fix(tracker: Tracker, paths: frozenset[str] | None = None) -> Fixed:
    """Return the tracker with the fixable findings mended, all files or those at ``paths``.

    One fix may bring the next one to light, so files are read again until nothing is left to
    mend. A fix after which a record could no longer be read is not made.
    """
    begin = texts_of(tracker)
    for _ in range(MOST_ROUNDS):
        changed = dict(_mended(tracker, paths))
        if not changed:
            break
        tracker = _with_texts(tracker, changed)
    tracker = _with_texts(tracker, dict(_in_form(tracker, paths)))
    end = texts_of(tracker)
    after = {path: end[path] for path in sorted(end) if end[path] != begin[path]}
    return Fixed(tracker=tracker, before={path: begin[path] for path in after}, after=after)


def _mended(tracker: Tracker, paths: frozenset[str] | None) -> Iterator[tuple[str, str]]:
    """Yield each file that has fixable findings, with its text as it is without them."""
    texts, readable = texts_of(tracker), {record.path for record in tracker.records}
    fixable = [finding for finding in check(tracker).findings if finding.fixable]
    for path, found in groupby(fixable, key=lambda finding: finding.path):
        if path not in texts or (paths is not None and path not in paths):
            continue
        text = apply(texts[path], _apart(found))
        lost = path in readable and not _is_readable(path, text, tracker)
        # Of what has become too large, or is no text, nothing would be left to write.
        lost = lost or read_document(path, _source(path, text).data).text != text
        if text != texts[path] and not lost:
            yield path, text


def _apart(findings: Iterable[Finding]) -> list[Edit]:
    """Return the edits of findings that do not touch each other, each whole or not at all."""
    made: list[Edit] = []
    for finding in findings:
        new = [edit for edit in finding.fix if edit not in made]
        if not any(_touch(edit, other) for edit in new for other in made):
            made += new
    return made


def _touch(one: Edit, other: Edit) -> bool:
    if one.start == one.end and other.start == other.end:
        return False
    return one.start <= other.end and other.start <= one.end


def _in_form(tracker: Tracker, paths: frozenset[str] | None) -> Iterator[tuple[str, str]]:
    """Yield the incidents whose entries commands would write otherwise, with their new text."""
    for incident in tracker.incidents:
        if not incident.sound or (paths is not None and incident.path not in paths):
            continue
        edits = tuple(_entry_edits(incident))
        if edits:
            yield incident.path, apply(incident.document.text, edits)


def _entry_edits(incident: Incident) -> Iterator[Edit]:
    document = incident.document
    for entry in incident.log.entries:
        old, new = document.line_text(entry.position.line), canonical_line(entry, document)
        if new != old:
            start = document.offset(Position(entry.position.line, 1))
            yield Edit(start, start + len(old), new)


def _with_texts(tracker: Tracker, changed: Mapping[str, str]) -> Tracker:
    """Return the tracker with some of its files read anew."""
    sources = (_source(path, text) for path, text in changed.items())
    return with_files(tracker, sources) if changed else tracker


def _source(path: str, text: str) -> Source:
    return Source(path=path, data=text.encode("utf-8", "surrogatepass"))


def _is_readable(path: str, text: str, tracker: Tracker) -> bool:
    record, _, _ = read_source(_source(path, text), tracker.protocol)
    return record is not None


def _diff(path: str, before: str, after: str) -> str:
    old, new = (text.split("\n") for text in (before, after))
    lines = unified_diff(old, new, f"a/{path}", f"b/{path}", lineterm="")
    return "".join(f"{line}\n" for line in lines)
