"""The checks that Upptime made, from its commits or from a table of them.

Upptime commits ``🟥 NAME is down (503 in 120 ms) [skip ci] [upptime]`` to ``history/`` when a
site's state changes, and at least once a day.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from incident_tracker.importers.draft import LOG, Remark, Skipped, SourceFile
from incident_tracker.importers.mapping import RowMap
from incident_tracker.importers.moments import NoMomentError, moment

UP, DOWN, DEGRADED = "up", "down", "degraded"
SUBJECT = re.compile(
    r"(?:[^\w\s\"'(\[]+ )?(?P<site>\S.*) is (?P<state>up|down|degraded)\b"
    r"(?: \((?P<code>[0-9]{1,5}) in [0-9]{1,9} ms\))?"
)
TIMES = ("commit_at", "checked_at", "at", "time")
SITE, STATE, CODE = "site", "state", "http_code"
LONGEST = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One check of a site; ``mark`` names the commit where ``line`` says little."""

    at: datetime
    site: str
    state: str
    code: str
    path: str
    line: int
    mark: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """Checks of one site that one after the other found it down, or degraded.

    ``before`` and ``after`` are the checks around them, None where there is none.
    """

    site: str
    state: str
    checks: tuple[Check, ...]
    before: Check | None
    after: Check | None

    @property
    def begin(self) -> datetime:
        """When a check first found it so."""
        return self.checks[0].at

    @property
    def end(self) -> datetime | None:
        """When a check first found it otherwise, None if none has yet."""
        return self.after.at if self.after else None


def checks_of(files: Sequence[SourceFile], mapping: RowMap) -> Iterator[Check | Skipped | Remark]:
    """The checks that the files hold, as they come."""
    for file in files:
        if file.path == LOG:
            yield from _commits(file)
        elif file.path.endswith(".csv"):
            yield from _table(file, mapping)


def _commits(file: SourceFile) -> Iterator[Check]:
    for number, line in enumerate(file.data.split(b"\n"), start=1):
        text = line[:LONGEST].decode("utf-8", "replace")
        commit, _, rest = text.partition("\t")
        at, _, subject = rest.partition("\t")
        match = SUBJECT.match(subject)
        if match is None:
            continue
        try:
            when = moment(at, ("iso",), "")
        except NoMomentError:  # a commit may claim any year
            continue
        yield Check(
            at=when,
            site=match["site"].strip(),
            state=match["state"],
            code=match["code"] or "",
            path=file.path,
            line=number,
            mark=f"commit {commit[:12]}",
        )


def _table(file: SourceFile, mapping: RowMap) -> Iterator[Check | Skipped | Remark]:
    text = file.data.decode("utf-8-sig", "replace")
    reader = csv.reader(io.StringIO(text, newline=""))
    names: list[str] | None = None
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Skipped(path=file.path, line=line, reason=f"no CSV: {error}")
            continue
        if names is None:
            names = [cell.strip() for cell in cells]
            if not {SITE, STATE} <= set(names) or not set(TIMES) & set(names):
                yield Remark(text=f"{file.path} is no table of checks and is passed over")
                return
        elif any(cells):
            yield _checked(dict(zip(names, cells, strict=False)), file.path, line, mapping)


def _checked(row: Mapping[str, str], path: str, line: int, mapping: RowMap) -> Check | Skipped:
    column = next(name for name in TIMES if name in row or name == TIMES[-1])
    state = row.get(STATE, "").strip().casefold()
    site = row.get(SITE, "").strip()
    try:
        at = moment(row.get(column, ""), mapping.forms, mapping.zone)
    except NoMomentError as error:
        return Skipped(path=path, line=line, reason=f"{column}: {error}")
    if state not in (UP, DOWN, DEGRADED):
        reason = f'{STATE}: "{state[:40]}" is none of {UP}, {DOWN}, {DEGRADED}'
        return Skipped(path=path, line=line, reason=reason)
    if not site:
        return Skipped(path=path, line=line, reason=f"{SITE}: no name of a site")
    return Check(
        at=at, site=site, state=state, code=row.get(CODE, "").strip()[:5], path=path, line=line
    )


def in_order(checks: Iterable[Check]) -> Mapping[str, tuple[Check, ...]]:
    """The checks by site, each once, in the order of time."""
    found: dict[str, dict[tuple[datetime, str], Check]] = {}
    for check in checks:
        key = (check.at.astimezone(UTC), check.state)
        found.setdefault(check.site, {}).setdefault(key, check)
    return {
        site: tuple(made for _, made in sorted(by_time.items()))
        for site, by_time in sorted(found.items())
    }


def periods(site: str, checks: Sequence[Check]) -> Iterator[Period]:
    """Every stretch in which a site was down or degraded, as its checks say."""
    begun = 0
    for number in range(1, len(checks) + 1):
        state = checks[begun].state
        if number < len(checks) and checks[number].state == state:
            continue
        if state != UP:
            yield Period(
                site=site,
                state=state,
                checks=tuple(checks[begun:number]),
                before=checks[begun - 1] if begun else None,
                after=checks[number] if number < len(checks) else None,
            )
        begun = number
