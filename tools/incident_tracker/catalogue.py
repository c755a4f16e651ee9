"""What there is to say about a rule, with the finding that its own bad example really gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from incident_tracker.examples import outcome
from incident_tracker.finding import Finding, Level
from incident_tracker.protocol import Protocol
from incident_tracker.registry import Example, Rule, rules
from incident_tracker.text.tables import nearest

FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "FMT": "The form of a file",
        "INC": "Incidents",
        "TML": "The timeline",
        "UPD": "Status updates",
        "CHK": "Checklists",
        "SEC": "Security incidents",
        "PIR": "Reviews",
        "ACT": "Action items",
        "RUN": "Runbooks",
        "REL": "Relations between records",
        "CHG": "Changes in history",
        "CFG": "The protocol's files",
        "IMP": "Import",
    }
)
LONGEST_LINE = 160
MOST_LINES = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Mistake:
    """A bad example: which record it changes, how, and the finding.

    The finding is None where this protocol finds nothing.
    """

    record: str
    fragment: str
    finding: Finding | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """All that a rule's page and ``incident explain`` say."""

    code: str
    name: str
    family: str
    level: Level
    gated: bool
    since: str
    owed: str
    waivable: bool
    summary: str
    why: str
    remedy: str
    mistakes: tuple[Mistake, ...]


def explain(rule: Rule, protocol: Protocol) -> Explanation:
    """Return what there is to say about a rule; its examples are judged under this protocol."""
    return Explanation(
        code=rule.code,
        name=rule.name,
        family=FAMILIES[rule.family],
        level=rule.level,
        gated=rule.gated,
        since=rule.since,
        owed=owed_by(rule, protocol),
        waivable=rule.waivable,
        summary=rule.summary,
        why=rule.why,
        remedy=rule.remedy,
        mistakes=tuple(_mistake(rule, example, protocol) for example in rule.bad),
    )


def owed_by(rule: Rule, protocol: Protocol) -> str:
    """Return who owes a duty under this protocol, and from which status; empty for other rules."""
    if not rule.duty:
        return ""
    owing = {name: terms.owes for name, terms in protocol.severities.items()}
    owing["security incidents"] = protocol.security.owes
    found: dict[str, list[str]] = {}
    for name, owes in owing.items():
        since = next((status for status, duties in owes.items() if rule.duty in duties), "")
        if since:
            found.setdefault(since, []).append(name)
    told = "; ".join(f"{', '.join(names)} from {since}" for since, names in found.items())
    return f"Owed by {told}." if told else "Owed by no severity under this protocol."


def by_family() -> Iterator[tuple[str, tuple[Rule, ...]]]:
    """Yield each family's title with its rules by code; families without rules are left out."""
    declared = sorted(rules().values(), key=lambda rule: rule.code)
    for letters, title in FAMILIES.items():
        members = tuple(rule for rule in declared if rule.family == letters)
        if members:
            yield title, members


def find(code: str) -> Rule | None:
    """Return the rule of that code or name, whatever its case."""
    known = rules()
    wanted = code.strip().casefold()
    by_name = {rule.name: rule for rule in known.values()}
    return known.get(wanted.upper()) or by_name.get(wanted)


def like(code: str) -> str | None:
    """Return the code or name most like this one, None where none is near."""
    known = rules()
    return nearest(code, tuple(known)) or nearest(code, tuple(r.name for r in known.values()))


def fragment(example: Example) -> str:
    """Return the change that an example makes, as a person would show it."""
    if example.data is not None:
        return _clipped(example.data.decode("utf-8", "backslashreplace"))
    if example.text is not None:
        return _clipped(example.text)
    if example.gone:
        return "(the file is deleted)"
    lines = [f"{path}:" for path in [example.path] if path]
    for key, value in example.set.items():
        lines.append(f"{key}: {value}" if value is not None else f"(no {key})")
    for old, new in example.replace.items():
        lines += [f"- {line}" for line in old.splitlines()]
        lines += [f"+ {line}" for line in new.splitlines()]
    for path, text in example.beside.items():
        lines += [f"{path}:", *text.splitlines()]
    return _clipped("\n".join(lines))


def _mistake(rule: Rule, example: Example, protocol: Protocol) -> Mistake:
    found = outcome(rule, example, protocol).report.findings
    own = next((finding for finding in found if finding.code == rule.code), None)
    return Mistake(record=example.record, fragment=fragment(example), finding=own)


def _clipped(text: str) -> str:
    lines = [
        line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"
        for line in text.splitlines()
    ]
    return "\n".join(lines if len(lines) <= MOST_LINES else [*lines[:MOST_LINES], "…"])
