"""What a change would make vanish that nobody asked to remove: such a change is not written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from incident_tracker.lifecycle.draft import Draft, one_line
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.model import Incident, Review

HEADING = re.compile(r"##[ \t]+(?P<title>.*?)[ \t#]*")
SHOWN = 60


def refuse_losses(before: Draft, after: Draft, replaced: str = "") -> None:
    """Raise Refusal where something of ``before`` is missing from ``after``.

    ``replaced`` is the title of the section whose text the command replaces.
    """
    lost = Counter(_held(before, replaced))
    lost.subtract(Counter(_held(after, replaced)))
    gone = [part for part, count in lost.items() if count > 0]
    if not gone:
        return
    what, said = gone[0]
    more = f" and {len(gone) - 1} more" if len(gone) > 1 else ""
    message = f'this would lose the {what} "{one_line(said)[:SHOWN]}"{more}: nothing was written'
    hint = "a code fence or a comment is open above it; end it in the file, then try again"
    raise Refusal(message, hint)


def _held(draft: Draft, replaced: str) -> Iterator[tuple[str, str]]:
    """What a record holds that no command takes away."""
    record, document = draft.parsed.record, draft.document
    known = {title.casefold() for title in draft.order} if record is not None else set()
    # As text, too: a heading that a fence hides is no section, and all the easier to lose.
    for line in document.lines[document.body_start :]:
        heading = HEADING.fullmatch(line) if line.startswith("##") else None
        if heading is not None and heading["title"].casefold() in known:
            yield "heading", heading["title"].casefold()
    if isinstance(record, Incident) and replaced != "Timeline":
        yield from (("entry", entry.text.partition("\n")[0]) for entry in record.log.entries)
    if isinstance(record, Incident) and replaced != "Updates":
        headings = (document.line_text(update.position.line) for update in record.log.updates)
        yield from (("update", heading) for heading in headings)
    if isinstance(record, Incident | Review):
        yield from (("section", section.title) for section in record.sections)
        if replaced != "Checklist":
            yield from (("box", box.box or box.text) for box in record.boxes)
        if replaced != "Action Items":
            yield from (("action", action.text) for action in record.actions)
