"""One row of any source → a draft, by the mapping.

What a record cannot be without makes the row none; any other value that cannot be read is left out
and told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from incident_tracker.importers.cells import (
    Cells,
    WrongRowError,
    as_text,
    found_at,
    ours_for,
    placed,
)
from incident_tracker.importers.draft import Draft, Remark, Row, Skipped, Told
from incident_tracker.importers.lengths import NoLengthError, length
from incident_tracker.importers.mapping import RowMap, UpdateColumns
from incident_tracker.importers.texts import CUT, cleaned, one_line
from incident_tracker.importers.untaken import Untaken
from incident_tracker.lifecycle.ids import slug_of
from incident_tracker.model import Milestone
from incident_tracker.values import LONGEST_TEXT

MOST_UPDATES = 400
LONGEST_SUMMARY = LONGEST_TEXT - len(CUT)
LONGEST_ID = 200
LONGEST_URL = 1_000
MOST_SECONDS = 10**9


def drafts(
    rows: Iterable[Row | Skipped | Remark], mapping: RowMap
) -> Iterator[Draft | Skipped | Remark]:
    """A draft of each row, or why there is none; an id makes one record, the first."""
    seen: dict[str, Row] = {}
    untaken = Untaken(mapping.columns)
    for row in rows:
        if isinstance(row, (Skipped, Remark)):
            yield row
            continue
        try:
            draft = _Reading(row, mapping).draft(untaken)
        except WrongRowError as error:
            yield Skipped(path=row.path, line=row.line, reason=placed(row, str(error)))
            continue
        first = seen.setdefault(draft.id, row)
        if first is row:
            yield draft
        else:
            place = (first.at or f"line {first.line}") if first.path == row.path else first.path
            reason = f'{mapping.id or "id"}: "{draft.id}" stands in {place} already'
            yield Skipped(path=row.path, line=row.line, reason=placed(row, reason))


class _Reading(Cells):
    """One row while it becomes a draft."""

    def draft(self, untaken: Untaken) -> Draft:
        """What the row says, in our words."""
        mapping = self.mapping
        if not isinstance(self.row, Mapping):
            raise WrongRowError("", "the row is no object with fields")
        title = self.line(mapping.title)
        if not title:
            raise WrongRowError(mapping.title, "no title")
        kind = self._kind()
        planned = kind == "maintenance"
        times = self._times(is_maintenance=planned)
        scheduled = {
            name: self.optional_time(mapping.times.get(name, ""))
            for name in ("scheduled_start", "scheduled_end")
        }
        end = self.optional_time(mapping.end)
        self._order(times, scheduled, end)
        updates = self._updates()
        return Draft(
            path=self.where.path,
            line=self.where.line,
            system=self.line(mapping.provider) or mapping.system,
            id=self._id(title, times, scheduled["scheduled_start"]),
            url=self._url(),
            title=title,
            text=self.take(cleaned(self.text(mapping.text))),
            times=times,
            stated=self._stated(),
            end=end,
            watched=self.optional_time(mapping.watch),
            scheduled_start=scheduled["scheduled_start"],
            scheduled_end=scheduled["scheduled_end"],
            severity="" if planned else self.word(mapping.severity, "severity"),
            status=self.word(mapping.status, "status"),
            kinds=(kind,) if kind else (),
            components=self._components() | self.fared,
            detected_by=self.word(mapping.detected_by, "detected_by"),
            visibility=mapping.visibility,
            public_summary=self._public_summary(title, updates),
            updates=updates,
            removed=self.removed + (self.where.story.removed if self.where.story else 0),
            cut=self.cut,
            defects=tuple(self.defects),
            untaken=untaken.of(self.row),
            story=self.where.story,
        )

    def _id(self, title: str, times: Mapping[Milestone, datetime], planned: datetime | None) -> str:
        if self.mapping.id:
            found = self.line(self.mapping.id, LONGEST_ID)
            if not found:
                raise WrongRowError(self.mapping.id, "no id")
            return found
        begin = times.get(Milestone.DETECTED, planned)
        mark = f"{title}\n{begin.timestamp() if begin else ''}"
        return f"row-{hashlib.sha256(mark.encode()).hexdigest()[:12]}"

    def _url(self) -> str:
        found = self.line(self.mapping.url, LONGEST_URL + 1)
        if found and "://" not in found and self.mapping.base:
            found = f"{self.mapping.base.rstrip('/')}/{found.lstrip('/')}"
        is_address = found.startswith(("https://", "http://")) and " " not in found
        return found if is_address and len(found) <= LONGEST_URL else ""

    def _times(self, *, is_maintenance: bool) -> dict[Milestone, datetime]:
        mapping = self.mapping
        column = mapping.times.get("detected_at", "")
        is_needed = not (is_maintenance or self.where.story)
        detected = self.time(column) if is_needed else self.optional_time(column)
        if detected is None and is_needed:
            raise WrongRowError(column or "detected_at", "no time of detection")
        found = {
            milestone: at
            for milestone in Milestone
            if (at := detected if milestone is Milestone.DETECTED else self._milestone(milestone))
        }
        for name, column in mapping.seconds.items():
            later = self._seconds(column)
            if later is not None and detected is not None:
                found.setdefault(Milestone(name), detected + later)
        return found

    def _stated(self) -> dict[Milestone, timedelta]:
        """The lengths that the source itself states, which need not be those between its times."""
        found: dict[Milestone, timedelta] = {}
        for name, column in self.mapping.stated.items():
            text = self.text(column)
            try:
                if text.strip():
                    found[Milestone(name)] = length(text, self.mapping.stated_unit)
            except NoLengthError as error:
                self.amiss(column, str(error))
        return found

    def _milestone(self, milestone: Milestone) -> datetime | None:
        return self.optional_time(self.mapping.times.get(milestone.value, ""))

    def _order(
        self,
        times: Mapping[Milestone, datetime],
        scheduled: Mapping[str, datetime | None],
        end: datetime | None,
    ) -> None:
        """Tell of each time that lies before the one it must follow; both stay as they are."""
        columns = self.mapping.times
        known = [(columns.get(m.value, m.value), times[m]) for m in Milestone if m in times]
        window = [(columns[name], at) for name, at in scheduled.items() if at is not None]
        over = [(self.mapping.end, end)] if end is not None else []
        # Closing follows the end; planned work that is over early is no mistake.
        closes = 1 if Milestone.CLOSED in times else 0
        known[len(known) - closes : len(known) - closes] = [] if window else over
        for found in (known, window, [*window[:1], *over] if window else []):
            for (before, earlier), (column, at) in pairwise(found):
                if at < earlier:
                    self.amiss(column, f"{at} lies before {before} {earlier}", is_kept=True)

    def _seconds(self, column: str) -> timedelta | None:
        text = self.text(column).strip()
        if not text:
            return None
        whole = text.partition(".")[0]
        if not (whole.isascii() and whole.isdigit() and len(whole) < len(str(MOST_SECONDS))):
            self.amiss(column, f'"{text[:40]}" is no number of seconds')
            return None
        return timedelta(seconds=int(whole))

    def _public_summary(self, title: str, updates: Sequence[Told]) -> str:
        """What everybody may read of a public record, of what everybody could read before."""
        if self.mapping.visibility != "public":
            return ""
        said = self.text(self.mapping.public_summary) or (updates[0].text if updates else "")
        return one_line(said, LONGEST_SUMMARY).text or title

    def _kind(self) -> str:
        listed = self.mapping.kind
        return ours_for(listed, one_line(self.text(listed.column)).text) or ""

    def _components(self) -> dict[str, str]:
        column = self.mapping.components
        value = found_at(self.row, column.column)
        if isinstance(value, str):
            value = value.split(column.separator) if column.separator else [value]
        if value is None:
            return {}
        if not isinstance(value, Sequence):
            self.amiss(column.column, "no list of names")
            return {}
        found: dict[str, str] = {}
        for item in value:
            given = item.get(column.name) if isinstance(item, Mapping) else item
            if not isinstance(given, str):
                self.amiss(column.column, "a component without a name")
                continue
            name = self.take(one_line(given))
            if name:
                found.setdefault(self._component_id(name), name)
        return found

    def _component_id(self, name: str) -> str:
        return self.mapping.components.words.get(name) or slug_of(name, otherwise="component")

    def _updates(self) -> tuple[Told, ...]:
        columns = self.mapping.updates
        if columns is None:
            return ()
        name, _, at = columns.at.partition("[].")
        value = found_at(self.row, name)
        if value is None:
            return ()
        if not isinstance(value, Sequence) or isinstance(value, str):
            self.amiss(name, "no list of updates")
            return ()
        if len(value) > MOST_UPDATES:
            self.cut += len(value) - MOST_UPDATES
        given = enumerate(value[:MOST_UPDATES])
        told = [found for n, item in given if (found := self._update(item, f"{name}[{n}]", at))]
        if told and told[0].at > told[-1].at:
            told.reverse()
        return tuple(sorted(told, key=lambda update: update.at))

    def _update(self, item: object, name: str, at_column: str) -> Told | None:
        """One update; one whose time cannot be read has no place among the others."""
        columns = self.mapping.updates or UpdateColumns(at="")
        written = found_at(item, at_column)
        try:
            at = self.time(f"{name}.{at_column}", written if isinstance(written, str) else "")
        except WrongRowError as error:
            self.amiss(f"{name}.{at_column}", f"{error.reason}; the update is left out")
            return None
        if at is None:
            self.amiss(f"{name}.{at_column}", "no time; the update is left out")
            return None
        status_column = columns.status.partition("[].")[2]
        theirs = one_line(as_text(found_at(item, status_column))).text
        listed = self.mapping.status
        status = self.ours(listed, theirs, f"{name}.{status_column}", "status")
        text = self.take(cleaned(as_text(found_at(item, columns.text.partition("[].")[2]))))
        return Told(at=at, status=status, text=text, levels=self._levels(item, name))

    def _levels(self, item: object, update: str) -> dict[str, str]:
        """How each component fared from an update on, by our ids; one without a level says none."""
        column = self.mapping.levels
        where = f"{update}.{column.column}"
        value = found_at(item, column.column)
        if value is None:
            return {}
        if not isinstance(value, Sequence) or isinstance(value, str):
            self.amiss(where, "no list of components")
            return {}
        found: dict[str, str] = {}
        for one in value:
            name = one_line(as_text(found_at(one, column.name))).text
            theirs = one_line(as_text(found_at(one, column.level))).text
            level = column.words.get(theirs, "")
            if theirs and not level:
                hint = f"--map 'levels.{theirs[:60]}=OURS' gives it one"
                self.amiss(where, f'"{theirs[:60]}" has no level in the mapping; {hint}')
            if name and level:
                ours = self._component_id(name)
                found[ours] = level
                self.fared.setdefault(ours, name)
        return found
