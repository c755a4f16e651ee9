"""``field=column`` pairs of the command line: a mapping in short, or changes to one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from incident_tracker.importers.mapping import (
    TABLES,
    TEXTS,
    TIMES,
    WORD_LISTS,
    MappingError,
    RowMap,
    UpdateColumns,
    problems,
)
from incident_tracker.protocol import Protocol
from incident_tracker.text.tables import nearest

UPDATES = ("at", "status", "text")
LEVELS = ("column", "name", "level")
LENGTHS = ("seconds", "stated")
OPTIONS = ("otherwise", "separator", "name")
FIELDS = (*TIMES, *TEXTS, "forms", *WORD_LISTS, *(f"updates.{name}" for name in UPDATES), *TABLES)


def with_pairs(base: RowMap, given: Iterable[tuple[str, str]], protocol: Protocol) -> RowMap:
    """The mapping with the pairs on top; MappingError for one that does not fit."""
    made = base
    for key, value in given:
        made = replace(made, **_change(made, key.strip(), value.strip()))
    for _, message, hint in problems(made, protocol):
        raise MappingError(message, hint)
    return made


def _change(base: RowMap, key: str, value: str) -> dict[str, Any]:
    """The attributes of the mapping that a pair sets."""
    head, _, tail = key.partition(".")
    if key in TIMES:
        return {"times": {**base.times, key: value}}
    if key in TEXTS:
        return {key: value}
    if key == "forms":
        return {"forms": tuple(form.strip() for form in value.split(","))}
    if head in LENGTHS and tail:
        return {head: {**getattr(base, head), tail: value}}
    if head == "updates" and tail in UPDATES:
        told = base.updates or UpdateColumns(at="")
        return {"updates": replace(told, **{tail: value})}
    if head == "levels" and tail:
        words = {**base.levels.words, tail: value}
        changed: dict[str, Any] = {tail: value} if tail in LEVELS else {"words": words}
        return {head: replace(base.levels, **changed)}
    if head in TABLES and tail:
        return {head: {**getattr(base, head), tail: value}}
    if head in WORD_LISTS:
        return {head: _listed(getattr(base, head), tail, value)}
    near = nearest(key, FIELDS)
    hint = f"did you mean {near}?" if near else f"one of: {', '.join(FIELDS)}"
    raise MappingError(f'no field "{key}" in a mapping', hint)


def _listed(listed: Any, tail: str, value: str) -> object:  # noqa: ANN401 # one of the lists of words
    if not tail:
        return replace(listed, column=value)
    if tail in OPTIONS and hasattr(listed, tail):
        return replace(listed, **{tail: value})
    return replace(listed, words={**listed.words, tail: value})
