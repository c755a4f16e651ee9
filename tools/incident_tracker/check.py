"""Tracker → findings: every rule on every record, waivers taken into account, sorted by place.

The verdict depends on the files alone: no clock, no Git. A rule that crashes becomes the finding
CFG000.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from operator import attrgetter

from incident_tracker.finding import Finding, Level, Position
from incident_tracker.frozen import value
from incident_tracker.judging import CRASH, NOTHING, asked, finding_at, finding_in
from incident_tracker.model import Incident, Record, Review, Runbook, Tracker, Waiver
from incident_tracker.outline import Overview, overview_of
from incident_tracker.protocol import PATH as PROTOCOL
from incident_tracker.registry import Context, Problem, Rule, Rulebook, duties_of
from incident_tracker.waiving import Waived, covers, doubtful, waive


@value
class Report:
    """The verdict on a tracker: findings by place, what was waived, the judged files' texts."""

    findings: tuple[Finding, ...]
    waived: tuple[Waived, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    """By path; empty where a file could not be read."""
    since: str = ""
    """What a change was measured from; empty where everything was judged."""
    touched: frozenset[str] = frozenset()
    """The files that the change touches."""
    older: int = 0
    """How many findings of the touched files were there before the change."""
    baselined: int = 0
    """How many findings a baseline accepts."""
    mended: int = 0
    """How many findings of the baseline are there no more."""
    is_narrowed: bool = False
    """Whether it speaks of some files only."""

    @property
    def files(self) -> int:
        """How many files were judged."""
        return len(self.texts)

    @property
    def is_partial(self) -> bool:
        """Whether there may be more findings than these."""
        return self.is_narrowed or bool(self.since)

    def count(self, level: Level) -> int:
        """Return how many findings have a level."""
        return sum(finding.level is level for finding in self.findings)

    def exit_status(self, *, strict: bool) -> int:
        """Return 0 where nothing is wrong, 1 where something is, 2 where a rule crashed."""
        if any(finding.code == CRASH for finding in self.findings):
            return 2
        wrong = self.count(Level.ERROR) + (self.count(Level.WARNING) if strict else 0)
        return 1 if wrong else 0


def check(tracker: Tracker, judged: frozenset[str] | None = None) -> Report:
    """Judge every record of the tracker by every rule.

    With ``judged``, the rules about single records are asked about the records at these paths only.
    """
    book, found = Rulebook(), list(tracker.findings)
    asked_about = [r for r in tracker.records if judged is None or r.path in judged]
    for record in asked_about:
        found += judge(record, pair_of(record, tracker), book)
    by_path = {record.path: record for record in tracker.records}
    found += across(overview_of(tracker), by_path.get, book)
    waivers = {record.path: record.waivers for record in tracker.records if record.waivers}
    # What a withdrawn record waived is not asked any more.
    doubted = [r for r in asked_about if r.waivers and not tracker.is_withdrawn(r.id)]
    return reported(found, waivers, doubted, texts_of(tracker))


def reported(
    found: Iterable[Finding],
    waivers: dict[str, tuple[Waiver, ...]],
    doubted: Iterable[Record],
    texts: Mapping[str, str],
) -> Report:
    """Return the verdict that findings make once the waivers are taken into account.

    ``doubted`` are the records whose waivers may be findings themselves.
    """
    waiving = waive(waivers, found)
    kept = list(waiving.kept)
    for record in doubted:
        if record.sound:
            kept += doubtful(record, waiving.used)
    return Report(
        findings=tuple(sorted(kept, key=_BY_PLACE)),
        waived=tuple(sorted(waiving.waived, key=lambda item: item.finding.sort_key)),
        texts=texts,
    )


def pair_of(record: Record, tracker: Tracker) -> Tracker:
    """Return what of a tracker a rule about one record is given: the incident and its review.

    What is said of one record can then depend on nothing else, whatever the rule.
    """
    if isinstance(record, Runbook):
        return replace(tracker, incidents=(), reviews=(), runbooks=(), unread=(), findings=())
    incident = tracker.incident_by_id.get(record.id)
    review = tracker.review_by_incident.get(record.id)
    return replace(
        tracker,
        incidents=(incident,) if incident else (),
        reviews=(review,) if review else (),
        runbooks=(),
        unread=(),
        findings=(),
    )


def texts_of(tracker: Tracker) -> dict[str, str]:
    """Return the texts of all files of a tracker by path, those that are no records included."""
    read = {record.path: record.document.text for record in tracker.records}
    return read | {unread.path: unread.text for unread in tracker.unread}


def standing(record: Record, tracker: Tracker) -> tuple[Finding, ...]:
    """Return what the rules about its kind find in one record, without what it waives."""
    found = judge(record, pair_of(record, tracker), Rulebook())
    return tuple(sorted(f for f in found if not any(covers(w, f) for w in record.waivers)))


def owed(record: Record, tracker: Tracker, status: str) -> tuple[Finding, ...]:
    """Return what a record still owes to enter a status: what its gated rules would find."""
    ranks = record.protocol.status_order
    entering = record
    if isinstance(record, Incident) and ranks.get(status, -1) > ranks.get(record.status, -1):
        entering = replace(record, status=status)
    found: list[Finding] = []
    context = Context(tracker=pair_of(record, tracker), protocol=record.protocol)
    duties = duties_of(record) if isinstance(record, Incident) else {}
    for declared in Rulebook().about(record.__class__) if record.sound else ():
        if not declared.gated or (_is_imported(record) and not _holds_for_imported(declared)):
            continue
        if declared.duty and isinstance(record, Incident):
            since = duties.get(declared.duty)
            if since is None or ranks[since] > ranks.get(status, 0):
                continue
        # A duty names the status that the record has; what else is gated asks for it.
        found += _run(declared, record if declared.duty else entering, context)
    waived = {waiver.code for waiver in record.waivers if waiver.reason}
    return tuple(sorted(finding for finding in found if finding.code not in waived))


def judge(record: Record, pair: Tracker, book: Rulebook) -> Iterator[Finding]:
    """Yield what the rules about single records find in one; in an unsound one nothing.

    ``pair`` is a tracker of the record and its counterpart alone.
    """
    if not record.sound:
        return
    context = Context(tracker=pair, protocol=record.protocol)
    for declared in _applying(record, pair, book):
        said = asked(declared, record, context, record.path)
        if said is not NOTHING:
            yield from _found(declared, record, *said)


def _applying(record: Record, pair: Tracker, book: Rulebook) -> Sequence[Rule]:
    """The rules that are asked about a record."""
    of_all = book.about(Record)
    if isinstance(record, Review) and pair.is_withdrawn(record.incident):
        return of_all
    imported = _is_imported(record)
    owed_now = _owed_now(record)
    held = book.held(record.__class__, record.protocol.version)
    return [
        *of_all,
        *(
            declared
            for declared in held
            if (not declared.duty or declared.duty in owed_now)
            and (not imported or _holds_for_imported(declared))
        ),
    ]


def _is_imported(record: Record) -> bool:
    return isinstance(record, Incident | Review) and record.origin is not None


def _holds_for_imported(declared: Rule) -> bool:
    """Whether a rule holds against what came from elsewhere: a review is as whole as its source."""
    return declared.imported and not (declared.subject is Review and declared.gated)


def _owed_now(record: Record) -> frozenset[str]:
    """The duties that a record owes by its status."""
    if not isinstance(record, Incident) or record.is_cancelled or record.is_maintenance:
        return frozenset()
    ranks = record.protocol.status_order
    rank = ranks.get(record.status, -1)
    return frozenset(d for d, since in duties_of(record).items() if rank >= ranks[since])


def _run(declared: Rule, record: Record, context: Context) -> Sequence[Finding]:
    return _found(declared, record, *asked(declared, record, context, record.path))


def _found(
    declared: Rule, record: Record, problems: Sequence[Problem], crashes: Sequence[Finding]
) -> Sequence[Finding]:
    level = declared.level
    if declared.gated and level is Level.ERROR and not past_gate(record):
        level = Level.WARNING
    return [*crashes, *(finding_in(declared, level, record, problem) for problem in problems)]


def past_gate(record: Record) -> bool:
    """Whether the record has a status at which missing things are errors."""
    if isinstance(record, Review):
        return record.status in record.protocol.gates.review
    if not isinstance(record, Incident) or record.is_cancelled:
        return isinstance(record, Incident) is False
    ranks, gates = record.protocol.status_order, record.protocol.gates.incident
    return bool(gates) and ranks.get(record.status, -1) >= min(ranks[gate] for gate in gates)


def across(
    overview: Overview, record_at: Callable[[str], Record | None], book: Rulebook
) -> Iterator[Finding]:
    """Yield what the rules about all records find; ``record_at`` gives the record at a path."""
    bare = Tracker(protocol=overview.protocol, components=overview.components)
    context = Context(tracker=bare, protocol=overview.protocol)
    for declared in book.about(Overview):
        problems, crashes = asked(declared, overview, context, PROTOCOL)
        yield from crashes
        for problem in problems:
            record = record_at(problem.path or "")
            if record is None:
                place = problem.where if isinstance(problem.where, Position) else Position(1, 1)
                yield finding_at(declared, declared.level, problem, problem.path or PROTOCOL, place)
            elif record.sound:
                yield finding_in(declared, declared.level, record, problem)


_BY_PLACE = attrgetter("sort_key")
