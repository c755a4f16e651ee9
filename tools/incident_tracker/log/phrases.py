"""The phrases of the timeline: which one a line begins with, or nearly, and its value."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from incident_tracker.log.lexicon import Lexicon, any_of, lexicon
from incident_tracker.log.shapes import SHAPES, Head, Wrong, read_value
from incident_tracker.model import Said
from incident_tracker.protocol import Protocol
from incident_tracker.text.alike import likeness

# Behind phrases of these shapes ("Acknowledged by") the value follows without a separator.
JOINED = frozenset({"person", "source"})
KEPT = 32
MOST_LENGTHS = 1_000
MOST_KNOWN = 4_000
LONG = 200
MARKS = ".,:;!–—-"
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


class Likely(NamedTuple):
    """A spelling that is about as long as some text, and how many letters may differ between them.

    With more letters missing or too many, the two are surely less alike than asked for.
    """

    spelling: Spelling
    letters: int
    missing: float
    extra: float


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
    by_length: dict[tuple[int, int], tuple[Likely, ...]] = field(repr=False)
    known: dict[str, Said | Wrong | str] = field(repr=False)

    def told(self, text: str) -> Said | Wrong | str:
        """What `read` says of a line, or else `nearest`, empty where that says nothing.

        Half of the lines of a tracker say what another one says word by word.
        """
        found = self.known.get(text)
        if found is None:
            found = self.read(text) or self.nearest(text) or ""
            if len(text) < LONG:
                if len(self.known) > MOST_KNOWN:
                    self.known.clear()
                self.known[text] = found
        return found

    def read(self, text: str) -> Said | Wrong | None:
        """What a line says: a phrase with its value, why the value is wrong, or None for a note."""
        match = self.head.match(text)
        if match is None:
            return None
        if NINE in text or not text.isprintable():
            text = BLANK.sub(" ", LONG_RUN.sub(" ", text))
            match = self.head.match(text)
            assert match is not None  # noqa: S101 # blanks stayed blanks
        spoken, end = match[1], match.end()
        name = self.names.get(spoken.casefold()) or self.names[_plain(spoken)]
        phrase = self.protocol.phrases[name]
        by, fact, separator, fact_at = "", "", ":", 0
        if text.startswith(": ", end) and phrase.shape not in JOINED:
            # As the tail would read it: most phrases have nothing but a value behind them.
            value = text[end + 2 :].lstrip()
            value_at = len(text) - len(value)
        else:
            joined = phrase.shape in JOINED
            behind = (BEHIND if joined else self.tail).fullmatch(text, end)
            if behind is None:
                return None
            by, fact, separator, value = ("", "", "", behind[1]) if joined else behind.groups("")
            value_at, fact_at = behind.start(1 if joined else 4), behind.start(2) if fact else 0
        if phrase.colon and (":" not in separator or not value.strip()):
            return None
        if by and not _is_name(by):
            return None
        head = Head(
            name=name,
            spoken=spoken,
            phrase=phrase,
            value=value.rstrip(),
            start=value_at if value else match.start(),
            by=by,
            fact=fact.strip(),
            fact_start=fact_at,
        )
        return read_value(head, self.words)

    def nearest(self, text: str) -> str | None:
        """The phrase that the note's first words nearly are, None where none is near."""
        typed_otherwise = self._without_colon(text)
        if typed_otherwise:
            return f"{typed_otherwise}:"
        best, least = None, self.protocol.near_phrase
        before, letters = "", 0
        for count, word in enumerate(text.split(maxsplit=self.most_words)[: self.most_words], 1):
            last = word.rstrip(MARKS).casefold()
            head, bits = before + last, letters | _letters(last)
            for spelling, other, missing, extra in self._as_long(count, len(head)):
                # From the cheapest test to the dearest.
                if (other & ~bits).bit_count() > missing or (bits & ~other).bit_count() > extra:
                    continue
                if head == spelling.text:
                    return None
                if (spelling.colon and not word.endswith(":")) or _is_far(head, spelling, least):
                    continue
                ratio = likeness(head, spelling.text, least)
                if ratio >= least:
                    best, least = f"{spelling.text}{':' * spelling.colon}", ratio
            folded = word.casefold()
            before, letters = f"{before}{folded} ", letters | _letters(folded) | _letters(" ")
        return best

    def _as_long(self, words: int, letters: int) -> tuple[Likely, ...]:
        """The phrases of so many words that are not so much longer or shorter as to be others."""
        found = self.by_length.get((words, letters))
        if found is None:
            if len(self.by_length) > MOST_LENGTHS:
                self.by_length.clear()
            least = self.protocol.near_phrase
            found = self.by_length[words, letters] = tuple(
                Likely(known, known.letters, len(known.text) - fewest, letters - fewest)
                for known in self.spellings
                if known.words == words
                and min(letters, len(known.text))
                >= (fewest := least * (letters + len(known.text)) / 2)
            )
        return found

    def _without_colon(self, text: str) -> str:
        """The phrase that the note begins with, where only its colon was typed otherwise."""
        match = self.head.match(text)
        if match is None or NO_COLON.match(text, match.end()) is None:
            return ""
        plain = _plain(match[1])
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
    names = {_plain(text): name for name, phrase in known.items() for text in phrase.text}
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
        known={},
        most_words=max((known.words for known in spellings), default=0),
    )


def _plain(text: str) -> str:
    """A phrase however it is typed, as `names` has it."""
    return " ".join(text.split()).casefold()


def _is_name(text: str) -> bool:
    """Whether this is how one person is called: one word, or capitalised ones."""
    words = text.split()
    return len(words) == 1 or all(word[0].isupper() for word in words)


def _is_far(text: str, spelling: Spelling, least: float) -> bool:
    """Whether they have surely too few letters in common, wherever these stand."""
    there = Counter(text)
    shared = sum(min(there[letter], number) for letter, number in spelling.counts.items())
    return shared < least * (len(text) + len(spelling.text)) / 2


@lru_cache(maxsize=4096)
def _letters(text: str) -> int:
    """The letters of a text as a set of bits; letters may share a bit."""
    bits = 0
    for letter in text:
        bits |= 1 << (ord(letter) & 63)
    return bits
