"""The issues of a cState site, a status page made with Hugo: one Markdown file each.

https://github.com/cstate/cstate/wiki/Usage says what its fields are. Its times seldom have an
offset; they are in Hugo's ``timeZone``, UTC by default.

An issue whose ``date`` cannot be read is not lost: the day in it, else the day that its file's name
begins with, stands for it, at midday: in nearly every zone that is the same day. Its end is then
left out, for a duration from a midday that nobody wrote would be made up.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from incident_tracker.importers.cstate_body import read_body
from incident_tracker.importers.cstate_site import Site, issues_of, site_of
from incident_tracker.importers.declare import importer
from incident_tracker.importers.draft import Defect, Remark, Row, Skipped, SourceFile
from incident_tracker.importers.foreign_front import Front, NoFrontError, read_front
from incident_tracker.importers.mapping import RowMap
from incident_tracker.importers.moments import NoMomentError, moment
from incident_tracker.text.stamps import day_of
from incident_tracker.text.tables import nearest

BEGIN, END = "date", "resolvedWhen"
PLANNED = re.compile(r"\bmaintenances?\b", re.IGNORECASE)
SHORT_HOUR = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}[T ])([0-9]:[0-9]{2}.*)")
DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])")
OFFSET = re.compile(r"[0-9](?: ?Z| ?UTC|[ ]?[+-][0-9]{2}:?[0-9]{2})", re.IGNORECASE)
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
YES, NO = ("true", "yes", "on"), ("false", "no", "off")


@importer("cstate", ".md", ".yml", ".yaml", ".toml")
def read(files: Sequence[SourceFile], mapping: RowMap) -> Iterator[Row | Skipped | Remark]:
    """A cState site's folder, or its folder of issues."""
    site = site_of(files)
    issues = issues_of(files, site)
    for said in (*site.said, *issues.said):
        yield Remark(text=said)
    counted: Counter[str] = Counter()
    for file, name in issues.files:
        try:
            front = read_front(file.data)
        except NoFrontError as error:
            yield Skipped(path=file.path, line=error.line, reason=error.reason)
            continue
        if _word(front, "draft") in YES:
            line = front.lines["draft"]
            yield Skipped(path=file.path, line=line, reason="draft: it was never published")
            continue
        yield _Issue(file.path, name, front, site, mapping).row(counted)
    yield from _remarks(counted, site, mapping)


def _word(front: Front, name: str) -> str:
    value = front.fields.get(name)
    return value.strip().casefold() if isinstance(value, str) else ""


def _planned(front: Front, name: str) -> str:
    """Where it says maintenance: in the title, in the name of the file only, or nowhere."""
    if PLANNED.search(_word(front, "title")):
        return "title"
    return "name" if PLANNED.search(name) else ""


class _Issue:
    """One issue while it becomes a row; keeps what is amiss in it."""

    def __init__(self, path: str, name: str, front: Front, site: Site, mapping: RowMap) -> None:
        self.path = path
        self.name = name
        self.front = front
        self.site = site
        self.mapping = mapping
        self.zone = site.zone or "UTC"
        self.planned = _planned(front, name)
        self.fields: dict[str, object] = dict(front.fields)
        self.defects = [
            Defect(path=path, line=line, reason=reason, is_kept=True)
            for line, reason in front.faults
        ]

    def row(self, counted: Counter[str]) -> Row:
        """The row, its own fields beside those that are made of them."""
        body = read_body(self.front.body, self.front.body_line, self._statuses())
        self._title()
        self._times()
        state = self._state()
        self._affected()
        if _word(self.front, "informational") in YES:
            self._amiss("informational", "an announcement, taken for an incident", is_kept=True)
        counted[f"planned by {self.planned}"] += 1
        counted["without offset"] += self._without_offset(body.updates)
        made = {
            "name": self.name,
            "url": self._url(),
            "text": body.text,
            "updates": body.updates,
            "planned": self.planned,
            "state": state,
        }
        return Row(
            path=self.path,
            line=1,
            value=self.fields | made,
            lines=dict(self.front.lines) | body.lines,
            zone=self.zone,
            defects=tuple(self.defects),
        )

    def _amiss(self, name: str, reason: str, *, is_kept: bool = False) -> None:
        line = self.front.lines.get(name, 1)
        field = name.partition("[")[0]
        told = f"{field}: {reason}"
        self.defects.append(
            Defect(path=self.path, line=line, reason=told, field=field, is_kept=is_kept)
        )

    def _text(self, name: str) -> str:
        value = self.fields.get(name)
        return value.strip() if isinstance(value, str) else ""

    def _title(self) -> None:
        if not self._text("title"):
            self.fields["title"] = self.name.replace("-", " ")
            self._amiss("title", "no title; the name of the file stands for it", is_kept=True)

    def _times(self) -> None:
        for name in (BEGIN, END):
            short = SHORT_HOUR.fullmatch(self._text(name))
            if short:
                self.fields[name] = f"{short[1]}0{short[2]}"
                reason = f'the hour of "{short[0][:40]}" has one digit, read as 0{short[2][0]}'
                self._amiss(name, reason, is_kept=True)
        if self.mapping.times.get("detected_at") == BEGIN and not self._is_time(BEGIN):
            self._stand_in()

    def _is_time(self, name: str) -> bool:
        try:
            moment(self._text(name), self.mapping.forms, self.mapping.zone or self.zone)
        except NoMomentError:
            return False
        return True

    def _stand_in(self) -> None:
        """A day for a time that cannot be read, and no end."""
        written = self._text(BEGIN)
        days = (
            (DAY.match(written), "its day"),
            (DAY.match(self.name), "the day in the file's name"),
        )
        for match, what in days:
            if match and day_of(match[1]):
                self.fields[BEGIN] = f"{match[1]}T12:00"
                wrong = f'"{written[:40]}" is no time' if written else "no time"
                self._amiss(BEGIN, f"{wrong}; {what} stands for it, at 12:00")
                if self._text(END):
                    self.fields[END] = ""
                    self._amiss(END, "left out, for it would make a duration from that 12:00")
                return

    @property
    def is_planned(self) -> bool:
        """Whether the mapping takes it for planned work."""
        kind = self.mapping.kind
        return kind.column == "planned" and self.planned in kind.words

    def _statuses(self) -> Mapping[str, str]:
        """The words of updates, none for planned work: what they say of it stands in the text."""
        if self.is_planned:
            return {}
        status = self.mapping.status
        return {word.casefold(): word for word in (*status.words, *status.same)}

    def _state(self) -> str:
        """What the flag says beyond the times; where the two disagree the flag is believed."""
        flag = self._text("resolved").casefold()
        end = self._text(END)
        if flag in NO and end:
            self.fields[END] = ""
            self._amiss(END, f'"{end[:40]}" stands beside resolved: {flag}, so it is not over')
        if flag and flag not in (*YES, *NO):
            self._amiss("resolved", f'"{flag[:40]}" is neither true nor false')
        if flag not in YES or self._text(END):
            return ""
        return "planned and over" if self.is_planned else "over"

    def _affected(self) -> None:
        known = self.site.systems
        value = self.fields.get("affected")
        if known is None or not value:
            return
        names = value if isinstance(value, list) else [value]
        for number, name in enumerate(names):
            if isinstance(name, str) and name not in known:
                near = nearest(name, tuple(sorted(known)))
                hint = f'; did they mean "{near}"?' if near else ""
                place = f"affected[{number}]"
                place = place if place in self.front.lines else "affected"
                reason = f'"{name[:60]}" is no system in {self.site.path}{hint}'
                self._amiss(place, reason, is_kept=True)

    def _without_offset(self, updates: Sequence[Mapping[str, str]]) -> int:
        written = [self.front.fields.get(name, "") for name in (BEGIN, END)]
        times = [*written, *(update["at"] for update in updates)]
        return sum(
            isinstance(time, str) and bool(time.strip()) and not OFFSET.search(time[-7:])
            for time in times
        )

    def _url(self) -> str:
        base = self.site.address
        if not base.startswith(("https://", "http://")) or not PLAIN_NAME.fullmatch(self.name):
            return ""
        return f"{base.rstrip('/')}/issues/{self.name.lower()}/"


def _remarks(counted: Mapping[str, int], site: Site, mapping: RowMap) -> Iterator[Remark]:
    """The defaults that were taken, and how to take others."""
    count = counted["without offset"]
    if count:
        zone = mapping.zone or site.zone or "UTC"
        why = "Hugo's default, for no timeZone is configured"
        if site.zone:
            why = f"the timeZone of {site.path}"
        if mapping.zone:
            why = "as the mapping says"
        yield Remark(
            text=f"{count} times have no offset and are read as {zone}, {why}; "
            "--map zone=Europe/Berlin reads them in that zone"
        )
    if mapping.kind.column != "planned":
        return
    for place, words in (("title", "the title"), ("name", "only the file's name")):
        count = counted[f"planned by {place}"]
        if not count:
            continue
        taken = place in mapping.kind.words
        kind = "planned work" if taken else "incidents"
        other = "--map kind=" if taken else f"--map kind.{place}=maintenance"
        yield Remark(
            text=f"{count} issues are taken as {kind}: {words} says maintenance; "
            f"{other} takes them as {'incidents' if taken else 'planned work'}"
        )
