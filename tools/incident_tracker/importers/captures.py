"""Captures of one feed at different times: the same incident in several of them is one row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from incident_tracker.importers.draft import Row, Skipped, SourceFile
from incident_tracker.importers.json_elements import elements
from incident_tracker.importers.moments import NoMomentError, moment

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """The names in a feed: its lists, when a row was last changed, its updates.

    ``told`` are the keys by which two updates are the same, ``id`` first where there is one.
    """

    lists: tuple[str, ...] = ()
    changed: str
    updates: str
    told: tuple[str, ...]


def rows(files: Iterable[SourceFile], feed: Feed) -> Iterator[Row | Skipped]:
    """The rows of all captures: each incident once, as the newest tells it.

    Updates that only an older capture has are kept. Twice in one list of one file it stays two.
    """
    groups: dict[object, list[Row]] = {}
    for file in files:
        seen: set[tuple[str, str]] = set()
        for found in elements(file.data, feed.lists):
            if found.reason:
                reason = f"{found.at}: {found.reason}" if found.at else found.reason
                yield Skipped(path=file.path, line=found.line, reason=reason)
                continue
            row = Row(path=file.path, line=found.line, value=found.value, at=found.at)
            mark = _id(found.value)
            place = (found.at.partition("[")[0], mark)
            groups.setdefault(object() if not mark or place in seen else mark, []).append(row)
            seen.add(place)
    for group in groups.values():
        yield _merged(group, feed)


def _id(value: object) -> str:
    found = value.get("id") if isinstance(value, Mapping) else None
    return found if isinstance(found, str) else ""


def _merged(group: Sequence[Row], feed: Feed) -> Row:
    """The row of the newest capture, the last one of several, with the updates that it lacks."""
    if len(group) == 1:
        return group[0]
    ranked = sorted(enumerate(group), key=lambda one: (_changed(one[1], feed), one[0]))
    newest, *older = [row for _, row in reversed(ranked)]
    if not isinstance(newest.value, Mapping):
        return newest
    kept = list(_updates(newest, feed))
    marks = {_mark(update, feed.told) for update in kept}
    for row in older:
        for update in _updates(row, feed):
            mark = _mark(update, feed.told)
            if mark and mark not in marks:
                marks.add(mark)
                kept.append(update)
    return replace(newest, value={**newest.value, feed.updates: kept}) if kept else newest


def _changed(row: Row, feed: Feed) -> datetime:
    found = row.value.get(feed.changed) if isinstance(row.value, Mapping) else None
    try:
        return moment(found, ("iso",), "UTC") if isinstance(found, str) else NEVER
    except NoMomentError:
        return NEVER


def _updates(row: Row, feed: Feed) -> Sequence[object]:
    found = row.value.get(feed.updates) if isinstance(row.value, Mapping) else None
    return found if isinstance(found, Sequence) and not isinstance(found, str) else ()


def _mark(update: object, told: Collection[str]) -> str:
    """What makes an update this one: its id, else its time and its text."""
    if not isinstance(update, Mapping):
        return ""
    if isinstance(update.get("id"), str):
        return f"id {update['id']}"
    return repr([update.get(name) for name in told])
