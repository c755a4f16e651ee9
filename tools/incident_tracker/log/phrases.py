"""The phrases of the timeline: which one a line begins with, or nearly, and its value."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from incident_tracker.log.lexicon import Lexicon, any_of, lexicon
from incident_tracker.log.likeness import likeness
from incident_tracker.log.shapes import SHAPES, Head, Wrong, read_value
from incident_tracker.model import Said
from incident_tracker.protocol import Protocol

# Behind phrases of these shapes ("Acknowledged by") the value follows without a separator.
JOINED = frozenset({"person", "source"})
KEPT = 32
MOST_LENGTHS = 1_000
# What is typed for the colon that a phrase needs.
NO_COLON = re.compile(r"(?:[ \t]+[-–—]|[ \t]*=)[ \t]+\S")
# Patterns try every place in a run of blanks, and some try each twice.
LONG_RUN = re.compile(r"\s{9,}")
NINE = " " * 9
BLANK = re.compile(r"[^\S ]")
BEHIND = re.compile(r"(?:\s*[:,]\s*|\s*[–—]\s*|\s+-\s+|\s*\.?\s*$|\s+)(.*)")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A phrase's text with what makes comparing it cheap."""

    name: str
    text: str
    letters: int
    counts: Counter[str]
    words: int
    colon: bool


class _Head:
    """The first words of a note, as spellings are compared with them."""

    def __init__(self, typed: str) -> None:
        self.text = typed.rstrip(".,:;!–—-").casefold()
        self.ends = typed.endswith(":")

    @cached_property
    def letters(self) -> int:
        """Its letters as a set of bits."""
        return _letters(self.text)

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each letter stands in it."""
        return Counter(self.text)

    def is_far(self, spelling: Spelling, least: float) -> bool:
        """Whether it is surely less alike than ``least``; from the cheapest test to the dearest."""
        fewest = least * (len(self.text) + len(spelling.text)) / 2
        if (spelling.letters & ~self.letters).bit_count() > len(spelling.text) - fewest:
            return True
        if (self.letters & ~spelling.letters).bit_count() > len(self.text) - fewest:
            return True
        return _shared(self.counts, spelling.counts) < fewest


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """The phrases of one protocol, compiled."""

    protocol: Protocol
    words: Lexicon
    head: re.Pattern[str]
    tail: re.Pattern[str]
    names: dict[str, str]
    spellings: tuple[Spelling, ...] = field(repr=False)
    most_words: int
    by_length: dict[tuple[int, int], tuple[Spelling, ...]] = field(repr=False)

    def read(self, text: str) -> Said | Wrong | None:
        """What a line says: a phrase with its value, why the value is wrong, or None for a note."""
        match = self.head.match(text)
        if match is None:
            return None
        if NINE in text or not text.isprintable():
            text = BLANK.sub(" ", LONG_RUN.sub(" ", text))
            match = self.head.match(text)
            assert match is not None  # noqa: S101 # blanks stayed blanks
        name = self.names[" ".join(match[1].split()).casefold()]
        phrase = self.protocol.phrases[name]
        joined = phrase.shape in JOINED
        behind = (BEHIND if joined else self.tail).fullmatch(text, match.end())
        if behind is None:
            return None
        by, fact, separator, value = ("", "", "", behind[1]) if joined else behind.groups("")
        if phrase.colon and (":" not in separator or not value.strip()):
            return None
        if by and not _is_name(by):
            return None
        value_at = behind.start(1 if joined else 4)
        head = Head(
            name=name,
            spoken=match[1],
            phrase=phrase,
            value=value.rstrip(),
            start=value_at if value else match.start(),
            by=by,
            fact=fact.strip(),
            fact_start=behind.start(2) if fact else match.start(),
        )
        return read_value(head, self.words)

    def nearest(self, text: str) -> str | None:
        """The phrase that the note's first words nearly are, None where none is near."""
        typed_otherwise = self._without_colon(text)
        if typed_otherwise:
            return f"{typed_otherwise}:"
        words = text.split(maxsplit=self.most_words)
        best, least = None, self.protocol.near_phrase
        for count in range(1, min(self.most_words, len(words)) + 1):
            head = _Head(" ".join(words[:count]))
            for spelling in self._as_long(count, len(head.text)):
                if head.text == spelling.text:
                    return None
                if (spelling.colon and not head.ends) or head.is_far(spelling, least):
                    continue
                ratio = likeness(head.text, spelling.text, least)
                if ratio >= least:
                    best, least = f"{spelling.text}{':' * spelling.colon}", ratio
        return best

    def _as_long(self, words: int, letters: int) -> tuple[Spelling, ...]:
        """The phrases of so many words that are not so much longer or shorter as to be others."""
        key, least = (words, letters), self.protocol.near_phrase
        if key not in self.by_length:
            if len(self.by_length) > MOST_LENGTHS:
                self.by_length.clear()
            self.by_length[key] = tuple(
                known
                for known in self.spellings
                if known.words == words
                and 2 * min(letters, len(known.text)) >= least * (letters + len(known.text))
            )
        return self.by_length[key]

    def _without_colon(self, text: str) -> str:
        """The phrase that the note begins with, where only its colon was typed otherwise."""
        match = self.head.match(text)
        if match is None or NO_COLON.match(text, match.end()) is None:
            return ""
        plain = " ".join(match[1].split()).casefold()
        return plain if self.protocol.phrases[self.names[plain]].colon else ""


_BOOKS: dict[int, Phrasebook] = {}


def phrasebook(protocol: Protocol) -> Phrasebook:
    """The compiled phrases of a protocol, the same for the same protocol."""
    book = _BOOKS.get(id(protocol))
    if book is None or book.protocol is not protocol:
        if len(_BOOKS) >= KEPT:
            _BOOKS.clear()
        book = _BOOKS[id(protocol)] = _compiled(protocol)
    return book


def _compiled(protocol: Protocol) -> Phrasebook:
    known = {name: phrase for name, phrase in protocol.phrases.items() if phrase.shape in SHAPES}
    names = {
        " ".join(text.split()).casefold(): name
        for name, phrase in known.items()
        for text in phrase.text
    }
    spellings = [
        Spelling(text, text, _letters(text), Counter(text), len(text.split()), known[name].colon)
        for text, name in names.items()
    ]
    tail = (
        rf"(?:\s+(?:{any_of(protocol.words.by)})\s+([^\s:,()]+(?:[ ][^\s:,()–—-]+){{0,2}}))?"
        r"(?:\s*\(([^()]*)\))?"
        r"(\s*[:,]\s*|\s*[–—]\s*|\s+-\s+|\s*\.?\s*$)(.*)"
    )
    return Phrasebook(
        protocol=protocol,
        words=lexicon(protocol),
        head=re.compile(rf"({any_of(names)})(?!\w)", re.IGNORECASE),
        tail=re.compile(tail, re.IGNORECASE),
        names=names,
        spellings=tuple(sorted(spellings, key=lambda spelling: spelling.words)),
        by_length={},
        most_words=max((known.words for known in spellings), default=0),
    )


def _is_name(text: str) -> bool:
    """Whether this is how one person is called: one word, or capitalised ones."""
    words = text.split()
    return len(words) == 1 or all(word[0].isupper() for word in words)


def _shared(one: Counter[str], other: Counter[str]) -> int:
    """How many letters both texts have, wherever they stand."""
    return sum(min(one[letter], number) for letter, number in other.items())


def _letters(text: str) -> int:
    """The letters of a text as a set of bits; letters may share a bit."""
    bits = 0
    for letter in text:
        bits |= 1 << (ord(letter) & 63)
    return bits
