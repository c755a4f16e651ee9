"""What ``import`` does: read the mapping, plan, say what that means, and write where asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import click

from incident_tracker.cli._errors import complain
from incident_tracker.cli._import_telling import plan_object, tell
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import say
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
from incident_tracker.importers.plan import Action, Existing, Plan, not_ahead, plan
from incident_tracker.importers.record import is_untouched
from incident_tracker.importers.table import drafts
from incident_tracker.lifecycle.refusal import NothingFound, Refusal
from incident_tracker.protocol import Protocol
from incident_tracker.registers import COMPONENTS
from incident_tracker.sources import read_log, read_source
from incident_tracker.text.document import Document
from incident_tracker.text.tables import nearest

LONG_BYTES = 5_000_000
LONG_ROWS = 200

Item = TypeVar("Item")


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
    mapping = _mapping(maps, chosen, session.protocol)
    if mapping is None:
        return 2
    files = read_source(file, chosen.suffixes)
    if chosen.log:
        files += read_log(file, chosen.log)
    tracker = session.workspace.load()
    is_long = sum(len(file.data) for file in files) > LONG_BYTES
    read = list(_watched(chosen.read(files, mapping), "reading", is_long=is_long))
    is_long = len(read) > LONG_ROWS
    rows = not_ahead(drafts(_watched(read, "mapping", is_long=is_long), mapping), session.now)
    watched = partial(_watched, label="planning", is_long=is_long)
    found = plan(rows, session.protocol, Existing.of(tracker), watched)
    known = {component.id for component in tracker.components}
    unknown = {key: name for key, name in found.components().items() if key not in known}
    if wanted.write:
        _write(session, found)
        if wanted.add_components and unknown:
            _add(session, unknown)
    if wanted.as_json:
        told = plan_object(found, unknown, written=wanted.write)
        say(json.dumps(told, indent=2, allow_nan=False))
    else:
        tell(found, unknown, written=wanted.write, is_adding=wanted.add_components)
    return 1 if found.skipped or found.defects() else 0


def _importer(name: str) -> Importer:
    known = importers()
    if name in known:
        return known[name]
    near = nearest(name, tuple(known))
    hint = f"did you mean {near}?" if near else f"one of: {', '.join(sorted(known))}"
    raise Refusal(f'no importer "{name}"', hint)


def _mapping(maps: tuple[str, ...], chosen: Importer, protocol: Protocol) -> RowMap | None:
    """The mapping: a given one, else that of the format's own name, with the pairs on top."""
    base = EMPTY
    whole = [text for text in maps if "=" not in text]
    if not whole and chosen.name in preset_names():
        whole = [chosen.name]
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


def _write(session: Session, found: Plan) -> None:
    todo = list(found.written())
    for planned in _watched(todo, "writing", is_long=len(todo) > LONG_ROWS):
        if planned.action is Action.NEW:
            session.workspace.create(planned.path, planned.text)
        else:
            session.workspace.change(planned.path, _replaced_by(planned.text))


def _replaced_by(text: str) -> Callable[[Document], str]:
    """The edit to a new text; what people changed since the plan was made stays as it is."""
    return lambda document: text if is_untouched(document.text) else document.text


def _watched(items: Iterable[Item], label: str, *, is_long: bool) -> Iterator[Item]:
    """The items, with a bar on a terminal where they are many; a pipe gets none of it."""
    if not (is_long and sys.stderr.isatty()):
        yield from items
        return
    with click.progressbar(items, label=label, file=sys.stderr) as bar:
        yield from bar


def _add(session: Session, unknown: dict[str, str]) -> None:
    workspace = session.workspace
    before = workspace.text(COMPONENTS)
    if before is None:
        workspace.create(COMPONENTS, lines_for("", unknown))
    else:
        workspace.change(COMPONENTS, lambda document: lines_for(document.text, unknown))
