"""An invented story as its files: the incident, and the review where one is owed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bench.stories import REVIEWED, ZONE, Story, offset
from bench.story_texts import ASIDES, CHECKS, FOUND, LESSONS, PEOPLE, TASKS

TOLD = {
    "P0": "on-call team, team lead, campaign manager",
    "P1": "on-call team, team lead",
    "P2": "on-call team",
}


def incident(story: Story, *, is_open: bool) -> str:
    """The incident's file: closed, or acknowledged a moment ago."""
    parts = [_front(story, is_open=is_open)]
    if not is_open:
        parts.append(_summary(story))
    parts.append("\n".join(["## Timeline", *_timeline(story, is_open=is_open)]))
    if story.severity != "P3":
        parts.append("## Updates\n" + _updates(story, is_open=is_open))
    if not is_open:
        parts.append(_checklist(story))
        if story.option == "failover":
            parts.append(f"## Action Items\n{_fail_back(story)}")
    return parts[0] + "\n\n".join(parts[1:]) + "\n"


def _front(story: Story, *, is_open: bool) -> str:
    at, (bo, asha, chen, dana) = story.at, story.people
    big = story.severity in REVIEWED
    roles = f"ic: {asha}, technical_lead: {bo}, communications_lead: {chen}, scribe: {dana}"
    names = ["started", "detected", "acknowledged", "mitigated", "resolved", "verified", "closed"]
    if is_open:
        names = names[:3]
    title = story.pick(story.area.titles)
    lines = [
        "---",
        f"title: {title}",
        f"severity: {story.severity}",
        f"status: {'investigating' if is_open else 'closed'}",
        f"kind: {story.area.kind}",
        f"components: [{story.area.id}]",
        "detected_by: monitoring",
        *(f"{name}_at: {at[name]:%Y-%m-%dT%H:%M}{offset(at[name])}" for name in names),
        f"roles: {{{roles if big else f'ic: {bo}'}}}",
    ]
    if not is_open:
        lines += [f"resolution: {story.option}", f"root_cause: {story.cause}"]
        if story.chance.random() < 0.5:  # noqa: PLR2004 - every other one is for the public
            lines += ["visibility: public", f"public_summary: {story.pick(story.area.told)}"]
    return "\n".join([*lines, "protocol: 2.0.0", "---", ""])


def _summary(story: Story) -> str:
    found = story.some(FOUND, 3)
    return (
        f"## Summary\n{story.pick(story.area.told)} {found[0].capitalize()}. The cause was"
        f" {story.cause.replace('-', ' ')}. {found[1].capitalize()}, and {found[2]}."
        f" {story.pick(LESSONS)}"
    )


def _timeline(story: Story, *, is_open: bool) -> Iterator[str]:
    bo, asha, chen, dana = story.people
    severity = story.severity
    big, small = severity in REVIEWED, severity == "P3"
    line = _Lines(story)
    yield line.on("started", f"Impact started: {story.pick(FOUND)}")
    yield line.on(
        "detected", f"Incident detected via monitoring: {story.pick(story.area.symptoms)}"
    )
    yield line.on("acknowledged", f"Acknowledged by {bo}")
    if big:
        yield line.same(f"Notified: {TOLD[severity]} via phone")
        yield line.same(f"IC assigned: {asha}, investigation started")
        for role, name in (("Technical", bo), ("Communications", chen)):
            yield line.same(f"{role} lead assigned: {name}")
        yield line.same(f"Scribe assigned: {dana}")
        yield line.same(
            f"War room opened: #incident-{story.id.replace('-', '', 2)}, meeting room 1"
        )
    if not small:
        yield line.on("triaged", f"Triage complete: real, {severity}, {story.pick(FOUND)}")
    yield line.same(f"Impact: {story.pick(story.area.told)}")
    if is_open:
        return
    if severity == "P2":
        yield line.same(f"Notified: {TOLD[severity]} via chat")
    checks = story.some(CHECKS, 3 if small else 4)
    yield line.next(f"Checked: changes, logs, dashboards, functionality: {checks[0]}")
    yield line.next(f"Root cause hypothesis: {story.cause.replace('-', ' ')}, because {checks[1]}")
    for check in checks[2:]:
        yield line.next(story.fill(f"Checked: database, performance: {check}"))
    for aside in story.some(ASIDES, 5 if small else 7):
        yield line.next(aside)
    if not small:
        yield line.next(f"Hypothesis confirmed: {story.pick(CHECKS)}")
        yield line.next(
            f"Decision: {story.option.replace('-', ' ')} (recent deployment: yes) because"
            f" {story.pick(FOUND)}"
        )
    yield line.next(f"Mitigation attempted: {story.pick(TASKS)}")
    yield line.next(f"Assigned: {dana}, {story.pick(TASKS)}")
    yield line.on("mitigated", f"Service restored: {story.pick(CHECKS)}")
    yield line.next(f"Runbook used: {story.area.runbook}, fix 1 - worked")
    yield line.on("resolved", f"Resolution implemented ({story.option}): {story.pick(TASKS)}")
    todo = story.pick(TASKS)
    yield line.same(f"TODO: {todo}")
    for check in story.some(CHECKS, 1 if small else 3):
        yield line.next(f"Checked: functionality, dashboards: {check}")
    yield line.on("verified", "Verification complete")
    yield line.same(f"Done: {todo}")
    yield line.on("closed", f"Incident closed by {asha if big else bo}")


class _Lines:
    """Timeline lines whose clocks never go back."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.now = story.at["started"]

    def on(self, milestone: str, text: str) -> str:
        """A line at its milestone."""
        self.now = self.story.at[milestone]
        return self.same(text)

    def same(self, text: str) -> str:
        """A line at the moment of the one before."""
        return f"- {self.now:%H:%M} - {text}"

    def next(self, text: str) -> str:
        """A line a minute later, unless that would pass the next milestone."""
        later = min(moment for moment in self.story.at.values() if moment > self.now)
        self.now = min(self.now + timedelta(minutes=1), later)
        return self.same(text)


def _updates(story: Story, *, is_open: bool) -> str:
    at = story.at
    stages = [
        ("Investigating", at["triaged"] + timedelta(minutes=1), 18),
        ("Identified", at["triaged"] + timedelta(minutes=9), 20),
        ("Monitoring", at["resolved"] + timedelta(minutes=1), 29),
        ("Resolved", at["verified"] + timedelta(minutes=2), 0),
    ]
    return "\n\n".join(_update(story, *stage) for stage in stages[: 1 if is_open else 4])


def _update(story: Story, stage: str, moment: datetime, promised: int) -> str:
    lines = [f"### {moment:%Y-%m-%d %H:%M} - {stage}", story.pick(story.area.told)]
    if promised:
        lines += [
            f"- Impact: {story.pick(story.area.told)}",
            f"- Next steps: {story.pick(TASKS)}, {story.pick(TASKS)}",
            "- ETA: unknown",
            f"- Next update: {moment + timedelta(minutes=promised):%H:%M}",
        ]
    else:
        lines += [
            f"- Root cause: {story.cause.replace('-', ' ')}",
            f"- Prevention: {story.pick(TASKS)}",
            f"- Sent: {TOLD[story.severity]}",
        ]
    if story.severity == "P0":
        lines.append("- Approved by: erin")
    return "\n".join(lines)


def _checklist(story: Story) -> str:
    boxes = (
        f"Functionality restored ({story.pick(CHECKS)})",
        f"Monitoring shows healthy ({story.pick(CHECKS)})",
        "Users can access system (two people who had reported it)",
        "No new errors in logs",
        f"Performance acceptable ({story.pick(CHECKS)})",
        "No side effects observed",
    )
    return "\n".join(["## Checklist", *(f"- [x] {box}" for box in boxes)])


def _fail_back(story: Story) -> str:
    due = story.day + timedelta(days=6)
    owner = story.people[0]
    return (
        f"- [x] Fail back to {story.fill('{host}')} (Owner: {owner}, Due: {due}, Type: fail-back,"
        f" Done: {due - timedelta(days=2)})"
    )


def review(story: Story) -> str:
    """The file of its review, published and followed up."""
    held = datetime.combine(story.day + timedelta(days=3), datetime.min.time(), ZONE)
    held += timedelta(hours=10)
    published, due = held + timedelta(days=1, hours=4), story.day + timedelta(days=30)
    followed = published.date() + timedelta(days=35)
    cause = story.cause.replace("-", " ")
    actions = [
        f"- [x] {text[:1].upper()}{text[1:]} (Owner: {name}, Due: {due}, Type: {type_},"
        f" Ticket: OPS-{story.chance.randrange(1000, 9999)}, Done: {due - timedelta(days=4)})"
        for text, name, type_ in zip(
            story.some(TASKS, 3), story.people, ("prevent", "detect", "mitigate"), strict=False
        )
    ]
    runbook = f"../../runbooks/{story.area.runbook}.md"
    return "\n".join(
        [
            "---",
            "status: published",
            f"held_at: {held:%Y-%m-%dT%H:%M}{offset(held)}",
            f"published_at: {published:%Y-%m-%dT%H:%M}{offset(published)}",
            f"attendees: [{', '.join(sorted(PEOPLE))}]",
            f"followed_up_at: {followed}",
            "---",
            "## Incident Summary",
            f"{story.pick(story.area.told)} {story.pick(LESSONS)} The cause was {cause}.",
            "\n## Timeline",
            "Learned afterwards:",
            f"- {story.day - timedelta(days=9)} 17:00 - {story.pick(FOUND)}",
            "\n## Impact",
            f"- Users affected: {story.chance.randrange(40, 9000)} people",
            f"- Business impact: {story.pick(FOUND)}",
            "\n## Root Cause",
            f"What failed first was {cause}: {story.pick(FOUND)}.",
            "Contributing factors:",
            *(f"- {text.capitalize()}." for text in story.some(FOUND, 2)),
            "\n## What Went Well",
            *(f"- {text.capitalize()}." for text in story.some(CHECKS, 3)),
            "\n## What Needs Improvement",
            *(f"- {text}" for text in story.some(LESSONS, 3)),
            "\n## Action Items",
            *actions,
            "\n## Prevention",
            f"{story.pick(LESSONS)} {story.pick(LESSONS)}",
            "\n## Lessons Learned",
            *(f"- {text}" for text in story.some(LESSONS, 3)),
            "\n## Checklist",
            f"- [x] Initial incident report ({story.at['closed']:%Y-%m-%d %H:%M})",
            f"- [x] Documentation updated ([the runbook]({runbook}))",
            f"- [x] Runbooks updated ([fix 1]({runbook}#common-fixes))",
            f"- [x] Monitoring/alerts adjusted ({due - timedelta(days=4)}, OPS-1)",
            f"- [x] Team learnings shared ({published:%Y-%m-%d}, stand-up)",
            "",
        ]
    )
