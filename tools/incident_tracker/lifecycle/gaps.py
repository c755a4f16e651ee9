"""The gaps that a drill found, each answered by an action item or accepted with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from incident_tracker.finding import Position
from incident_tracker.log.lexicon import any_of
from incident_tracker.model import Action, Incident

SECTION = "Gaps"
ITEM = re.compile(r"[-*+][ \t]+(?P<text>\S.*)")
ANSWER = re.compile(r"(?P<gap>.*?)\((?P<answer>[^()]*(?:\([^()]*\)[^()]*)*)\)[.]?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """One gap; ``accepted`` is why nothing is done, ``action`` the number of what is done.

    Without either it is not answered.
    """

    text: str
    position: Position
    accepted: str = ""
    action: int | None = None

    def answered_by(self, incident: Incident) -> Action | None:
        """Return the action item that closes it, None where the incident has none of the number."""
        if self.action is None or not 1 <= self.action <= len(incident.actions):
            return None
        return incident.actions[self.action - 1]

    def is_answered(self, incident: Incident) -> bool:
        """Whether something is done about it, or why not is said."""
        return bool(self.accepted) or self.answered_by(incident) is not None


def gaps(incident: Incident) -> tuple[Gap, ...]:
    """Return the gaps of an incident, in the order of its section."""
    section = incident.section(SECTION)
    if section is None:
        return ()
    return tuple(_read(incident, section.position.line + 1, section.text.split("\n")))


def _read(incident: Incident, first: int, lines: list[str]) -> Iterator[Gap]:
    started: list[tuple[int, list[str]]] = []
    for offset, line in enumerate(lines):
        item = ITEM.fullmatch(line.rstrip())
        if item is not None:
            started.append((first + offset, [item["text"]]))
        elif started and line[:1].isspace() and line.strip():
            started[-1][1].append(line.strip())
    for line_number, parts in started:
        yield _gap(incident, " ".join(" ".join(parts).split()), Position(line_number, 1))


def _gap(incident: Incident, text: str, position: Position) -> Gap:
    words = incident.protocol.words
    match = ANSWER.fullmatch(text)
    if match is None:
        return Gap(text=text, position=position)
    accepted = re.fullmatch(
        rf"(?:{any_of(words.accepted)})\s*:\s*(\S.*)", match["answer"], re.IGNORECASE
    )
    action = re.fullmatch(
        rf"(?:{any_of(words.action)})\s+#?([0-9]{{1,4}})", match["answer"], re.IGNORECASE
    )
    return Gap(
        text=match["gap"].strip() if accepted or action else text,
        position=position,
        accepted=accepted[1] if accepted else "",
        action=int(action[1]) if action else None,
    )
