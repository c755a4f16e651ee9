"""How ``incident upgrade`` finds what an upgrade does, and writes it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from incident_tracker import __version__, starter
from incident_tracker.cli._origin import origin_of
from incident_tracker.cli._schemas import schema_steps
from incident_tracker.cli._starting import pin_at, today
from incident_tracker.cli._terminal import say
from incident_tracker.cli._upgrade_telling import differences, tell, tell_written
from incident_tracker.errors import TrackerError
from incident_tracker.history.repository import Repository
from incident_tracker.history.uncommitted import uncommitted
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.releases import files_of
from incident_tracker.rules.frame import VERSIONS
from incident_tracker.schemas import paths as schema_paths
from incident_tracker.upgrading import marker
from incident_tracker.upgrading.files import Kind, Step, There, digest
from incident_tracker.upgrading.marker import MadeBy
from incident_tracker.upgrading.pins import ADDRESS, Pin, pin_of
from incident_tracker.upgrading.plan import Plan, Upgrade, planned
from incident_tracker.upgrading.versions import is_version, order
from incident_tracker.workspace import Workspace

REQUIREMENTS = "requirements.txt"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The options of the command."""

    write: bool
    diff: bool
    keep: tuple[str, ...]
    origin: str | None
    uncommitted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Begun:
    """What is known before the lock is taken: another machine may have to be asked for it.

    ``there`` are the files that said so; ``pins`` how the tool is asked for, today and later.
    """

    there: Mapping[str, There]
    made_by: MadeBy
    pins: tuple[Pin, Pin]
    wrong: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Made:
    """A plan, and the files that it was made from."""

    plan: Plan
    made_by: MadeBy
    there: Mapping[str, There]


def upgrade(asked: Asked) -> int:
    """Say what an upgrade does, and do it if that was asked for; return the exit status."""
    workspace = Workspace.find(Path.cwd())
    begun = _begun(workspace, asked)
    with workspace.lock() if asked.write else nullcontext():
        _refuse_changed(workspace, begun.there)
        made = _made(workspace, asked, begun)
        if asked.write:
            _write(workspace, made, asked)
    plan = made.plan
    tell(plan, made.made_by)
    if asked.diff:
        differences(plan, lambda path: made.there.get(path, There()).content)
    tell_written(plan, written=asked.write)
    return 1 if plan.clashes else 0


def _begun(workspace: Workspace, asked: Asked) -> _Begun:
    """Which version wrote the files, and what is asked for from now on; it may take a minute."""
    read = partial(_read, workspace)
    there = {path: read(path) for path in (marker.PATH, REQUIREMENTS)}
    made_by = origin_of(workspace.root, there[marker.PATH], asked.origin, _before, read)
    old, new, wrong = _pins(there[REQUIREMENTS], made_by.version)
    return _Begun(there=there, made_by=made_by, pins=(old, new), wrong=wrong)


def _made(workspace: Workspace, asked: Asked, begun: _Begun) -> _Made:
    """What is to be done, the last of it the marker, to the files as they are at this moment."""
    made_by = begun.made_by
    paths = {*_before(__version__), *_before(made_by.version)}
    paths |= {path for version in made_by.waiting.values() for path in _before(version)}
    read = {*paths, *workspace.superseded(), *(path for _, path in schema_paths())}
    there = {**{path: _read(workspace, path) for path in sorted(read)}, **begun.there}
    if not workspace.is_folder(VERSIONS):
        there[VERSIONS] = There(wrong="is no folder")
    given = Upgrade(
        made_by=made_by,
        version=__version__,
        shipped=_before(__version__),
        before=_before,
        there=there,
        pins=begun.pins,
        today=today(),
        kept=tuple(_named(workspace, path, paths) for path in asked.keep),
    )
    plan = planned(given)
    schemas = [*schema_steps(workspace, there, plan.steps)]
    steps = [*plan.steps, *(found for found in schemas if isinstance(found, Step))]
    notes = [*plan.notes, *(found for found in schemas if not isinstance(found, Step))]
    notes += [(REQUIREMENTS, begun.wrong)] if begun.wrong else []
    said = plan.made_by.text.encode()
    if there[marker.PATH].content != said:
        why = f"says {__version__}"
        steps.append(Step(path=marker.PATH, kind=Kind.WRITE, why=why, content=said))
    plan = replace(plan, steps=tuple(steps), notes=tuple(notes))
    return _Made(plan=plan, made_by=made_by, there=there)


@cache
def _before(version: str) -> Mapping[str, bytes]:
    """What a version writes; this one may still be in development."""
    if version == __version__:
        return {file.path.as_posix(): file.content for file in starter.files(demo=False)}
    return files_of(version)


def _read(workspace: Workspace, path: str) -> There:
    try:
        return There(content=workspace.data(path))
    except FileNotFoundError:
        return There()
    except TrackerError:
        return There(wrong="is a symbolic link, or lies behind one")
    except OSError as error:
        return There(wrong=f"cannot be read ({error.strerror or error})")


def _pins(requirements: There, version: str) -> tuple[Pin, Pin, str]:
    """How the tracker asks for the tool, how it will, and what stands in the way."""
    text = (requirements.content or b"").decode("utf-8", "replace")
    old = pin_of(text)
    if old is None:
        return Pin(version), Pin(__version__), ""
    if is_version(old.version) and order(old.version) > order(__version__):
        return old, old, f"asks for {old.version}, which is newer than this one"
    if ADDRESS.fullmatch(old.address):
        say(f"asking {old.address} for the tag v{__version__}: git ls-remote", err=True)
    try:
        return old, replace(pin_at(old.address or None), version=__version__), ""
    except (TrackerError, Refusal) as error:
        return old, old, f"goes on to ask for {old.version or old.commit}: {error}"


def _named(workspace: Workspace, path: str, known: Iterable[str]) -> str:
    """A file that came with the tracker, seen from here or from the tracker's root."""
    here = Path(os.path.normpath(Path.cwd() / path))
    root = workspace.root
    inside = here.relative_to(root).as_posix() if here.is_relative_to(root) else path
    for name in (inside, path):
        if name in known:
            return name
    raise Refusal(f"{path} is no file that came with the tracker", "incident upgrade names them")


def _write(workspace: Workspace, made: _Made, asked: Asked) -> None:
    """Write file by file; the marker first says what will be, so that the next run can finish."""
    steps = made.plan.steps
    if not steps:
        return
    there = {step.path: made.there.get(step.path, There()) for step in steps}
    if not asked.uncommitted:
        _refuse_uncommitted(workspace, there)
    _refuse_changed(workspace, there)
    others = {step.path: digest(step.content) for step in steps if step.path != marker.PATH}
    writing = {**made.made_by.writing, **others}
    under_way = replace(made.made_by, towards=__version__, writing=writing)
    workspace.put_record(marker.PATH, under_way.text.encode())
    for step in steps:
        if step.path != marker.PATH:
            _refuse_changed(workspace, {step.path: there[step.path]})
        workspace.put_record(step.path, step.content)


def _refuse_changed(workspace: Workspace, there: Mapping[str, There]) -> None:
    """Refuse files that are no longer as they were read: editors know nothing of a lock."""
    changed = [path for path, was in there.items() if _read(workspace, path) != was]
    if changed:
        message = f"{', '.join(changed)} changed while this was at work"
        raise Refusal(message, "run it again: incident upgrade")


def _refuse_uncommitted(workspace: Workspace, there: Mapping[str, There]) -> None:
    repository = Repository.of(workspace.root)
    if repository is None:
        return
    files = {path: was.content for path, was in there.items() if path != marker.PATH}
    held = uncommitted(repository, {p: data for p, data in files.items() if data is not None})
    if held:
        message = f"{', '.join(held)} would lose what no commit has, so nothing was written"
        raise Refusal(message, "commit first, so that git diff shows the upgrade; or --uncommitted")
