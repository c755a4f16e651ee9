"""How ``incident due`` and ``incident metrics`` ask, and what they print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import cast

from incident_tracker.cli._choosing import one_of
from incident_tracker.cli._shared import Session
from incident_tracker.cli._terminal import Paint, from_here, say, warn
from incident_tracker.due import Due
from incident_tracker.formats.duties import duty_list, when_due
from incident_tracker.lifecycle.listing import people_of
from incident_tracker.lifecycle.refusal import Refusal
from incident_tracker.measure import ROUNDED, Measurement, Rate, Unit, in_words
from incident_tracker.metrics.actions import actions_of
from incident_tracker.metrics.declare import metrics
from incident_tracker.metrics.stated import STATED
from incident_tracker.model import Tracker
from incident_tracker.periods import By, Selection, compute
from incident_tracker.protocol import Word
from incident_tracker.text.stamps import day_of

VERSION = 1
PERCENTILES = (
    "Medians and percentiles are interpolated between order statistics (type 7, PERCENTILE.INC)."
)


def of_person(owed: Sequence[Due], who: str, tracker: Tracker) -> list[Due]:
    """Return what one person owes, all of it for an empty name; a name that nobody has is said."""
    name = who.casefold()
    if name and name not in _names(owed, tracker):
        warn(f'no record and no contact names "{who}"', "incident due without --who names all")
    return [item for item in owed if name in ("", item.who.casefold())]


def nothing(who: str, *, is_overdue: bool) -> str:
    """Return how it is said that nothing of what was asked for is owed."""
    if is_overdue:
        return f"nothing of {who} is overdue" if who else "nothing is overdue"
    return f"{who} owes nothing" if who else "nothing is owed"


def _names(owed: Sequence[Due], tracker: Tracker) -> frozenset[str]:
    """All who may owe something: people of records, of the contacts, and the roles they hold."""
    names = {item.who for item in owed}
    names |= {role.name for role in tracker.protocol.roles.values()}
    names |= {person.id for person in tracker.contacts.people}
    for review in tracker.reviews:
        names |= {review.facilitator, *review.attendees, *review.apologies}
    for incident in tracker.incidents:
        names |= people_of(incident)
    names |= {action.owner for action in actions_of(tracker.incidents, tracker)}
    return frozenset(name.casefold() for name in names)


def due_table(owed: Sequence[Due], session: Session, none: str) -> None:
    """Print what is owed, one line each with the command below it; ``none`` where nothing is."""
    if not owed:
        say(none)
    for item in owed:
        when = when_due(item, session.protocol.tzinfo)
        length = in_words(abs(session.now - item.when).total_seconds())
        sign = Paint("overdue", "red") if item.is_overdue else Paint("due", "yellow")
        told = f"since {length}" if item.when <= session.now else f"in {length}"
        who = f" ({item.who})" if item.who else ""
        say(sign, f" {told}, {when}: {item.id}: {item.what}{who}")
        say(f"    {from_here(item.command)}")


def due_ids(owed: Sequence[Due], unread: Sequence[str], session: Session) -> None:
    """Print what is owed for an issue, without titles and names; nothing where nothing is."""
    text = duty_list(owed, unread, session.protocol.tzinfo)
    if text:
        say(text)


def due_object(owed: Sequence[Due], unread: Sequence[str], now: datetime) -> dict[str, object]:
    """Return what JSON says about what is owed."""
    return {
        "version": VERSION,
        "due": [
            {
                "id": item.id,
                "what": item.what,
                "when": item.when.isoformat(),
                "overdue": item.is_overdue,
                "reminder": item.is_possible,
                "who": item.who or None,
                "command": from_here(item.command),
            }
            for item in owed
        ],
        "summary": {
            "due": len(owed),
            "overdue": sum(item.is_overdue for item in owed),
            "unread": list(unread),
            "now": now.isoformat(timespec="seconds"),
        },
    }


def measured(session: Session, given: Mapping[str, object]) -> tuple[Measurement, ...]:
    """Return the measurements that were asked for."""
    text = {key: value for key, value in given.items() if isinstance(value, str)}
    severity = text.get("severity", "")
    known = {name: Word(words=_abbreviation(metric.title)) for name, metric in metrics().items()}
    by = By(one_of(text["by"], {by.value: by for by in By}, "slice")) if "by" in text else None
    is_pooled = bool(given["pooled"])
    if is_pooled and (by is By.SEVERITY or severity):
        raise Refusal(
            "--pooled puts all severities together", "leave out the severity, or --pooled"
        )
    only = Selection(
        since=_day(text["since"]),
        until=_day(text["until"]),
        severity=one_of(severity, session.protocol.severities, "severity") if severity else "",
        component=text["component"],
        provider=text["provider"],
    )
    names = [one_of(n, known, "metric") for n in cast("tuple[str, ...]", given["names"])]
    return compute(
        session.whole,
        session.now,
        by=by,
        only=only,
        names=names,
        is_stated=bool(given["stated"]),
        is_pooled=is_pooled,
    )


def metrics_object(
    found: Sequence[Measurement], session: Session, given: Mapping[str, object]
) -> dict[str, object]:
    """Return what JSON says about measurements, with the definition of each metric."""
    used = dict.fromkeys(measurement.metric for measurement in found)
    return {
        "version": VERSION,
        "metrics": [measurement.to_json() for measurement in found],
        "definitions": {
            name: {"title": metrics()[name].title, "definition": metrics()[name].definition}
            for name in used
        },
        "summary": {
            "metrics": len(used),
            "stated": bool(given["stated"]),
            "pooled": bool(given["pooled"]),
            "percentiles": PERCENTILES,
            "unread": list(session.unread),
            "now": session.now.isoformat(timespec="seconds"),
        },
    }


def metrics_table(found: Sequence[Measurement], given: Mapping[str, object]) -> None:
    """Print measurements below the definitions of their metrics."""
    if given["stated"]:
        say(f"The lengths are those from detection {STATED}, not those between the times.")
    if given["pooled"]:
        say("All severities are put together, though their targets differ.")
    known = metrics()
    ordered = sorted(found, key=lambda measurement: list(known).index(measurement.metric))
    for name, measurements in groupby(ordered, key=lambda measurement: measurement.metric):
        say(Paint(f"{known[name].title} ({name})", "cyan"), f": {known[name].definition}")
        for measurement in measurements:
            say(f"  {' '.join(part for part in _parts(measurement) if part)}")
    if any(measurement.unit is Unit.SECONDS for measurement in found):
        say(ROUNDED)
    if any(measurement.p90 is not None for measurement in found):
        say(PERCENTILES)


def _parts(one: Measurement) -> list[str]:
    left = ", ".join(f"{reason.count} {reason.reason}" for reason in one.left_out)
    target = one.target
    held = ""
    if target is not None:
        word = {True: "met", False: "missed", None: "open"}[one.is_met]
        sign = "<" if target.strict and one.unit is Unit.SECONDS else "within"
        sign = "at least" if one.unit is Unit.PERCENT else sign
        held = f"{target.label} {sign} {_number(target.value, one.unit)}: {word};"
    return [
        f"{one.period}:" if one.period else "",
        f"{one.group}:" if one.group else "",
        f"{_number(one.headline, one.unit)}{'' if one.rate is None else _rate(one.rate)};",
        f"n {one.n};" if one.unit is not Unit.COUNT else "",
        held,
        f"median {_number(one.median, one.unit)};" if one.median is not None else "",
        f"p90 {_number(one.p90, one.unit)}{'' if one.p90_is_sure else ' (unsure)'};"
        if one.p90 is not None
        else "",
        f"longest {_number(one.max, one.unit)};" if one.max is not None else "",
        f"left out: {left}" if left else "",
    ]


def _number(value: float | None, unit: Unit) -> str:
    if value is None:
        return "none"
    if unit is Unit.SECONDS:
        return in_words(value)
    return f"{value:.0f} %" if unit is Unit.PERCENT else f"{value:g}"


def _rate(rate: Rate) -> str:
    between = ""
    if rate.interval is not None:
        low, high = (round(100 * end) for end in (rate.interval.low, rate.interval.high))
        between = f", {low}–{high} %"
    return f" ({rate.hits} of {rate.count}{between})"


def _abbreviation(title: str) -> tuple[str, ...]:
    """The letters in brackets by which people know a metric: MTTA."""
    _, _, behind = title.partition("(")
    return (behind.rstrip(")"),) if behind else ()


def _day(text: str) -> date | None:
    if not text:
        return None
    day = day_of(text)
    if day is None:
        raise Refusal(f'"{text}" is no date', "write it as 2026-11-03")
    return day
