"""What an upgrade does to a tracker: which files it writes, leaves alone and hands to people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from incident_tracker.protocol import PATH as PROTOCOL
from incident_tracker.registers import COMPONENTS, CONTACTS
from incident_tracker.rules.frame import VERSIONS
from incident_tracker.upgrading.files import Clash, Kind, Step, There, digest, united
from incident_tracker.upgrading.marker import MadeBy
from incident_tracker.upgrading.pins import TOOL, Pin, repinned
from incident_tracker.upgrading.protocols import brought
from incident_tracker.upgrading.written import written

REGISTERS = (COMPONENTS, CONTACTS)
Files = Mapping[str, bytes]


@dataclass(frozen=True, kw_only=True, slots=True)
class Upgrade:
    """What is to be brought to a newer version: the tracker's files, and what each version wrote.

    ``pins`` are how it asks for the tool today, and how it will; ``kept`` are files that stay.
    """

    made_by: MadeBy
    version: str
    shipped: Files
    before: Callable[[str], Files]
    there: Mapping[str, There]
    pins: tuple[Pin, Pin]
    today: date
    kept: Collection[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Files in the order in which they are written, what waits for people, and what to tell."""

    steps: tuple[Step, ...]
    clashes: tuple[Clash, ...]
    notes: tuple[tuple[str, str], ...]
    made_by: MadeBy


def planned(upgrade: Upgrade) -> Plan:
    """Return what an upgrade does; the protocol comes last, for it is what all else goes by."""
    old = upgrade.before(upgrade.made_by.version)
    steps: list[Step] = []
    clashes: list[Clash] = []
    notes: list[tuple[str, str]] = []
    for path in sorted(
        {*old, *upgrade.shipped} - {*upgrade.kept}, key=lambda p: (p == PROTOCOL, p)
    ):
        for found in _one(upgrade, path):
            if isinstance(found, Step):
                steps.append(found)
            elif isinstance(found, Clash):
                clashes.append(found)
            else:
                notes.append((path, found))
    waiting = {clash.path: _since(upgrade, clash.path) for clash in clashes}
    made_by = replace(upgrade.made_by, version=upgrade.version, waiting=waiting, writing={})
    return Plan(steps=tuple(steps), clashes=tuple(clashes), notes=tuple(notes), made_by=made_by)


def _since(upgrade: Upgrade, path: str) -> str:
    """Which version's text a file goes back to."""
    return upgrade.made_by.waiting.get(path, upgrade.made_by.version)


def _one(upgrade: Upgrade, path: str) -> list[Step | Clash | str]:
    """What becomes of one file: steps, a clash, a note, or nothing."""
    there = upgrade.there.get(path, There())
    template, shipped = upgrade.before(_since(upgrade, path)).get(path), upgrade.shipped.get(path)
    if there.content is not None and digest(there.content) == upgrade.made_by.writing.get(path):
        return []  # by a run that was cut off: merged once more it could look like a clash
    if shipped is None:
        gone = "comes with the tracker no longer; it is yours, to keep or to remove"
        return [gone] if there.content is not None else []
    if template is None:
        return _new(upgrade, path, shipped, there)
    base, new = (
        written(path, text, upgrade.pins[1], upgrade.made_by.day) for text in (template, shipped)
    )
    if there.content is None or path in REGISTERS:
        why = there.wrong and f"{there.wrong}, and is left alone"
        why = why or ("is yours alone" if there.content else "you took it away, and it stays away")
        return [why] if base != new else []
    asks = TOOL in template or TOOL in shipped  # prose that names a version asks for none
    ours = _repinned(upgrade, there.content) if asks else there.content
    if path == PROTOCOL:
        return _protocol(upgrade, base, ours, new)
    found = united(path, base, ours, new)
    if found is None and ours != there.content:
        why = f"asks for {upgrade.pins[1].requirement}"
        return [Step(path=path, kind=Kind.MERGE, why=why, content=ours)]
    return [found] if found else []


def _new(upgrade: Upgrade, path: str, shipped: bytes, there: There) -> list[Step | Clash | str]:
    """A file that did not come with the older version."""
    day = upgrade.today if upgrade.made_by.day else None
    new = written(path, shipped, upgrade.pins[1], day)
    if there.wrong:
        return [f"{there.wrong}; {upgrade.version} would bring a file of its own there"]
    if there.content is None:
        return [Step(path=path, kind=Kind.ADD, why=f"new in {upgrade.version}", content=new)]
    if there.content == new:
        return []
    return [f"is yours already; {upgrade.version} would bring one of its own there"]


def _repinned(upgrade: Upgrade, content: bytes) -> bytes:
    """A file that asks for the version to come, wherever it asked for the one of today."""
    text = content.decode("utf-8", "surrogateescape")
    old, new = upgrade.pins
    for known in (Pin(upgrade.made_by.version), old):
        text = repinned(text, known, new)
    return text.encode("utf-8", "surrogateescape")


def _protocol(upgrade: Upgrade, base: bytes, ours: bytes, new: bytes) -> list[Step | Clash | str]:
    start = f"{VERSIONS}/"
    kept = {path: there for path, there in upgrade.there.items() if path.startswith(start)}
    note = f"As shipped with incident-tracker {upgrade.version}"
    made = brought(base, ours, new, kept, (note, upgrade.today))
    return [made] if isinstance(made, Clash) else [*made]
