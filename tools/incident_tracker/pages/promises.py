"""What became of the promises of one incident: acknowledged, resolved and told in time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest

from markupsafe import Markup, escape

from incident_tracker import cadence
from incident_tracker.model import Incident, Milestone, Update
from incident_tracker.pages import drawings
from incident_tracker.pages.drawings import Verdict
from incident_tracker.pages.filled import filled
from incident_tracker.pages.wording import clock, length, used_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """A time limit and what became of it; ``used`` is None where no time is known."""

    allowed: timedelta
    used: timedelta | None
    verdict: Verdict
    words: Markup | str
    counted_from: datetime
    name: str = ""

    @property
    def mark(self) -> Markup:
        """The verdict with its sign."""
        return drawings.verdict(self.verdict, self.words)

    @property
    def figures(self) -> str:
        """What was used of what was allowed."""
        return used_of(self.used, self.allowed) if self.used is not None else length(self.allowed)

    @property
    def line(self) -> Markup:
        """The line with the target's tick."""
        return drawings.clock(
            drawings.Clock(
                allowed=self.allowed.total_seconds(),
                used=self.used.total_seconds() if self.used is not None else 0.0,
                verdict=self.verdict,
            )
        )


def acknowledged(incident: Incident, now: datetime) -> Promise | None:
    """Whether somebody took it in time; None where nothing is promised or no start is known."""
    terms = incident.protocol.severities.get(incident.severity)
    if terms is None:
        return None
    return _until(
        incident,
        Milestone.ACKNOWLEDGED,
        now,
        allowed=terms.acknowledge_target or terms.response,
        strict=terms.acknowledge_target is not None,
        name="Acknowledge",
    )


def resolved(incident: Incident, now: datetime) -> Promise | None:
    """Whether the fix was in place in time; None where the severity has no target."""
    terms = incident.protocol.severities.get(incident.severity)
    if terms is None or terms.resolve_target is None:
        return None
    return _until(
        incident,
        Milestone.RESOLVED,
        now,
        allowed=terms.resolve_target,
        strict=True,
        name="Resolve",
    )


def has_target(incident: Incident) -> bool:
    """Whether the protocol sets a target for the incident's severity."""
    terms = incident.protocol.severities.get(incident.severity)
    return terms is not None and bool(terms.acknowledge_target or terms.resolve_target)


def _until(
    incident: Incident,
    milestone: Milestone,
    now: datetime,
    *,
    allowed: timedelta,
    strict: bool,
    name: str,
) -> Promise | None:
    start = incident.at(Milestone.DETECTED)
    reached = cadence.by_now(incident.at(milestone), now)
    if start is None or (reached is None and not incident.is_open):
        return None
    used = (reached or now) - start
    if used < timedelta():
        return None
    in_time = used < allowed if strict else used <= allowed
    if reached is None and in_time:
        verdict, words = Verdict.PENDING, f"{length(allowed - used)} left"
    elif in_time:
        verdict, words = Verdict.KEPT, "kept"
    else:
        over = used - allowed
        verdict, words = Verdict.MISSED, f"{length(over)} late" if over else "missed"
    return Promise(
        allowed=allowed, used=used, verdict=verdict, words=words, counted_from=start, name=name
    )


REPLACED = Markup("replaced within the same minute")


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An update, what it promised, and what became of that."""

    update: Update
    at: datetime
    promised: datetime | None
    mark: Markup


def told(incident: Incident, now: datetime) -> Iterator[Told]:
    """The updates in the order of their times, each with the fate of its promise."""
    made = {id(promise.update): promise for promise in cadence.promises(incident)}
    timed = cadence.by_time(incident.log.updates)
    following = [at for at, _ in timed[1:]]
    for (at, update), after in zip_longest(timed, following):
        promise, promised, mark = made.get(id(update)), None, Markup("")
        if promise is not None:
            promised, mark = promise.due, mark_of(promise, now)
        elif after == at:
            promised, mark = update.next_update_at, REPLACED
        yield Told(update=update, at=at, promised=promised, mark=mark)


def mark_of(promise: cadence.Promise, now: datetime) -> Markup:
    """What became of a promise behind its sign; without a sign where it no longer mattered."""
    verdict, words = _fate(promise, now)
    return drawings.verdict(verdict, words) if verdict else escape(words)


def _fate(promise: cadence.Promise, now: datetime) -> tuple[Verdict | None, Markup | str]:
    verdict = promise.verdict(now)
    if verdict is cadence.Verdict.NOT_APPLICABLE:
        return None, "over before that"
    if cadence.by_now(promise.answered, now) is None or promise.answered is None:
        if verdict is cadence.Verdict.RUNNING:
            return Verdict.PENDING, f"in {length(promise.due - now)}"
        if promise.over is not None:
            return Verdict.MISSED, "none came"
        return Verdict.MISSED, f"{length(now - promise.due)} late"
    sent = filled("sent {}", clock(promise.answered.astimezone(promise.due.tzinfo)))
    if verdict is cadence.Verdict.KEPT:
        return Verdict.KEPT, sent
    late = length(promise.answered - promise.due)
    return Verdict.MISSED, filled("<span>{}, {} late</span>", sent, late)
