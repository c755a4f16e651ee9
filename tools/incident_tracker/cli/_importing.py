"""What ``import`` does: read the mapping, plan, say what that means, and write where asked for."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from incident_tracker.cli._errors import complain
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import Paint, say
from incident_tracker.importers.components import lines_for
from incident_tracker.importers.declare import Importer, importers
from incident_tracker.importers.mapping import (
    EMPTY,
    RowMap,
    incomplete,
    preset_names,
    preset_text,
    read_mapping,
)
from incident_tracker.importers.pairs import with_pairs
from incident_tracker.importers.plan import Action, Existing, Plan, Planned, not_ahead, plan
from incident_tracker.importers.record import is_untouched
from incident_tracker.lifecycle.refusal import NothingFound, Refusal
from incident_tracker.protocol import Protocol
from incident_tracker.text.document import Document
from incident_tracker.text.tables import nearest

COMPONENTS = "protocol/components.yml"
MOST_BYTES = 500_000_000
SHOWN = 3
SAID = {
    Action.NEW: ("wrote", "would write"),
    Action.CHANGED: ("updated", "would update"),
    Action.SAME: ("left as they were:", "would leave as they are:"),
    Action.KEPT: ("kept what people changed:", "would keep what people changed:"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What is to be done with the plan."""

    write: bool
    add_components: bool
    as_json: bool


def run(source: str, file: str, maps: tuple[str, ...], wanted: Wanted, now: str | None) -> int:
    """Import one file; 0, 1 where a row was skipped, 2 for a broken mapping."""
    session = Session.start(now)
    chosen = _importer(source)
    mapping = _mapping(maps, session.protocol)
    if mapping is None:
        return 2
    data = _bytes(file)
    tracker = session.workspace.load()
    rows = not_ahead(chosen.read(data, mapping), session.now)
    found = plan(rows, session.protocol, Existing.of(tracker))
    known = {component.id for component in tracker.components}
    unknown = {key: name for key, name in found.components().items() if key not in known}
    if wanted.write:
        _write(session, found)
        if wanted.add_components and unknown:
            _add(session, unknown)
    if wanted.as_json:
        say(json.dumps(_as_json(found, unknown, written=wanted.write), indent=2, allow_nan=False))
    else:
        _tell(found, unknown, wanted)
    return 1 if found.skipped else 0


def _importer(name: str) -> Importer:
    known = importers()
    if name in known:
        return known[name]
    near = nearest(name, tuple(known))
    hint = f"did you mean {near}?" if near else f"one of: {', '.join(sorted(known))}"
    raise Refusal(f'no importer "{name}"', hint)


def _mapping(maps: tuple[str, ...], protocol: Protocol) -> RowMap | None:
    base = EMPTY
    whole = [text for text in maps if "=" not in text]
    if len(whole) > 1:
        raise Refusal(
            f"{len(whole)} mappings: {', '.join(whole)}", "give one, and FIELD=COLUMN on top"
        )
    if whole:
        text, path = _mapping_text(whole[0])
        found, faults = read_mapping(text, protocol)
        if found is None:
            complain(f"the mapping {path} has {len(faults)} fault{'s' if len(faults) > 1 else ''}")
            for fault in faults:
                say(
                    f"  {path}:{fault.position.line}:{fault.position.column}: {fault.message}",
                    err=True,
                )
                if fault.help:
                    say(f"    help: {fault.help}", err=True)
            return None
        base = found
    pairs = [(key, value) for key, _, value in (m.partition("=") for m in maps if "=" in m)]
    made = with_pairs(base, pairs, protocol)
    lacking = incomplete(made)
    if lacking:
        hint = f"--map {lacking}=COLUMN, a file, or a preset: {', '.join(preset_names())}"
        raise Refusal(f"the mapping does not say which column is the {lacking}", hint)
    return made


def _mapping_text(typed: str) -> tuple[str, str]:
    path = Path(typed)
    if path.is_file():
        try:
            return path.read_bytes().decode("utf-8"), typed
        except UnicodeDecodeError as error:
            raise Refusal(f"the mapping {typed} is not UTF-8", "save it as UTF-8") from error
    presets = preset_names()
    if typed in presets:
        return preset_text(typed), typed
    near = nearest(typed, presets)
    hint = f"did you mean {near}?" if near else f"presets: {', '.join(presets)}"
    raise NothingFound(f"{typed} is neither a file nor a preset", hint)


def _bytes(file: str) -> bytes:
    path = Path(file)
    if not path.is_file():
        raise NothingFound(f"no file {file}", "give the path of the table")
    if path.stat().st_size > MOST_BYTES:
        raise Refusal(f"{file} has more than {MOST_BYTES:,} bytes", "split it")
    return path.read_bytes()


def _write(session: Session, found: Plan) -> None:
    todo = [*found.of(Action.NEW), *found.of(Action.CHANGED)]
    with _progress(todo) as files:
        for planned in files:
            if planned.action is Action.NEW:
                session.workspace.create(planned.path, planned.text)
            else:
                session.workspace.change(planned.path, _replaced_by(planned.text))


def _replaced_by(text: str) -> Callable[[Document], str]:
    """The edit to a new text; what people changed since the plan was made stays as it is."""
    return lambda document: text if is_untouched(document.text) else document.text


@contextmanager
def _progress(files: list[Planned]) -> Iterator[Iterable[Planned]]:
    if not sys.stderr.isatty():
        yield files
        return
    with click.progressbar(files, label="writing", file=sys.stderr) as bar:
        yield bar


def _add(session: Session, unknown: dict[str, str]) -> None:
    workspace = session.workspace
    before = workspace.text(COMPONENTS)
    if before is None:
        workspace.create(COMPONENTS, lines_for("", unknown))
    else:
        workspace.change(COMPONENTS, lambda document: lines_for(document.text, unknown))


def _tell(found: Plan, unknown: dict[str, str], wanted: Wanted) -> None:
    _tell_files(found, wanted)
    for name, counted in _counts(found).items():
        say(f"{name}: ", ", ".join(f"{key} {count}" for key, count in counted.items()))
    _tell_missing(found)
    if unknown:
        verb = "not in"
        if wanted.add_components:
            verb = "added to" if wanted.write else "would be added to"
        say(f"components {verb} {COMPONENTS}: {', '.join(unknown)}")
    for row in found.skipped:
        say(Paint("skipped", "yellow"), f" line {row.line}: {row.reason}")
    if found.skipped:
        say(f"{len(found.skipped)} rows skipped")
    if not wanted.write and found.files:
        say("nothing was written; --write does it")


def _tell_files(found: Plan, wanted: Wanted) -> None:
    for action in Action:
        files = found.of(action)
        if not files:
            continue
        verb, what = SAID[action]
        count = f"{len(files)} record{'s' if len(files) > 1 else ''}"
        say(Paint(verb if wanted.write else what, "green"), f" {count}")
        named = {Action.SAME: 0, Action.KEPT: len(files)}.get(action, SHOWN)
        for planned in files[:named]:
            say(f"  {planned.path}")
        if 0 < named < len(files):
            say(f"  and {len(files) - named} more")


def _tell_missing(found: Plan) -> None:
    missing = found.missing()
    if missing:
        counted = ", ".join(f"{name} {count}" for name, count in missing.items())
        say(f"the source never had: {counted}")
    removed = sum(planned.settled.draft.removed for planned in found.files)
    cut = sum(planned.cut for planned in found.files)
    if removed:
        say(f"removed: {removed} characters that no record may hold")
    if cut:
        say(f"cut: {cut} texts that were too long")


def _counts(found: Plan) -> dict[str, dict[str, int]]:
    incidents = [p.settled for p in found.files if not p.settled.draft.is_maintenance]
    every = [p.settled for p in found.files]
    kinds = [s.draft.kinds[0] if s.draft.kinds else "incident" for s in every]
    counted = {
        "severity": Counter(s.draft.severity or "unknown" for s in incidents),
        "kind": Counter(kinds),
        "status": Counter(s.status for s in every),
        "year": Counter(p.path.split("/")[1] for p in found.files),
    }
    return {name: dict(sorted(found.items())) for name, found in counted.items() if found}


def _as_json(found: Plan, unknown: dict[str, str], *, written: bool) -> dict[str, object]:
    return {
        "written": written,
        "files": [
            {
                "path": planned.path,
                "action": planned.action.value,
                "origin": planned.settled.draft.id,
                "line": planned.settled.draft.line,
                "missing": list(planned.settled.missing),
            }
            for planned in found.files
        ],
        "counts": _counts(found),
        "missing": dict(found.missing()),
        "unknown_components": unknown,
        "skipped": [{"line": row.line, "reason": row.reason} for row in found.skipped],
        "removed_characters": sum(p.settled.draft.removed for p in found.files),
        "cut_texts": sum(p.cut for p in found.files),
    }
