"""What an upgrade does to a tracker: which files it writes, leaves alone and hands to people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from incident_tracker.protocol import PATH as PROTOCOL
from incident_tracker.registers import COMPONENTS, CONTACTS
from incident_tracker.rules.frame import VERSIONS
from incident_tracker.upgrading.files import Clash, Kind, Step, There, digest, united
from incident_tracker.upgrading.marker import PATH as MARKER
from incident_tracker.upgrading.marker import MadeBy
from incident_tracker.upgrading.pins import TOOL, Pin, repinned
from incident_tracker.upgrading.protocols import brought
from incident_tracker.upgrading.versions import order
from incident_tracker.upgrading.written import written

REGISTERS = (COMPONENTS, CONTACTS)
Files = Mapping[str, bytes]
Found = Step | Clash | str


@dataclass(frozen=True, kw_only=True, slots=True)
class Upgrade:
    """What is to be brought to a newer version: the tracker's files, and what each version wrote.

    ``there`` has the folder of superseded protocols as well where it is no folder. ``pins`` are how
    it asks for the tool today, and how it will; ``kept`` are files that stay.
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
    made_by = MadeBy(version=upgrade.version, day=upgrade.made_by.day, waiting=waiting)
    return Plan(steps=tuple(steps), clashes=tuple(clashes), notes=tuple(notes), made_by=made_by)


def _since(upgrade: Upgrade, path: str) -> str:
    """Which version's text a file goes back to: what waits is never newer than the rest."""
    version = upgrade.made_by.version
    return min(version, upgrade.made_by.waiting.get(path, version), key=order)


def _one(upgrade: Upgrade, path: str) -> list[Found]:
    """What becomes of one file: steps, a clash, a note, or nothing."""
    there = upgrade.there.get(path, There())
    found = _found(upgrade, path, there)
    if there.content is None or digest(there.content) != upgrade.made_by.writing.get(path):
        return found
    # By a run that was cut off: merged once more it could look like a clash.
    merged = [one for one in found if not isinstance(one, str) and not _is_untouched(one)]
    return [f"an upgrade that was cut off wrote it, says {MARKER}"] if merged else found


def _is_untouched(one: Step | Clash) -> bool:
    """Whether a file is as an older version wrote it, so that no later one can have done so."""
    return isinstance(one, Step) and one.kind is Kind.REPLACE


def _found(upgrade: Upgrade, path: str, there: There) -> list[Found]:
    template, shipped = upgrade.before(_since(upgrade, path)).get(path), upgrade.shipped.get(path)
    if shipped is None:
        gone = "comes with the tracker no longer; it is yours, to keep or to remove"
        return [gone] if there.content is not None else []
    if template is None:
        return _new(upgrade, path, shipped, there)
    base, new = (
        written(path, text, upgrade.pins[1], upgrade.made_by.day) for text in (template, shipped)
    )
    asks = TOOL in template or TOOL in shipped  # prose that names a version asks for none
    if there.wrong and path not in REGISTERS:
        if base != new or (asks and _since(upgrade, path) != upgrade.version):
            return [Clash(path=path, why=there.wrong, before=base, after=new)]
        asked = upgrade.pins[1].requirement  # which may be another than before all the same
        return [f"{there.wrong}; see yourself that it asks for {asked}"] if asks else []
    if there.content is None or path in REGISTERS:
        why = "you took it away, and it stays away"
        why = "is yours alone" if there.content or there.wrong else why
        return [why] if base != new else []
    ours = _repinned(upgrade, path, there.content) if asks else there.content
    if path == PROTOCOL:
        return _protocol(upgrade, base, ours, new)
    found = united(path, base, ours, new)
    if found is None and ours != there.content:
        why = f"asks for {upgrade.pins[1].requirement}"
        return [Step(path=path, kind=Kind.MERGE, why=why, content=ours)]
    return [found] if found else []


def _new(upgrade: Upgrade, path: str, shipped: bytes, there: There) -> list[Found]:
    """A file that did not come with the older version."""
    day = upgrade.today if upgrade.made_by.day else None
    new = written(path, shipped, upgrade.pins[1], day)
    if there.wrong:
        return [Clash(path=path, why=there.wrong, before=b"", after=new)]
    if there.content is None:
        return [Step(path=path, kind=Kind.ADD, why=f"new in {upgrade.version}", content=new)]
    if there.content == new:
        return []
    return [f"is yours already; {upgrade.version} would bring one of its own there"]


def _repinned(upgrade: Upgrade, path: str, content: bytes) -> bytes:
    """A file that asks for the version to come, wherever it asked for the one of today."""
    text = content.decode("utf-8", "surrogateescape")
    old, new = upgrade.pins
    for known in (Pin(_since(upgrade, path)), Pin(upgrade.made_by.version), old):
        text = repinned(text, known, new)
    return text.encode("utf-8", "surrogateescape")


def _protocol(upgrade: Upgrade, base: bytes, ours: bytes, new: bytes) -> list[Found]:
    kept = {path: there for path, there in upgrade.there.items() if path.startswith(VERSIONS)}
    note = f"As shipped with incident-tracker {upgrade.version}"
    made = brought(base, ours, new, kept, (note, upgrade.today))
    return [made] if isinstance(made, Clash) else [*made]
