"""How ``incident upgrade`` finds what an upgrade does, and writes it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from incident_tracker import __version__, starter
from incident_tracker.cli._origin import origin_of
from incident_tracker.cli._schemas import schema_steps
from incident_tracker.cli._starting import pin_at
from incident_tracker.cli._upgrade_telling import differences, tell, tell_written
from incident_tracker.errors import TrackerError
from incident_tracker.history.repository import Repository
from incident_tracker.history.uncommitted import uncommitted
from incident_tracker.lifecycle.moments import moment_now
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.releases import files_of
from incident_tracker.upgrading import marker
from incident_tracker.upgrading.files import Kind, Step, There, digest
from incident_tracker.upgrading.marker import MadeBy
from incident_tracker.upgrading.pins import Pin, pin_of
from incident_tracker.upgrading.plan import Plan, Upgrade, planned
from incident_tracker.upgrading.versions import is_version, order
from incident_tracker.workspace import Workspace

REQUIREMENTS = "requirements.txt"
SHOWN = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The options of the command."""

    write: bool
    diff: bool
    keep: tuple[str, ...]
    origin: str | None
    uncommitted: bool


def upgrade(asked: Asked) -> int:
    """Say what an upgrade does, and do it if that was asked for; return the exit status."""
    workspace = Workspace.find(Path.cwd())
    with workspace.lock() if asked.write else nullcontext():
        plan, before = _plan(workspace, asked)
        tell(plan, before.version)
        if asked.diff:
            differences(plan, lambda path: _read(workspace, path).content)
        if asked.write:
            _write(workspace, plan, before, asked)
    tell_written(plan, written=asked.write)
    return 1 if plan.clashes else 0


def _plan(workspace: Workspace, asked: Asked) -> tuple[Plan, MadeBy]:
    """What is to be done, the last of it the marker; and which version wrote the files."""
    made_by = origin_of(workspace.root, _read(workspace, marker.PATH), asked.origin, _before)
    shipped = _before(__version__)
    paths = {*shipped, *_before(made_by.version)}
    paths |= {path for version in made_by.waiting.values() for path in _before(version)}
    there = {path: _read(workspace, path) for path in (*sorted(paths), *workspace.superseded())}
    old, new, wrong = _pins(there.get(REQUIREMENTS, There()), made_by.version)
    given = Upgrade(
        made_by=made_by,
        version=__version__,
        shipped=shipped,
        before=_before,
        there=there,
        pins=(old, new),
        today=_today(),
        kept=tuple(_named(workspace, path, paths) for path in asked.keep),
    )
    plan = planned(given)
    steps = [*plan.steps, *schema_steps(workspace, plan.steps)]
    said = plan.made_by.text.encode()
    if _read(workspace, marker.PATH).content != said:
        why = f"says {__version__}"
        steps.append(Step(path=marker.PATH, kind=Kind.WRITE, why=why, content=said))
    notes = (*plan.notes, *([(REQUIREMENTS, wrong)] if wrong else []))
    return replace(plan, steps=tuple(steps), notes=notes), made_by


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


def _write(workspace: Workspace, plan: Plan, before: MadeBy, asked: Asked) -> None:
    """Write file by file; the marker first says what will be, so that the next run can finish."""
    if not plan.steps:
        return
    if not asked.uncommitted:
        _refuse_uncommitted(workspace, plan)
    others = {step.path: digest(step.content) for step in plan.steps if step.path != marker.PATH}
    under_way = replace(before, writing={**before.writing, **others})
    workspace.put_record(marker.PATH, under_way.text.encode())
    for step in plan.steps:
        workspace.put_record(step.path, step.content)


def _refuse_uncommitted(workspace: Workspace, plan: Plan) -> None:
    repository = Repository.of(workspace.root)
    if repository is None:
        return
    paths = [step.path for step in plan.steps if step.path != marker.PATH]
    there = {path: _read(workspace, path).content for path in paths}
    held = uncommitted(repository, {p: data for p, data in there.items() if data is not None})
    if held:
        more = f" and {len(held) - SHOWN} more" if len(held) > SHOWN else ""
        message = f"{', '.join(held[:SHOWN])}{more} would lose what no commit has"
        raise Refusal(message, "commit first, so that git diff shows the upgrade; or --uncommitted")


def _today() -> date:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return moment_now(None, epoch, datetime.now(UTC), ZoneInfo("UTC")).date()
