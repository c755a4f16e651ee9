"""The page of one incident: facts, phases, updates, timeline, decisions, checklist, actions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from markupsafe import Markup

from incident_tracker.lifecycle.approval import MARK
from incident_tracker.lifecycle.checklist import Line as Boxed
from incident_tracker.lifecycle.checklist import checklists
from incident_tracker.lifecycle.public_texts import is_kept_in
from incident_tracker.model import Entry, Incident, Milestone
from incident_tracker.pages import drawings
from incident_tracker.pages.at_hand import at_hand
from incident_tracker.pages.book import Book
from incident_tracker.pages.declare import Leaf, leaf_of_each
from incident_tracker.pages.drawings import Verdict
from incident_tracker.pages.facts import facts
from incident_tracker.pages.findings import Trouble, Waived, trouble, waived
from incident_tracker.pages.following import following
from incident_tracker.pages.inquiry import inquiry
from incident_tracker.pages.items import Item, items
from incident_tracker.pages.near import Near, neighbours
from incident_tracker.pages.owed import OwedNow, owed_now, promise_of
from incident_tracker.pages.phases import Phases, phases
from incident_tracker.pages.promises import told
from incident_tracker.pages.prose import prose, remarks
from incident_tracker.pages.record import Fact, Reference, edit_links, names_of
from incident_tracker.pages.rows import Row, levels_said, row, status_words
from incident_tracker.pages.tables import Table
from incident_tracker.pages.wording import (
    day,
    month,
    offset,
    paragraphs,
    relative,
    said,
    short_day,
    stamp,
    timed,
    update_anchors,
)

MOST_RELATED = 8
# Sections that the page builds itself from what they hold.
BUILT = ("timeline", "updates", "checklist", "action items", "summary")


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One update."""

    anchor: str
    status: Markup
    at: Markup
    paragraphs: Sequence[Markup]
    keys: Sequence[Fact]
    promise: Markup


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of the timeline."""

    anchor: str
    day: str
    at: Markup
    lead: str
    text: Markup
    is_milestone: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One box with its proof."""

    kind: str
    mark: Markup
    text: str
    state: str
    evidence: Markup


@dataclass(frozen=True, kw_only=True, slots=True)
class Checks:
    """One checklist."""

    title: str
    words: str
    checks: Sequence[Check]


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """A section that somebody wrote."""

    title: str
    markdown: Markup


@dataclass(frozen=True, kw_only=True, slots=True)
class Values:
    """The values of an incident's page."""

    id: str
    title: str
    month: Reference
    flags: Sequence[str]
    lede: Sequence[Markup]
    owed: OwedNow | None
    hand: Sequence[Fact]
    facts: Sequence[Fact]
    links: Sequence[Reference]
    waived: Sequence[Waived]
    is_sound: bool
    trouble: Trouble | None
    phases: Phases | None
    updates: Sequence[Told]
    timeline: Sequence[Line]
    zone_note: str
    inquiry: Sequence[Table]
    decisions: Sequence[Line]
    lists: Sequence[Checks]
    on_lists: Markup
    bodies: Sequence[Body]
    actions: Sequence[Item]
    on_actions: Markup
    related: Sequence[Row]
    more_related: int
    near: Sequence[Near]


@leaf_of_each(
    "incidents",
    lambda book: book.newest_first,
    template="incident.md.j2",
    section="History",
    order=11,
)
def page_of_incident(incident: Incident, book: Book) -> Leaf:
    """One page for each incident, drill and maintenance window, newest first."""
    return Leaf(
        path=incident.path,
        title=incident.title or incident.id,
        values=partial(_values, incident, book),
        source=incident.path,
        search=_search(incident, book),
        names=names_of(incident.id, incident.ticket, incident.actions),
        description=_plain_lede(incident),
    )


def _search(incident: Incident, book: Book) -> str:
    parts = (
        incident.id,
        incident.severity,
        status_words(incident),
        *(book.component(name) for name in incident.components),
        incident.root_cause.replace("-", " "),
        _plain_lede(incident),
    )
    return ". ".join(part for part in parts if part)


def _plain_lede(incident: Incident) -> str:
    summary = incident.section("Summary")
    return " ".join((summary.text if summary else incident.public_summary).split())[:300]


def _values(incident: Incident, book: Book) -> Values:
    path = incident.path
    on = book.day_of(incident)
    review = book.tracker.review_by_incident.get(incident.id)
    summary = incident.section("Summary")
    lede = paragraphs(summary.text if summary else "", page=path, source=path)
    return Values(
        id=incident.id,
        title=incident.title or incident.id,
        month=Reference(
            label=month(on.year, on.month),
            href=relative(path, f"history/{on.year}.md#m{on.year}-{on.month:02d}"),
        ),
        flags=_flags(incident),
        lede=lede or paragraphs(incident.public_summary, page=path),
        owed=owed_now(incident, book),
        hand=tuple(at_hand(incident, book)),
        facts=tuple(facts(incident, book)),
        links=(*edit_links(incident, review, book), *following(incident, book)),
        waived=tuple(waived(incident, book)),
        is_sound=incident.sound,
        trouble=trouble(incident.path, book, is_read=incident.sound),
        phases=None if incident.is_maintenance else phases(incident, book),
        updates=tuple(_updates(incident, book)),
        timeline=tuple(_timeline(incident.log.entries, incident, book)),
        zone_note=_zone_note(incident, book),
        inquiry=tuple(inquiry(incident, book)),
        decisions=tuple(
            line
            for line in _timeline(incident.log.of("decision"), incident, book)
            if not incident.section("Key Decisions")
        ),
        lists=tuple(_lists(incident, book)),
        on_lists=remarks(incident.section("Checklist"), page=path),
        bodies=tuple(_bodies(incident)),
        actions=items(incident.actions, book, path),
        on_actions=remarks(incident.section("Action Items"), page=path),
        related=[row(other, book, path) for other in _related(incident, book)],
        near=neighbours(incident, book),
        more_related=max(len(book.by_cause.get(incident.root_cause, ())) - 1 - MOST_RELATED, 0),
    )


def _related(incident: Incident, book: Book) -> Sequence[Incident]:
    """The latest incidents with its root cause, newest first."""
    same = book.by_cause.get(incident.root_cause, ())[-MOST_RELATED - 1 :]
    return [other for other in reversed(same) if other is not incident][:MOST_RELATED]


def _flags(incident: Incident) -> Sequence[str]:
    scenario = incident.protocol.drill_scenarios.get(incident.drill)
    found = []
    if incident.drill:
        found.append(f"drill: {scenario.label if scenario else incident.drill}")
    if incident.is_maintenance:
        found.append("maintenance")
    if incident.is_cancelled:
        found.append("withdrawn" if incident.is_withdrawn else "cancelled")
    found.append("internal" if is_kept_in(incident) else "public")
    return found


def _updates(incident: Incident, book: Book) -> Iterator[Told]:
    steps = [name for name in incident.protocol.statuses if name != "cancelled"]
    every = list(told(incident, book.now))
    several_days = len({book.local(item.at).date() for item in every}) > 1
    anchors = update_anchors(book.local(item.at) for item in every)
    for item, anchor in reversed(tuple(zip(every, anchors, strict=True))):
        at = book.local(item.at)
        update = item.update
        word = incident.protocol.statuses.get(update.status)
        reached = steps.index(update.status) + 1 if update.status in steps else 0
        text = f"{short_day(at.date())}, {at:%H:%M}" if several_days else f"{at:%H:%M}"
        yield Told(
            anchor=anchor,
            status=drawings.status(reached, len(steps), word.label if word else "Update"),
            at=stamp(at, text),
            paragraphs=paragraphs(update.text, page=incident.path, source=incident.path),
            keys=[
                Fact(
                    name=_key_label(line.key, incident),
                    value=levels_said(update, incident, book)
                    if line.key == "components" and update.components
                    else said(MARK.sub("", line.value), page=incident.path, source=incident.path),
                )
                for line in update.keys
                if line.key != "next-update"
            ],
            promise=promise_of(item, incident, book, is_last=item is every[-1]),
        )


def _key_label(key: str, incident: Incident) -> str:
    word = incident.protocol.update_keys.get(key)
    return word.label if word else key


def _timeline(entries: Sequence[Entry], incident: Incident, book: Book) -> Iterator[Line]:
    """The entries with a day where it changes and the offset where it changes."""
    on, shift = book.day_of(incident), None
    proofs = {id(entry) for entry in incident.log.times.values()}
    proofs |= {id(change.entry) for change in incident.log.severities if change.entry}
    for number, entry in enumerate(entries, 1):
        at = book.local(entry.at) if entry.at else None
        new_day = "" if at is None or at.date() == on else day(at.date())
        shown = Markup("")
        if at is not None:
            same = shift in (None, at.utcoffset())
            about = "~" if entry.estimated else ""
            shown = stamp(at, f"{about}{at:%H:%M}" if same else f"{about}{at:%H:%M} {offset(at)}")
            on, shift = at.date(), at.utcoffset()
        lead, text = _lead(entry) if id(entry) in proofs else ("", entry.text)
        yield Line(
            anchor=f"t{number}",
            day=new_day,
            at=shown,
            lead=lead,
            text=said(text, page=incident.path, source=incident.path),
            is_milestone=id(entry) in proofs,
        )


def _lead(entry: Entry) -> tuple[str, str]:
    """The phrase of a milestone, and what follows it."""
    head, colon, rest = entry.text.partition(":")
    return (head + colon, rest) if colon and rest else (entry.text, "")


def _zone_note(incident: Incident, book: Book) -> str:
    begun = book.begun(incident)
    return f"Times in {book.protocol.zone}, UTC{offset(begun)} when it began." if begun else ""


def _lists(incident: Incident, book: Book) -> Iterator[Checks]:
    owes_none = incident.is_maintenance or incident.is_cancelled or incident.origin is not None
    if owes_none or not incident.sound:
        return
    review = book.tracker.review_by_incident.get(incident.id)
    for found in checklists(incident, review, book.now, book.tracker.repeats):
        checks = tuple(_check(line, incident, book.zone) for line in found.lines)
        done = sum(check.kind == "kept" for check in checks)
        asked = sum(check.kind != "none" for check in checks)
        if asked:
            yield Checks(title=found.title, words=f"{done} of {asked}", checks=checks)


def _check(line: Boxed, incident: Incident, zone: ZoneInfo) -> Check:
    proof = line.proof
    kind, look, state = ("open", Verdict.PENDING, "open")
    if proof.holds:
        kind, look, state = ("kept", Verdict.KEPT, "done")
    elif proof.is_late:
        kind, look, state = ("late", Verdict.MISSED, "late")
    elif proof.holds is None:
        kind, state = ("none", "not applicable")
    return Check(
        kind=kind,
        mark=Markup("") if proof.holds is None else drawings.glyph(look),
        text=line.text,
        state=state,
        evidence=timed(said(proof.evidence, page=incident.path, source=incident.path), zone),
    )


def _bodies(incident: Incident) -> Iterator[Body]:
    for section in incident.sections:
        if section.title.casefold() not in BUILT and section.text.strip():
            text = prose(section.text, page=incident.path)
            yield Body(title=section.title, markdown=text)


def milestone_time(incident: Incident, milestone: Milestone, book: Book) -> datetime | None:
    """When a milestone was reached, in the tracker's zone."""
    at = incident.at(milestone)
    return book.local(at) if at else None
