"""What of an update may be told to everybody: neither what is hidden in it, nor who was told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from incident_tracker.finding import Position
from incident_tracker.log.blocks import near_keys, read_told
from incident_tracker.model import Incident, Keyed, Update
from incident_tracker.protocol import Protocol
from incident_tracker.text.apart import Labels, without_labels
from incident_tracker.text.comments import emptied
from incident_tracker.text.telling import told, told_in_turn
from incident_tracker.text.unseen import without_definitions, without_hidden

TOLD_IN_UPDATES = (
    "impact",
    "next-steps",
    "next-update",
    "eta",
    "components",
    "root-cause",
    "resolution",
    "prevention",
)
"""The key lines of an update that are part of the message; who was told, and by whose leave, is
not."""
NOWHERE = Position(1, 1)


def told_updates(incident: Incident) -> Iterator[Update]:
    """What everybody may read of the updates, but for those that are hidden as a whole."""
    labels = _labels(incident.protocol)
    bodies = _seen(incident)
    updates = [
        _without_labels(update, incident, labels, body)
        for update, body in zip(incident.log.updates, bodies, strict=True)
        if body != [""]
    ]
    texts = [update.text for update in updates]
    for update, text in zip(updates, told_in_turn(texts), strict=True):
        if text is not None:
            yield _update(update, text)


def _labels(protocol: Protocol) -> Labels:
    """The keys that are not part of a message, as they are written, and nearly so."""
    apart = {key: word for key, word in protocol.update_keys.items() if key not in TOLD_IN_UPDATES}
    names = (name for key, word in apart.items() for name in (key, word.label) if name)
    return Labels(tuple(names), near_keys(protocol))


def _seen(incident: Incident) -> list[list[str]]:
    """The lines of each update with its heading, those that are hidden empty; none of what is over.

    One whose heading is hidden has but an empty line; one that was made public before has no line
    in a file, and has lost all that was hidden already.
    """
    lines = incident.document.lines
    places = [update.lines for update in incident.log.updates]
    if any(last > len(lines) for _, last in places):
        return [[] for _ in places]
    texts = [emptied("\n".join(lines[first - 1 : last])) for first, last in places]
    bodies = [text.split("\n") for text in without_hidden(texts)]
    return [body if body[0].strip() else [""] for body in bodies]


def _without_labels(
    update: Update, incident: Incident, labels: Labels, body: Sequence[str]
) -> Update:
    """An update as if nothing had been written that belongs to one of these labels, or is hidden.

    ``body`` is what is seen of its lines, its heading the first; without any it stays as it is.
    """
    if not body:
        return update
    first, last = update.lines
    plain = without_definitions("\n".join(body[1:]))
    left = without_labels(plain.split("\n"), labels)
    if left == list(incident.document.lines[first:last]):
        return update
    text, keys = read_told(tuple(left), incident.document, incident.protocol)
    told = replace(update, text=text, keys=keys)
    return replace(
        told,
        next_update_at=update.next_update_at if _is_same(told, update, "next-update") else None,
        components=update.components if _is_same(told, update, "components") else {},
    )


def _is_same(told: Update, update: Update, key: str) -> bool:
    return told.value(key) == update.value(key)


def _update(update: Update, text: str) -> Update:
    kept = [keyed for keyed in update.keys if keyed.key in TOLD_IN_UPDATES]
    return Update(
        position=NOWHERE,
        lines=(1, 1),
        at=update.at,
        status=update.status,
        text=text,
        keys=tuple(
            Keyed(key=keyed.key, value=told(keyed.value), position=NOWHERE) for keyed in kept
        ),
        next_update_at=update.next_update_at,
        components=dict(update.components),
    )
