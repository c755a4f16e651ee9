"""What ``import`` says about its plan, for people and as JSON."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from incident_tracker.cli._terminal import Paint, say
from incident_tracker.importers.plan import Action, Plan, Planned
from incident_tracker.registers import COMPONENTS

SHOWN = 3
INDEX = re.compile(r"\[[0-9]+\]")
NAMED = 40
SAID = {
    Action.NEW: ("wrote", "would write"),
    Action.CHANGED: ("updated", "would update"),
    Action.SAME: ("left as they were:", "would leave as they are:"),
    Action.KEPT: ("kept what people changed:", "would keep what people changed:"),
}


def tell(found: Plan, unknown: dict[str, str], *, written: bool, is_adding: bool) -> None:
    """Print what was or would be done, what the source lacks, and what could not be taken."""
    _tell_files(found.files, "record", written=written)
    _tell_files(found.reviews, "review", written=written)
    for remark in found.remarks:
        say(remark.text)
    for name, counted in _counts(found).items():
        say(f"{name}: ", ", ".join(f"{key} {count}" for key, count in counted.items()))
    _tell_missing(found)
    if unknown:
        verb = "not in"
        if is_adding:
            verb = "added to" if written else "would be added to"
        say(f"components {verb} {COMPONENTS}: {', '.join(unknown)}")
    for defect in found.defects():
        verb = "kept" if defect.is_kept else "left out"
        say(Paint(verb, "yellow"), f" {defect.path}:{defect.line}: {defect.reason}")
    for one in found.unplaced():
        say(Paint("not placed", "yellow"), f" {one.path}:{one.line}: {one.what}")
    for row in found.skipped:
        say(Paint("skipped", "yellow"), f" {row.path}:{row.line}: {row.reason}")
    _tell_sums(found)
    if not written and found.files:
        say("nothing was written; --write does it")


def _tell_sums(found: Plan) -> None:
    told = []
    for is_kept, what in ((False, "values left out"), (True, "values kept that cannot be right")):
        fields = Counter(
            INDEX.sub("", defect.field) or "file"
            for defect in found.defects()
            if defect.is_kept is is_kept
        )
        if fields:
            listed = ", ".join(f"{field} {count}" for field, count in sorted(fields.items()))
            told.append(f"{fields.total()} {what}: {listed}")
    if found.unplaced():
        told.append(f"{len(found.unplaced())} not placed")
    if found.skipped:
        told.append(f"{len(found.skipped)} rows skipped")
    if told:
        say("; ".join(told))


def _tell_files(planned_files: Sequence[Planned], what: str, *, written: bool) -> None:
    for action in Action:
        files = [planned for planned in planned_files if planned.action is action]
        if not files:
            continue
        did, would = SAID[action]
        count = f"{len(files)} {what}{'s' if len(files) > 1 else ''}"
        say(Paint(did if written else would, "green"), f" {count}")
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
    untaken = found.untaken()
    if untaken:
        named = ", ".join(f"{name} {count}" for name, count in list(untaken.items())[:NAMED])
        more = f" and {len(untaken) - NAMED} more" if len(untaken) > NAMED else ""
        say(f"not taken: {named}{more}; --map FIELD=COLUMN takes one")
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


def plan_object(found: Plan, unknown: dict[str, str], *, written: bool) -> dict[str, object]:
    """Return what JSON says about a plan."""
    return {
        "written": written,
        "files": [
            {
                "path": planned.path,
                "action": planned.action.value,
                "origin": planned.settled.draft.id,
                "source": planned.settled.draft.path,
                "line": planned.settled.draft.line,
                "missing": list(planned.settled.missing),
            }
            for planned in found.files
        ],
        "reviews": [
            {"path": planned.path, "action": planned.action.value} for planned in found.reviews
        ],
        "counts": _counts(found),
        "missing": dict(found.missing()),
        "not_taken": dict(found.untaken()),
        "unknown_components": unknown,
        "remarks": [remark.text for remark in found.remarks],
        "defects": [
            {
                "source": d.path,
                "line": d.line,
                "field": d.field,
                "reason": d.reason,
                "kept": d.is_kept,
            }
            for d in found.defects()
        ],
        "not_placed": [
            {"source": one.path, "line": one.line, "what": one.what} for one in found.unplaced()
        ],
        "skipped": [
            {"source": row.path, "line": row.line, "reason": row.reason} for row in found.skipped
        ],
        "removed_characters": sum(p.settled.draft.removed for p in found.files),
        "cut_texts": sum(p.cut for p in found.files),
    }
