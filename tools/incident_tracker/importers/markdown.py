"""Post-mortems written as Markdown, a file for each; what words mean is the mapping's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from incident_tracker.importers.declare import importer
from incident_tracker.importers.draft import Defect, Row, Skipped, SourceFile
from incident_tracker.importers.fitting import fitted
from incident_tracker.importers.mapping import RowMap
from incident_tracker.importers.markdown_names import day_in, slug_in, stem, without_day
from incident_tracker.importers.markdown_parts import Fact, Open, Sorted, facts_of, plain, sort
from incident_tracker.importers.markdown_stamps import NOT_KNOWN, Calendar, NoZoneError, length_of
from incident_tracker.importers.markdown_tasks import Tasks
from incident_tracker.importers.markdown_text import Text, read_text
from incident_tracker.importers.markdown_timeline import Timeline, marked
from incident_tracker.importers.moments import NoMomentError
from incident_tracker.importers.story import (
    ACTIONS,
    ATTENDEES,
    FACTS,
    NOTES,
    TIMELINE,
    Block,
    Noted,
    Part,
    Shape,
    Story,
    Unplaced,
)
from incident_tracker.model import Milestone
from incident_tracker.text.lengths import length_text
from incident_tracker.values import NAME

LARGEST = 1_000_000
MOST_NAMED = 100
DAYS = ("date", "incident_date", "incident-date", "day")
DAY = "day"
STATED = "stated."
HINT = "--map zone=UTC, or as Europe/Berlin, says which it is"
FAR = timedelta(days=180)
MOMENTS = {milestone.value: milestone for milestone in Milestone}


@importer("markdown", ".md", ".markdown", ".md.erb")
def read(files: Sequence[SourceFile], mapping: RowMap) -> Iterator[Row | Skipped]:
    """Post-mortems as Markdown: headings, lists, tables; one file for each incident."""
    for file in files:
        if len(file.data) > LARGEST:
            reason = f"has {len(file.data):,} bytes, more than {LARGEST:,}: split it by incident"
            yield Skipped(path=file.path, line=1, reason=reason)
            continue
        try:
            text = read_text(file.data)
        except UnicodeDecodeError as error:
            line = file.data.count(b"\n", 0, error.start) + 1
            yield Skipped(path=file.path, line=line, reason="is not UTF-8")
            continue
        yield _Reading(file, text, mapping).row()


class _Reading:
    """One file while it is read."""

    def __init__(self, file: SourceFile, text: Text, mapping: RowMap) -> None:
        self.path = file.path
        self.name = file.name or file.path.rpartition("/")[2]
        self.text = text
        # What is read here is no column that waits for a mapping, unless one names it.
        named = {column.removeprefix("front.") for column in mapping.columns if "." in column}
        self.used = {"title", *DAYS} - named
        self.labels = {plain(theirs): ours for theirs, ours in mapping.labels.items()}
        self.sorted: Sorted = sort(text.pieces, mapping.headings, mapping.labels)
        zones = {word.upper(): zone for word, zone in mapping.zones.items()}
        self.calendar = Calendar(zones=zones, zone=mapping.zone)
        self.values: dict[str, object] = {}
        self.lines: dict[str, int] = {}
        self.facts: dict[str, str] = {}
        self.entries: list[Noted] = []
        self.parts: list[Part] = []
        self.tasks = Tasks(self.calendar)
        self.attendees: tuple[str, ...] = ()
        self.unplaced: list[Unplaced] = []
        self.defects: list[Defect] = []

    def row(self) -> Row | Skipped:
        title = self.text.front.get("title", "") or self.sorted.title or stem(self.name)
        self.calendar.base = self._day(title)
        self._zone()
        self._facts()
        self._rest(title)
        day = self.calendar.base or self._first_day()
        if day is None:
            first = next(iter(self.unplaced), None)
            why = f"; line {first.line}: {first.what.partition(';')[0]}" if first else ""
            reason = f"no day in its front matter, name, title and lines{why}"
            return Skipped(path=self.path, line=self.sorted.title_line, reason=reason)
        self._tell_of_what_is_far(day)
        self._tell_of_what_is_hidden()
        story = self._story(day)
        shown = without_day(title)
        self.values |= {
            "id": self.name,
            "title": shown,
            **{f"front.{k}": v for k, v in self.text.front.items() if k not in self.used},
            **{f"facts.{k}": v for k, v in self.facts.items()},
        }
        return Row(
            path=self.path,
            line=self.sorted.title_line,
            value=self.values,
            lines=self.lines,
            story=story,
            defects=tuple(sorted(self.defects, key=lambda defect: defect.line)),
        )

    def _day(self, title: str) -> date | None:
        """The day that it is about: by front matter, file name, title or a line that says it."""
        front = next((self.text.front[key] for key in DAYS if key in self.text.front), "")
        named, titled = day_in(self.calendar, stem(self.name)), day_in(self.calendar, title)
        if named and titled and named != titled:
            reason = f"the title says {titled}, the name of the file {named}"
            self._amiss(self.sorted.title_line, reason, field="date", is_kept=True)
        said = (f.value for f in self.sorted.facts if self.labels.get(plain(f.label)) == DAY)
        found = [
            day_in(self.calendar, front),
            named,
            titled,
            *(day_in(self.calendar, s) for s in said),
        ]
        return next((day for day in found if day is not None), None)

    def _first_day(self) -> date | None:
        """The day of the first entry, else the first that the timeline names."""
        first = next((entry.at.date() for entry in self.entries), None)
        return first or self.calendar.first

    def _zone(self) -> None:
        said = next(
            (f for f in self.sorted.facts if plain(f.label) in {"time zone", "timezone"}), None
        )
        if said is not None:
            self.calendar.zone = self.calendar.zone_in(said.value) or self.calendar.zone

    def _facts(self) -> None:
        """Take what is said of the incident in lines of their own; they stay in the notes, too."""
        if self.sorted.facts:
            kept = [block for fact in self.sorted.facts for block in self._fact(fact)]
            self._add(
                Part(key=NOTES, title="Facts", line=self.sorted.facts[0].line, blocks=tuple(kept))
            )
        for part in self.sorted.parts:
            if part.key == FACTS:
                facts, others = facts_of(part)
                kept = [block for fact in facts for block in self._fact(fact)] + others
                self._add(Part(key=NOTES, title=part.title, line=part.line, blocks=tuple(kept)))

    def _fact(self, fact: Fact) -> list[Block]:
        """The blocks that a fact leaves for the notes: none where it becomes an entry."""
        target = self.labels.get(plain(fact.label), "")
        if target.startswith(STATED):
            self._duration(fact, target)
        elif target != DAY:
            if self._timed(fact, target):
                return []
            is_told = fact.line in self.calendar.unzoned or plain(fact.value) in NOT_KNOWN
            if target in MOMENTS and not is_told:
                self._amiss(fact.line, f'"{fact.value[:40]}" is no time', field=fact.label)
        if not target:
            self.facts.setdefault(plain(fact.label), fact.value)
            self.lines.setdefault(f"facts.{plain(fact.label)}", fact.line)
        return [fact.block]

    def _duration(self, fact: Fact, target: str) -> None:
        value = re.sub(r"[*_`]", "", fact.value).strip()
        length = length_of(value)
        if length is not None:
            self.values.setdefault(target, length_text(length))
            self.lines.setdefault(target, fact.line)
        elif value.casefold() not in NOT_KNOWN:
            self._amiss(fact.line, f'"{value[:40]}" is no duration', field=fact.label)

    def _timed(self, fact: Fact, target: str) -> bool:
        """Whether a fact is a time, and nothing but a remark in brackets behind it."""
        stamp = self.calendar.stamp(fact.value)
        if stamp is None or not stamp.clock or not re.match(r"$|[(,;]", stamp.rest):
            return False
        day = stamp.day or self.calendar.day or self.calendar.base
        if day is None:
            return False
        try:
            at = self.calendar.moment(stamp, day)
        except NoZoneError:
            self.calendar.unzoned.append(fact.line)
            self.calendar.first = self.calendar.first or stamp.day
            return False
        except NoMomentError as error:
            self._amiss(fact.line, str(error), field=fact.label)
            return False
        self.calendar.day = self.calendar.day or day
        self._milestone(target, at, fact.line)
        text = " ".join(filter(None, (re.sub(r"[*_`]", "", fact.label), stamp.rest)))
        self.entries.append(
            Noted(at=at, text=text, line=fact.line, is_estimated=stamp.is_estimated)
        )
        return True

    def _milestone(self, target: str, at: datetime, line: int) -> None:
        if target in MOMENTS and target not in self.values:
            self.values[target] = at.isoformat()
            self.lines[target] = line

    def _rest(self, title: str) -> None:
        self.calendar.day = None
        for part in self.sorted.parts:
            if part.key == TIMELINE:
                self._timeline(part)
            elif part.key == ACTIONS:
                self._actions(part)
            elif part.key == ATTENDEES:
                self._attended(part)
            elif part.key != FACTS:
                if not part.is_known and (part.title or part.blocks):
                    self._tell_of(part)
                self._add(part.closed())
        first = self.sorted.title
        if first and plain(first) != plain(title):
            text = Block(line=self.sorted.title_line, shape=Shape.PARAGRAPH, text=first)
            self._add(Part(key=NOTES, title="", line=text.line, blocks=(text,)))

    def _timeline(self, part: Open) -> None:
        read = Timeline(calendar=self.calendar).read(tuple(part.blocks))
        for entry in read.entries:
            for text in marked(entry.text):
                self._milestone(self.labels.get(plain(text), ""), entry.at, entry.line)
        self.entries += read.entries
        for line, reason in read.untimed:
            self._unplaced(line, f"{reason}; kept as text")
        if read.leading:
            self._add(Part(key=NOTES, title=part.title, line=part.line, blocks=tuple(read.leading)))

    def _actions(self, part: Open) -> None:
        before = len(self.tasks.others)
        self.tasks.read(part.blocks)
        for block in self.tasks.empty:
            self._unplaced(block.line, f'"{block.text[:60]}" has no action below it; left out')
        self.tasks.empty.clear()
        others = tuple(self.tasks.others[before:])
        if others:
            key = ACTIONS if self.tasks.found else NOTES
            # Below actions of ours an item would be one more action.
            told = (
                replace(block, shape=Shape.PARAGRAPH) if block.shape is Shape.ITEM else block
                for block in others
            )
            self._add(Part(key=key, title=part.title, line=part.line, blocks=tuple(told)))

    def _attended(self, part: Open) -> None:
        said = [name.strip(" @.") for block in part.blocks for name in block.text.split(",")]
        names = tuple(dict.fromkeys(filter(None, said)))
        if names and all(NAME.fullmatch(name) for name in names):
            self.attendees = names
        else:
            self._add(replace(part.closed(), key=NOTES))

    def _tell_of(self, part: Open) -> None:
        """Tell of a heading that means none of our sections; what is below it goes to the notes."""
        what = f'"{part.title[:60]}"' if part.title else "the text above the first heading"
        count = len(part.blocks)
        blocks = f", {count} block{'' if count == 1 else 's'} of text" if count else ""
        self._unplaced(part.line, f"{what}{blocks}; kept below Notes")

    def _tell_of_what_is_far(self, day: date) -> None:
        for entry in self.entries:
            apart = abs(entry.at.date() - day)
            if apart > FAR and len(self.defects) < MOST_NAMED:
                reason = (
                    f"{entry.at.date()} lies {apart.days} days from the {day} that this is about"
                )
                self._amiss(entry.line, reason, field="timeline", is_kept=True)

    def _tell_of_what_is_hidden(self) -> None:
        unzoned = self.calendar.unzoned
        if unzoned:
            times = f"{len(unzoned)} times have" if len(unzoned) > 1 else "a time has"
            self._amiss(unzoned[0], f"{times} no zone; kept as text; {HINT}", field="zone")
        if self.text.wrong:
            self._amiss(1, self.text.wrong, field="front matter")
        for line in self.text.comments:
            self._unplaced(line, "a comment, which no page shows; left out")

    def _add(self, part: Part) -> None:
        if part.blocks or (part.title and part.key != NOTES):
            self.parts.append(part)

    def _story(self, day: date) -> Story:
        told = fitted(self.parts, self.entries, self.tasks.found)
        for line, what in told.cut:
            self._amiss(line, "too much for one record from here on", field=what)
        return Story(
            day=day,
            slug=slug_in(self.name),
            parts=told.parts,
            entries=told.entries,
            tasks=told.tasks,
            attendees=self.attendees,
            unplaced=self._named(),
            removed=self.text.removed,
        )

    def _named(self) -> tuple[Unplaced, ...]:
        """What has no place, by line; where it is very much, how much more there is."""
        found = sorted(self.unplaced, key=lambda one: one.line)
        if len(found) > MOST_NAMED:
            what = f"and {len(found) - MOST_NAMED} more places"
            found[MOST_NAMED:] = [replace(found[MOST_NAMED], what=what)]
        return tuple(found)

    def _amiss(self, line: int, reason: str, *, field: str = "", is_kept: bool = False) -> None:
        told = f"{field}: {reason}" if field else reason
        defect = Defect(path=self.path, line=line, reason=told, field=field, is_kept=is_kept)
        self.defects.append(defect)

    def _unplaced(self, line: int, what: str) -> None:
        self.unplaced.append(Unplaced(path=self.path, line=line, what=what))
