"""Findings of an old history that a team accepted when it adopted the tracker; they only get fewer.

A baseline is a JSON file with one finding a line. An entry names code, level, file and words, never
a line number, so that it holds while other lines of the file change.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from incident_tracker.check import Report
from incident_tracker.finding import Finding, Level
from incident_tracker.judging import CRASH
from incident_tracker.registry import CHANGES, rules

VERSION = 1
KEYS = ("path", "code", "level", "about")
GROWN = "CHG009"
Entry = tuple[str, str, str, str]


class NotABaselineError(ValueError):
    """A text that is no baseline; its message says why."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """How often each finding is accepted."""

    entries: Counter[Entry]

    @classmethod
    def read(cls, text: str) -> Baseline:
        """Return the baseline that a text is; NotABaselineError where it is none."""
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            message = f"it is no JSON: {error}"
            raise NotABaselineError(message) from error
        if not isinstance(found, dict) or found.get("version") != VERSION:
            message = f"it has no version {VERSION}"
            raise NotABaselineError(message)
        listed = found.get("findings")
        if not isinstance(listed, list):
            message = "it has no list of findings"
            raise NotABaselineError(message)
        entries: Counter[Entry] = Counter()
        for number, item in enumerate(listed, start=1):
            entry, count = _entry(item)
            if entry is None or count < 1:
                message = f"its finding {number} is no object with {', '.join(KEYS)} and a count"
                raise NotABaselineError(message)
            entries[entry] += count
        return cls(entries)

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Baseline:
        """Return the baseline that accepts these findings."""
        return cls(Counter(_of(finding) for finding in findings if _can_be_accepted(finding)))

    def text(self) -> str:
        """Return the baseline as the text of its file."""
        lines = [
            json.dumps(dict(zip(KEYS, entry, strict=True)) | {"count": count}, ensure_ascii=False)
            for entry, count in sorted(self.entries.items())
        ]
        listed = ",\n".join(f"    {line}" for line in lines)
        findings = f"[\n{listed}\n  ]" if lines else "[]"
        return f'{{\n  "version": {VERSION},\n  "findings": {findings}\n}}\n'

    def shrunk(self, findings: Iterable[Finding]) -> Baseline:
        """Return what of the baseline is still found; nothing is ever added."""
        return Baseline(self.entries & Baseline.of(findings).entries)

    def applied(self, report: Report) -> Report:
        """Return the report without what the baseline accepts, which is counted."""
        left, kept = Counter(self.entries), []
        for finding in report.findings:
            entry = _of(finding)
            if _can_be_accepted(finding) and left[entry] > 0:
                left[entry] -= 1
            else:
                kept.append(finding)
        accepted = len(report.findings) - len(kept)
        # What was not looked at is not mended.
        mended = 0 if report.is_partial else left.total()
        return replace(report, findings=tuple(kept), baselined=accepted, mended=mended)

    def grown(self, before: Baseline, path: str, text: str) -> tuple[Finding, ...]:
        """Return a finding for each entry that ``before`` has not; ``text`` is the file's own."""
        added = self.entries - before.entries
        lines = text.split("\n")
        return tuple(_grown(entry, path, lines) for entry in sorted(added))


def _entry(item: object) -> tuple[Entry | None, int]:
    if not isinstance(item, dict) or not all(isinstance(item.get(key), str) for key in KEYS):
        return None, 0
    count = item.get("count", 1)
    entry = (item["path"], item["code"], item["level"], item["about"])
    return entry, count if isinstance(count, int) and not isinstance(count, bool) else 0


def _of(finding: Finding) -> Entry:
    return (finding.path, finding.code, finding.level.value, finding.about)


def _can_be_accepted(finding: Finding) -> bool:
    """Whether it is a fault of old records: no fact, nothing of today, no defect of ours."""
    own = finding.code == CRASH or finding.code.startswith(CHANGES)
    return finding.level is not Level.FACT and not own


def _grown(entry: Entry, path: str, lines: list[str]) -> Finding:
    where, code, _, about = entry
    needles = [json.dumps(part, ensure_ascii=False) for part in (where, code, about)]
    number = next((n for n, line in enumerate(lines, 1) if all(x in line for x in needles)), 1)
    declared = rules()[GROWN]
    return Finding(
        path=path,
        line=number,
        column=1,
        code=GROWN,
        name=declared.name,
        level=declared.level,
        message=f"the baseline accepts one more finding: {code} in {where}",
        help="take the entry out; mend the finding, or waive it in the record with its reason",
        source=lines[number - 1],
    )
