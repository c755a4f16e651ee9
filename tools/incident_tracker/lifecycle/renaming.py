"""A record under another name: its former one is kept in it, and whoever names it follows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.ids import SLUG_FROM, path_of
from incident_tracker.lifecycle.log import with_day_written
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.parse import id_problem
from incident_tracker.protocol import Protocol
from incident_tracker.text.document import read_document
from incident_tracker.text.edit import flow_list

HOW = "incident rename ID new-name, in small letters, digits and dashes"
# An address on another host is not ours to change; a file of evidence keeps its own name.
MENTION = r"(?P<address>[a-z][a-z0-9+.-]*://[^\s<>)\]]*)|(?<![a-z0-9-]){}(?![a-z0-9-]|\.(?!md\b)\w)"


def new_id(old: str, typed: str, day: str = "") -> str:
    """Return the id with a slug that was typed, alone or as an id, and a day; else the old ones."""
    if day and not _is_day(day):
        raise Refusal(f'"{day}" is no day', "--date 2026-11-03")
    first = f"{day or old[: SLUG_FROM - 1]}-"
    slug = typed.removeprefix(first).removeprefix(old[:SLUG_FROM]) or old[SLUG_FROM:]
    found = f"{first}{slug}"
    problem = id_problem(found)
    if problem or found == old:
        message = f'"{typed or day}" cannot be the name: {found} {problem or "is its name already"}'
        raise Refusal(message, HOW)
    return found


def renamed(files: Mapping[str, bytes], old: str, new: str, protocol: Protocol) -> dict[str, bytes]:
    """Return the files that differ once a record is called otherwise, by their new paths.

    ``files`` holds all records by path. Each mention of the old id becomes the new one, and the
    incident, which comes first, says what it was called. No moment becomes another.
    """
    pattern = re.compile(MENTION.format(re.escape(old)).encode())

    def told(text: bytes) -> bytes:
        return pattern.sub(lambda found: found["address"] or new.encode(), text)

    moved = {path_of(old, folder): path_of(new, folder) for folder in ("incidents", "pir")}
    place = path_of(old)
    draft = Draft(read_document(place, files[place]), protocol)
    if old[:SLUG_FROM] != new[:SLUG_FROM]:
        draft = with_day_written(draft)
    found = {path_of(new): _with_former(told(draft.document.text.encode()), old, new, protocol)}
    for path, text in files.items():
        if path == place or path in moved.values():
            continue
        after = told(text)
        if path in moved or after != text:
            found[moved.get(path, path)] = after
    return found


def _with_former(text: bytes, old: str, new: str, protocol: Protocol) -> bytes:
    draft = Draft(read_document(path_of(new), text), protocol)
    former = dict.fromkeys((*draft.incident.formerly, old))
    kept = flow_list([name for name in former if name != new])
    return draft.with_field("formerly", kept).document.text.encode()


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
