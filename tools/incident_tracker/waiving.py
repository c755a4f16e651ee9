"""Findings that a record accepts, with the reason; and waivers that are none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from incident_tracker.finding import Finding, Position
from incident_tracker.judging import finding_in
from incident_tracker.model import Record, Waiver
from incident_tracker.registry import CHANGES, Problem, rules

UNKNOWN_CODE, NO_REASON, UNUSED = "FMT030", "FMT031", "FMT032"


@dataclass(frozen=True, kw_only=True, slots=True)
class Waived:
    """A finding that a record accepts, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiving:
    """Findings, those that are waived apart, and which waivers did it, by path and place."""

    kept: tuple[Finding, ...]
    waived: tuple[Waived, ...]
    used: frozenset[tuple[str, Position]]


def waive(waivers: dict[str, tuple[Waiver, ...]], found: Iterable[Finding]) -> Waiving:
    """Take waivers, by the path of their record, into account."""
    kept: list[Finding] = []
    waived: list[Waived] = []
    used: set[tuple[str, Position]] = set()
    for finding in found:
        waiver = next((w for w in waivers.get(finding.path, ()) if covers(w, finding)), None)
        if waiver is None:
            kept.append(finding)
        else:
            used.add((finding.path, waiver.position))
            waived.append(Waived(finding=finding, reason=waiver.reason))
    return Waiving(kept=tuple(kept), waived=tuple(waived), used=frozenset(used))


def doubtful(record: Record, used: frozenset[tuple[str, Position]]) -> Iterator[Finding]:
    """Yield what is wrong with a record's waivers; those in ``used`` hide something.

    What accepted a change, once, hides nothing any more and stays as the trace of it.
    """
    for waiver in record.waivers:
        spent = waiver.code.startswith(CHANGES) and waiver.code in rules()
        yield from _doubt(record, waiver, is_used=spent or (record.path, waiver.position) in used)


def covers(waiver: Waiver, finding: Finding) -> bool:
    """Whether a waiver accepts a finding of its record."""
    declared = rules().get(finding.code)
    return (
        declared is not None
        and declared.waivable
        and waiver.code == finding.code
        and bool(waiver.reason)
        and waiver.line in {None, finding.line}
    )


def _doubt(record: Record, waiver: Waiver, *, is_used: bool) -> Iterator[Finding]:
    declared = rules().get(waiver.code)
    if declared is None or not declared.waivable:
        wrong = (
            "is no code of a rule"
            if declared is None
            else "is a fault of form, which cannot be waived"
        )
        yield _waiver_finding(
            UNKNOWN_CODE,
            record,
            waiver,
            f'the waived "{waiver.code}" {wrong}',
            "incident explain lists the codes",
        )
    elif not waiver.reason:
        yield _waiver_finding(
            NO_REASON,
            record,
            waiver,
            f"the waiver of {waiver.code} gives no reason",
            f'write waive: {{{waiver.code}: "why this is right here"}}',
        )
    elif not is_used:
        yield hides_nothing(record, waiver)


def hides_nothing(record: Record, waiver: Waiver) -> Finding:
    """Return the finding about a waiver that is not needed."""
    message = f"the waiver of {waiver.code} hides no finding"
    return _waiver_finding(UNUSED, record, waiver, message, "remove it")


def _waiver_finding(code: str, record: Record, waiver: Waiver, message: str, help_: str) -> Finding:
    declared = rules()[code]
    return finding_in(declared, declared.level, record, Problem(waiver.position, message, help_))
