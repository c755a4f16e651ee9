"""How ``incident cancel`` turns what was typed into the line of the protocol."""

from __future__ import annotations

import re
from collections.abc import Mapping

from incident_tracker.cli._choosing import one_of
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import warn
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.ids import path_of
from incident_tracker.lifecycle.moves import Move, cancelled, moved
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.lifecycle.uniting import differences, told_by, united
from incident_tracker.model import Incident
from incident_tracker.protocol import Word


def cancel(
    session: Session,
    incident: Incident,
    how: str,
    other: str,
    because: str,
    at: str | None,
    *,
    unite: bool = False,
) -> None:
    """Write the cancellation; ``other`` is the id that was typed behind it, outside the quotes."""
    moment = session.at(at, incident)
    if incident.is_maintenance:
        step = Move(status="cancelled", at=moment, reason=because)
        session.change(incident.path, lambda draft: moved(draft, step))
        return
    kinds = incident.protocol.cancellations
    if not how.strip():
        raise Refusal("what was it?", f"--as with one of: {', '.join(_written(kinds))}")
    kind, told = _kind(how.strip(), kinds)
    other = told or other
    if kinds[kind].takes_id and not other:
        raise Refusal(
            "a duplicate of which incident?", f"--as {_written(kinds)[list(kinds).index(kind)]}"
        )
    if other and not kinds[kind].takes_id:
        message = f'"{other}" is one word too many: a {kind} names no other incident'
        raise Refusal(message, 'incident cancel ID --as KIND --because "…"')
    known = session.find(other.strip()) if kinds[kind].takes_id else ""

    if known:
        told_by(incident, session.incident(known), session.incident)
    if unite and not known:
        raise Refusal("only a duplicate is united with another record", '--as "duplicate-of ID"')

    def change(draft: Draft) -> Draft:
        # A run that was cut off has written this line already.
        done = bool(known) and draft.incident.duplicate_of == known
        return draft if done else cancelled(draft, kind, known, because, moment)

    after = session.change(incident.path, change).incident
    if unite:
        whole = session.change(path_of(known), lambda draft: united(draft, after)).incident
        for difference, hint in differences(whole, after):
            warn(difference, hint)


def _written(kinds: Mapping[str, Word]) -> list[str]:
    """Return how each cancellation is typed."""
    ids = {key: word.words[0].replace(" ", "-") for key, word in kinds.items() if word.takes_id}
    return [f'"{ids[key]} ID"' if key in ids else key for key in kinds]


def _kind(how: str, kinds: Mapping[str, Word]) -> tuple[str, str]:
    """Return which cancellation the first words name, and what stands behind them."""
    spelled = [(name, key) for key, word in kinds.items() for name in (key, *word.words)]
    for name, key in sorted(spelled, key=lambda item: -len(item[0])):
        words = r"[-\s]+".join(re.escape(part) for part in re.split(r"[-\s]+", name))
        begun = re.match(rf"{words}(?=[\s:]|$)[\s:]*", how, re.IGNORECASE)
        if begun:
            return key, how[begun.end() :]
    first, _, other = how.replace(":", " ").partition(" ")
    return one_of(first, kinds, "cancellation"), other.strip()
