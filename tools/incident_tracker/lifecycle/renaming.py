"""A record under another name: its former one is kept in it, and whoever names it follows."""

from __future__ import annotations

import re
from collections.abc import Mapping

from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.ids import SLUG_FROM, path_of
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.parse import id_problem
from incident_tracker.protocol import Protocol
from incident_tracker.text.document import read_document
from incident_tracker.text.edit import flow_list


def new_id(old: str, typed: str) -> str:
    """Return the id with the day of the old one and a slug that was typed, alone or as an id."""
    slug = typed.removeprefix(old[:SLUG_FROM])
    found = f"{old[:SLUG_FROM]}{slug}"
    problem = id_problem(found)
    if problem or found == old:
        message = f'"{typed}" cannot be the name: {found} {problem or "is its name already"}'
        raise Refusal(message, "incident rename ID new-name, in small letters, digits and dashes")
    return found


def renamed(texts: Mapping[str, str], old: str, new: str, protocol: Protocol) -> dict[str, str]:
    """Return the files that differ once a record is called otherwise, by their new paths.

    ``texts`` holds all records by path. Each mention of the old id becomes the new one, and the
    incident says what it was called.
    """
    mention = re.compile(rf"(?<![a-z0-9-]){re.escape(old)}(?![a-z0-9-])")
    moved = {path_of(old, folder): path_of(new, folder) for folder in ("incidents", "pir")}
    found = {}
    for path, text in texts.items():
        after = mention.sub(new, text)
        if path in moved:
            found[moved[path]] = after
        elif after != text:
            found[path] = after
    place = path_of(new)
    draft = Draft(read_document(place, found[place].encode()), protocol)
    former = (*draft.incident.formerly, old)
    kept = flow_list([name for name in dict.fromkeys(former) if name != new])
    found[place] = draft.with_field("formerly", kept).document.text
    return found
