"""The summary of a GitHub job: all findings, then how far the changed incidents are.

GitHub drops the summary of a step past 1,024 kB, all of it; what does not fit is counted instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from incident_tracker.check import Report
from incident_tracker.finding import Finding
from incident_tracker.formats import labelled, plural, summary, worst_first
from incident_tracker.formats.terminal import one_line
from incident_tracker.lifecycle.checklist import Checklist, Line, checklists
from incident_tracker.model import Incident, Tracker

MOST_BYTES = 1_000_000
KEPT_FOR_INCIDENTS = MOST_BYTES // 4
ENDING = 200
"""More than the lines take that count what was left out."""
CHANGED = "\n### Changed incidents\n\n"
# The dot behind www is enough for a link.
MARKDOWN = re.compile(r"[&<>|`*_~\[\]\\#@$:!{}]|(?<=www)\.", re.IGNORECASE)
NOT_YET = "not yet"
SIGNS = {True: "held", False: "**missing**", None: "not applicable"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far an incident is: its computed checklists at a moment."""

    id: str
    title: str
    state: str
    checklists: tuple[Checklist, ...]


def summarised(tracker: Tracker, ids: Iterable[str], now: datetime) -> tuple[Progress, ...]:
    """Return how far these incidents are, by id; those that owe nothing or cannot be read aside."""
    wanted = set(ids)
    reviews = {review.id: review for review in tracker.reviews}
    return tuple(
        Progress(
            id=incident.id,
            title=incident.title,
            state=", ".join(filter(None, (incident.severity, incident.status))),
            checklists=checklists(incident, reviews.get(incident.id), now, tracker.repeats),
        )
        for incident in tracker.incidents
        if incident.id in wanted and _owes(incident)
    )


def job_summary(
    report: Report,
    *,
    facts: bool = False,
    checklists: Sequence[Progress] = (),
    taken: int = 0,
) -> str:
    """Return the verdict as Markdown that fits below GitHub's limit, worst first.

    ``checklists`` are those of the changed incidents; ``taken`` bytes of the limit are in use.
    Empty where there is no room at all.
    """
    room = MOST_BYTES - ENDING - taken
    head = f"### Incident records\n\n{markdown(summary(report, facts=facts))}\n"
    if room < len(head.encode()):
        return ""
    blocks = [_block(progress) for progress in checklists]
    wanted = sum(map(_bytes, blocks)) + _bytes(CHANGED) + ENDING if blocks else 0
    kept = min(wanted, KEPT_FOR_INCIDENTS, room // 4)
    text = head + _table(worst_first(report, facts=facts), room - kept - _bytes(head))
    if blocks:
        text += CHANGED
        fitting = list(_within(blocks, room - _bytes(text)))
        text += "".join(fitting) + _more(len(blocks) - len(fitting))
    return text


def markdown(text: str) -> str:
    """Return the text as it is, with nothing in it that Markdown, HTML or a table would obey."""
    return MARKDOWN.sub(lambda match: f"&#{ord(match[0])};", one_line(text))


def _table(found: Sequence[Finding], room: int) -> str:
    head = "\n| Level | Rule | Place | What is wrong |\n| --- | --- | --- | --- |\n"
    if not found:
        return ""
    rows = list(_within(map(_row, found), room - _bytes(head)))
    return (head if rows else "") + "".join(rows) + _more(len(found) - len(rows))


def _row(finding: Finding) -> str:
    place = f"{finding.path}:{finding.line}:{finding.column}"
    said = "<br>".join(markdown(line) for line in [finding.message, *labelled(finding)])
    rule = f"{finding.code} {markdown(finding.name)}"
    return f"| {finding.level.value} | {rule} | {markdown(place)} | {said} |\n"


def _block(progress: Progress) -> str:
    """Return an incident's checklists behind one line that counts them."""
    lines = [line for one in progress.checklists for line in one.lines]
    held = sum(line.proof.holds is True for line in lines)
    ahead = sum(line.is_ahead for line in lines)
    missing = sum(line.proof.holds is False for line in lines) - ahead
    name = markdown(f"{progress.id}: {progress.title} ({progress.state})")
    none = len(lines) - held - missing - ahead
    later = f"{ahead} not yet, " if ahead else ""
    counted = f"{held} held, {missing} missing, {later}{none} not applicable"
    rows = "".join(_box(one.title, line) for one in progress.checklists for line in one.lines)
    return (
        f"<details><summary>{name}: {counted}</summary>\n\n"
        f"| List | Box | State | Evidence |\n| --- | --- | --- | --- |\n{rows}\n</details>\n\n"
    )


def _box(title: str, line: Line) -> str:
    sign = "**too late**" if line.proof.is_late else SIGNS[line.proof.holds]
    sign = NOT_YET if line.is_ahead else sign
    return f"| {title} | {markdown(line.text)} | {sign} | {markdown(line.proof.evidence)} |\n"


def _owes(incident: Incident) -> bool:
    return incident.sound and not incident.is_maintenance and not incident.is_cancelled


def _more(left: int) -> str:
    return f"\n{plural(left, 'more', 'more')}.\n" if left else ""


def _within(parts: Iterable[str], room: int) -> Iterator[str]:
    for part in parts:
        room -= _bytes(part)
        if room < 0:
            return
        yield part


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "backslashreplace"))
