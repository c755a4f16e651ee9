"""The table of fields → the schema of a record's front matter, with the protocol's words in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from incident_tracker.fields import TIMES, Kind, Row
from incident_tracker.model import Milestone, Tracker
from incident_tracker.protocol import Protocol
from incident_tracker.registry import rules
from incident_tracker.schemas.parts import Schema, described, meaning, one_or_list, text, written
from incident_tracker.text.lengths import LENGTH
from incident_tracker.text.stamps import CLOCK, DATE, OFFSET
from incident_tracker.values import LONGEST_TEXT, NOT_IN_NAMES, SLUG, VERSION, words_for

# Blanks around a text and runs of them within it count as the one blank that they are read as.
SHORT = rf"^\s*(?:\S|\s+(?=\S)){{0,{LONGEST_TEXT}}}\s*$"
ORIGIN_KEYS = {"system": True, "id": True, "url": False, "digest": False}


def front_matter(rows: Mapping[str, Row], tracker: Tracker) -> Schema:
    """Return the schema of a front matter that has these fields."""
    return {
        "type": "object",
        "properties": {row.key: {**_value(row, tracker), **_told(row)} for row in rows.values()},
        "additionalProperties": False,
    }


def _told(row: Row) -> Schema:
    told = f"{row.about[0].upper()}{row.about[1:]}."
    needed = "" if row.needed == "never" else f" Needed from: {row.needed}."
    example = f"{row.key}: {row.example}"
    return {"description": f"{told}{needed} Written by: {row.source.value}. Example: {example}"}


def _value(row: Row, tracker: Tracker) -> Schema:
    return KINDS[row.kind](row, tracker)


def _text(row: Row, _: Tracker) -> Schema:
    return text(SHORT, f"{row.key} has at most {LONGEST_TEXT} characters")


def _word(row: Row, tracker: Tracker) -> Schema:
    return described(_words(row.words, tracker))


def _several(row: Row, tracker: Tracker) -> Schema:
    return one_or_list(_word(row, tracker))


def _slug(row: Row, _: Tracker) -> Schema:
    return text(rf"^\s*{_bare(SLUG.pattern)}\s*$", f"{row.key}: {row.example}")


def _name(_: Row, tracker: Tracker) -> Schema:
    people = [person.id for person in tracker.contacts.people]
    schema = text(rf"^[^{NOT_IN_NAMES}]+$", "a name has no punctuation")
    return {**schema, "examples": people} if people else schema


def _names(row: Row, tracker: Tracker) -> Schema:
    return one_or_list(_name(row, tracker))


def _time(row: Row, _: Tracker) -> Schema:
    stamp = rf"^{DATE}[Tt ]{CLOCK}[ ]?(?:[Zz]|{OFFSET})$"
    return written(stamp, f"date, time, offset: {row.example}")


def _date(row: Row, _: Tracker) -> Schema:
    return written(rf"^{DATE}$", f"a date: {row.example}")


def _zone(row: Row, _: Tracker) -> Schema:
    # Which zones there are depends on the machine, and the file must not.
    return written(r"^\s*[A-Za-z0-9_+/-]+\s*$", f"a name of the IANA zones: {row.example}")


def _version(row: Row, _: Tracker) -> Schema:
    return text(rf"^\s*{_bare(VERSION.pattern)}\s*$", f"a version: {row.example}")


def _components(row: Row, tracker: Tracker) -> Schema:
    about = {
        part.id: ": ".join(words for words in (part.name, part.description) if words)
        for part in tracker.components
    }
    level = _word(row, tracker)
    if not about:
        one: Schema = text(f"^{_bare(SLUG.pattern)}$", "small letters, digits and dashes")
        levels: Schema = {"type": "object", "additionalProperties": level}
    else:
        one = described(about)
        levels = _keyed(about, level)
    return {"anyOf": [levels, {"type": "array", "items": one}, one]}


def _roles(row: Row, tracker: Tracker) -> Schema:
    return _keyed(_words(row.words, tracker), _name(row, tracker))


def _waivers(_: Row, __: Tracker) -> Schema:
    codes = {code: rule.summary for code, rule in sorted(rules().items()) if rule.waivable}
    return _keyed(codes, text(r"\S", "a waiver gives its reason"))


def _origin(_: Row, __: Tracker) -> Schema:
    return {
        "type": "object",
        "properties": {key: text() for key in ORIGIN_KEYS},
        "required": [key for key, needed in ORIGIN_KEYS.items() if needed],
        "additionalProperties": False,
    }


def _stated(_: Row, __: Tracker) -> Schema:
    return _keyed(
        {milestone.value: TIMES[milestone] for milestone in Milestone}, text(f"^{LENGTH.pattern}$")
    )


def _keyed(about: Mapping[str, str], value: Schema) -> Schema:
    told = {key: {"description": text} if text else {} for key, text in about.items()}
    return {
        "type": "object",
        "properties": {key: {**value, **told[key]} for key in about},
        "additionalProperties": False,
    }


def _words(name: str, tracker: Tracker) -> Mapping[str, str]:
    """Return the words of a set with their meanings; a superseded version's after today's."""
    found: dict[str, str] = {}
    for protocol in _versions(tracker.protocol):
        for word, entry in words_for(name, protocol).items():
            found.setdefault(word, meaning(entry))
    return found


def _versions(protocol: Protocol) -> Iterator[Protocol]:
    yield protocol
    yield from protocol.superseded.values()


def _bare(pattern: str) -> str:
    """Return a pattern as one piece of another."""
    return f"(?:{pattern})"


KINDS: Mapping[Kind, Callable[[Row, Tracker], Schema]] = {
    Kind.TEXT: _text,
    Kind.WORD: _word,
    Kind.WORDS: _several,
    Kind.SLUG: _slug,
    Kind.NAME: _name,
    Kind.NAMES: _names,
    Kind.PEOPLE: _names,
    Kind.TIME: _time,
    Kind.DATE: _date,
    Kind.COMPONENTS: _components,
    Kind.ROLES: _roles,
    Kind.WAIVERS: _waivers,
    Kind.ORIGIN: _origin,
    Kind.STATED: _stated,
    Kind.ZONE: _zone,
    Kind.VERSION: _version,
}
