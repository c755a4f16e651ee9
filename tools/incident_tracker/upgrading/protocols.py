"""The protocol of a tracker brought to newer rules: its version raised, the one before kept.

Version, day and history are the team's own and never merged. All else is merged by line, so the
team's numbers and words stay; old records go on to be judged by the version that they carry.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from incident_tracker.assemble import read_known_protocol
from incident_tracker.finding import Edit
from incident_tracker.protocol import PATH as PROTOCOL
from incident_tracker.protocol import Protocol
from incident_tracker.registry import version_key
from incident_tracker.rules.frame import VERSIONS, differing, listed
from incident_tracker.text.document import Document, read_document
from incident_tracker.text.edit import apply, insert_lines
from incident_tracker.text.yaml_nodes import Entry, Sequence
from incident_tracker.text.yaml_reader import read_yaml
from incident_tracker.upgrading.files import Clash, Kind, Step, There, united

OWN = ("version", "released", "history")
SCHEMA = "$schema=../schema/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Raised:
    """A protocol with its version, and the one that the tool shipped with it."""

    text: str
    protocol: Protocol


def brought(
    base: bytes, there: bytes, new: bytes, kept: dict[str, There], note: tuple[str, date]
) -> list[Step] | Clash:
    """Return what is to be written, in order, none where nothing is; or why a person must look.

    ``kept`` are the superseded versions by path, and their folder where it is none that can be
    written into; ``note`` is what the history says of the new one.
    """
    read = [_read(part) for part in (base, there, new)]
    wrong = [part for part in read if isinstance(part, str)]
    if wrong:
        return Clash(path=PROTOCOL, why=f"it cannot be read: {wrong[0]}", before=base, after=new)
    shipped, ours, newer = (part for part in read if isinstance(part, Raised))
    bare = [_with_own(part.text, ours.text).encode() for part in (shipped, newer)]
    made = united(PROTOCOL, bare[0], there, bare[1])
    if made is None:
        return []
    if isinstance(made, Clash):
        return replace(made, before=base, after=new)
    after = _read(made.content)
    if isinstance(after, str):
        return Clash(
            path=PROTOCOL, why=f"merged, it would be wrong: {after}", before=base, after=new
        )
    keys = differing(ours.protocol, after.protocol)
    if not keys:
        return [replace(made, kind=Kind.MERGE, why="no rule changes, so its version stays")]
    return _raised((shipped, ours, newer), made.content, kept, note, listed(keys))


def _raised(
    versions: tuple[Raised, Raised, Raised],
    merged: bytes,
    kept: dict[str, There],
    note: tuple[str, date],
    keys: str,
) -> list[Step] | Clash:
    """Other rules: the version goes up, and the one before is kept as it was."""
    shipped, ours, newer = versions
    old = ours.protocol.version
    taken = {path.rpartition("/")[2].removesuffix(".yml") for path in kept} | {old}
    version = _next(shipped.protocol.version, old, newer.protocol.version, taken)
    path = f"{VERSIONS}/{old}.yml"
    copy = ours.text.replace(SCHEMA, "$schema=../../schema/", 1).encode()
    steps = []
    if VERSIONS in kept:
        why = f"{VERSIONS} {kept[VERSIONS].wrong}, so its version {old} cannot be kept there"
        return Clash(path=PROTOCOL, why=why, before=ours.text.encode(), after=merged)
    if path not in kept:
        why = "the rules that your records carry"
        steps.append(Step(path=path, kind=Kind.KEEP, why=why, content=copy))
    elif kept[path].content != copy:
        why = f"{path} is there already, and holds something else"
        return Clash(path=PROTOCOL, why=why, before=ours.text.encode(), after=merged)
    content = _with_version(merged.decode(), version, *note).encode()
    wrong = _wrong(content, version)
    if wrong:
        why = f"with its version raised, it would be wrong: {wrong}"
        return Clash(path=PROTOCOL, why=why, before=ours.text.encode(), after=merged)
    why = f"version {old} becomes {version}: {keys}"
    return [*steps, Step(path=PROTOCOL, kind=Kind.MERGE, why=why, content=content)]


def _wrong(content: bytes, version: str) -> str:
    """What is wrong with a protocol whose version was raised; else empty."""
    after = _read(content)
    if isinstance(after, str):
        return after
    found = after.protocol.version
    return "" if found == version else f"its version is {found}, and not {version}"


def _next(shipped: str, ours: str, newer: str, taken: Collection[str]) -> str:
    """The shipped number where the team has the shipped one, else the next of the team's own."""
    if ours == shipped and version_key(newer) > version_key(ours) and newer not in taken:
        return newer
    major, minor = [*version_key(ours), 0][:2]
    while f"{major}.{minor}.0" in taken or version_key(f"{major}.{minor}.0") <= version_key(ours):
        minor += 1
    return f"{major}.{minor}.0"


def _read(content: bytes) -> Raised | str:
    """The protocol that a text holds, or what is wrong with it."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return "it is not UTF-8"
    protocol, faults = read_known_protocol(text)
    if protocol is None:
        first = faults[0]
        return f"line {first.position.line}: {first.message}"
    return Raised(text=text, protocol=protocol)


def _with_own(text: str, ours: str) -> str:
    """A protocol's text with the version, the day and the history of ours."""
    document, other = (read_document(PROTOCOL, part.encode()) for part in (text, ours))
    shipped, own = _entries(text), _entries(ours)
    edits = []
    for key in OWN:
        mine, theirs = shipped.get(key), own.get(key)
        if mine is not None and theirs is not None:
            start, end = _place(document, mine)
            edits.append(
                Edit(start, end, ours[slice(*_place(other, theirs))].replace("\r\n", "\n"))
            )
    return apply(text, edits)


def _with_version(text: str, version: str, note: str, day: date) -> str:
    """A protocol's text with a new version, its day, and a line of history where there are some."""
    document = read_document(PROTOCOL, text.encode())
    entries = _entries(text)
    edits = []
    for key, value in (("version", version), ("released", day.isoformat())):
        entry = entries.get(key)
        if entry is not None:
            start, end = document.offset(entry.value.position), document.offset(entry.value.end)
            edits.append(Edit(start, end, value))
    entry = entries.get("history")
    if entry is not None and isinstance(entry.value, Sequence) and not entry.value.flow:
        dash = " " * (entry.value.position.column - 1)
        said = f"{dash}- {{version: {version}, date: {day}, note: {note}}}"
        edits += insert_lines(document, entry.value.items[-1].end.line, [said])
    return apply(text, edits)


def _entries(text: str) -> dict[str, Entry]:
    """The entries of a protocol by key; read_yaml leaves none where it is no mapping."""
    root, _ = read_yaml(text)
    return {entry.key.text: entry for entry in root.entries} if root is not None else {}


def _place(document: Document, entry: Entry) -> tuple[int, int]:
    """Where an entry and its value stand, to the end of the value."""
    return document.offset(entry.key.position), document.offset(entry.value.end)
