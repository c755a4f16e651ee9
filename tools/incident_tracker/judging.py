"""What a rule yields → findings: the place, the level, the line, added where no rule can err."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from incident_tracker.assemble import concealed, source_line
from incident_tracker.finding import Finding, Level, Position
from incident_tracker.model import Record
from incident_tracker.registry import Context, Problem, Rule

CRASH = "CFG000"
NOTHING: tuple[Sequence[Problem], Sequence[Finding]] = ((), ())


def finding_in(declared: Rule, level: Level, record: Record, problem: Problem) -> Finding:
    """Return what a rule found in a record, as a finding."""
    place = (
        problem.where
        if isinstance(problem.where, Position)
        else record.where(*([problem.where] if problem.where else []))
    )
    finding = finding_at(declared, level, problem, record.path, place)
    field = problem.where if isinstance(problem.where, str) else None
    source = source_line(record.document, place.line)
    return concealed(replace(finding, source=source, field=field))


def finding_at(
    declared: Rule, level: Level, problem: Problem, path: str, place: Position
) -> Finding:
    """Return what a rule found at a place of a file, as a finding."""
    return Finding(
        path=path,
        line=place.line,
        column=place.column,
        code=declared.code,
        name=declared.name,
        level=level,
        message=problem.message,
        help=problem.help,
        note=problem.note,
        fix=problem.fix,
    )


def asked(
    declared: Rule, subject: object, context: Context, path: str
) -> tuple[Sequence[Problem], Sequence[Finding]]:
    """Return what a rule says of its subject, and the finding that it crashed, where it did."""
    if declared.function is None:
        return NOTHING
    try:
        problems = [*declared.function(subject, context)]
    except Exception as error:  # noqa: BLE001 - a crash must not hide what other rules find
        return (), (_crash(declared, path, error),)
    return (problems, ()) if problems else NOTHING


def _crash(declared: Rule, path: str, error: Exception) -> Finding:
    return Finding(
        path=path,
        line=1,
        column=1,
        code=CRASH,
        name="rule-crashed",
        level=Level.ERROR,
        message=f"the rule {declared.code} crashed: {type(error).__name__}: {error}",
        help="report this; the other rules were checked",
    )
