"""Ids: made from a date and a title, and found again by any part that only one of them has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import date
from difflib import get_close_matches

from incident_tracker.lifecycle.refusal import NothingFound, Refusal
from incident_tracker.parse import ID, LONGEST_SLUG

PART = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*-?")
PATH = re.compile(r"(?:incidents|pir)/[0-9]{4}/([a-z0-9-]+)\.md")
LETTER = re.compile(r"LATIN (?:SMALL|CAPITAL) LETTER (?:SHARP )?([A-Z]{1,2})(?: WITH .*)?")
NUMBER = re.compile(r"-[0-9]+$")
SHOWN = 10
# Behind the date and its dash.
SLUG_FROM = 11


class UnknownId(NothingFound):
    """No id has the part that was typed."""


class AmbiguousId(Refusal):
    """Several ids have the part that was typed, or none could."""


def slug_of(title: str, *, otherwise: str) -> str:
    """Return the title in small letters, digits and dashes, cut at a word, else ``otherwise``."""
    plain = "".join(_letter(character) for character in unicodedata.normalize("NFKD", title))
    words = re.findall(r"[a-z0-9]+", plain.lower().replace("'", ""))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:LONGEST_SLUG]
        if len(longer) > LONGEST_SLUG:
            break
        slug = longer
    return slug or otherwise


def free_id(
    day: date, slug: str, taken: Collection[str], passed: dict[tuple[str, int], int] | None = None
) -> str:
    """Return the id of that day and slug; where it is taken, with ``-2``, ``-3`` and so on.

    ``passed`` is for whoever asks often, while ever more are taken: a number is then tried once.
    """
    begun = f"{day.isoformat()}-"
    if begun + slug not in taken:
        return begun + slug
    passed = {} if passed is None else passed
    digits = 0
    while True:
        digits += 1
        # A slug is cut, so that others may have the same beginning and count on from there.
        stem = f"{begun}{slug[: LONGEST_SLUG - 1 - digits].rstrip('-')}-"
        number, end = passed.get((stem, digits), max(2, 10 ** (digits - 1))), 10**digits
        while number < end and f"{stem}{number}" in taken:
            number += 1
        passed[stem, digits] = number
        if number < end:
            return f"{stem}{number}"


def path_of(record_id: str, folder: str = "incidents") -> str:
    """Return where the record of an id lies."""
    return f"{folder}/{record_id[:4]}/{record_id}.md"


def channel_of(record_id: str) -> str:
    """Return the name of the incident's war room, as the protocol forms it."""
    return f"#incident-{record_id[:10].replace('-', '')}{record_id[10:]}"


def nobody() -> Collection[str]:
    """Return no id: where none is asked for first."""
    return ()


def namesakes(slug: str, known: Collection[str]) -> frozenset[str]:
    """Return the ids that have a slug, and those that got a number because it was taken."""
    first = {name for name in known if name[SLUG_FROM:] == slug}
    return frozenset(name for name in known if name in first or NUMBER.sub("", name) in first)


def find_id(
    typed: str, known: Collection[str], first: Callable[[], Collection[str]] = nobody
) -> str:
    """Return the id that has the typed slug, or alone has the typed part; else a refusal.

    Of several the only one of ``first`` is meant, which is asked where there is a doubt; so it is
    where another has the slug and is none of those. A whole id means itself.
    """
    path = PATH.fullmatch(typed)
    part = (path[1] if path else typed).lower()
    if path is None and not PART.fullmatch(typed):
        message = f'"{typed}" is no id: small letters, digits and dashes'
        raise AmbiguousId(message, "incident list names them")
    if part in known:
        return part
    found = sorted((name for name in known if part in name), reverse=True)
    whole = [name for name in found if name[SLUG_FROM:] == part]
    named = namesakes(part, found) or found
    meant = [name for name in named if name in first()] if len(found) > 1 else []
    found = meant if len(meant) == 1 else whole if len(whole) == 1 else found
    if len(found) == 1:
        return found[0]
    if found:
        more = f", and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        message = f'"{part}" is part of {len(found)} ids'
        raise AmbiguousId(message, f"write more of one: {', '.join(found[:SHOWN])}{more}")
    message = f'no incident has "{part}" in its id'
    raise UnknownId(message, _nearest(part, known))


def _nearest(part: str, known: Collection[str]) -> str:
    slugs = {match["slug"]: name for name in known if (match := ID.fullmatch(name))}
    near = get_close_matches(part, [*slugs, *known], n=3, cutoff=0.6)
    names = dict.fromkeys(slugs.get(name, name) for name in near)
    return f"did you mean {' or '.join(names)}?" if names else "incident list names them"


def _letter(character: str) -> str:
    if character.isascii():
        return character
    match = LETTER.fullmatch(unicodedata.name(character, ""))
    if match:
        return "ss" if "SHARP" in match[0] else match[1].lower()
    return "" if unicodedata.combining(character) else " "
