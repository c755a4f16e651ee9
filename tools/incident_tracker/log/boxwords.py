"""The boxes of a protocol by their texts: which one a line names, or nearly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from incident_tracker.log.lexicon import any_of
from incident_tracker.protocol import Protocol, Word
from incident_tracker.text.alike import nearly

KEPT = 32
FEWEST_WORDS = 2
NOTE = re.compile(r"[ \t]*(?:\((?P<note>.*)\)[ \t]*\.?|[,:;–—-]+[ \t]+(?P<rest>\S.*)|\.?)")
# A run of blanks is tried once, from its beginning, and not from each of its blanks.
BRACKETS = re.compile(r"(?<![ \t])[ \t]*\([^()]*\)")


@dataclass(frozen=True, slots=True)
class BoxWords:
    """The boxes of one protocol, compiled."""

    protocol: Protocol
    known: Mapping[str, str]
    own: Mapping[str, str]
    pattern: re.Pattern[str]
    not_applicable: re.Pattern[str]

    def named(self, text: str) -> tuple[str, str]:
        """The box with this text and its note; no name where it is none of the protocol."""
        match = self.pattern.match(text)
        if match is None:
            return "", ""
        plain = " ".join(match[1].split()).casefold()
        rest = text[match.end() :].strip()
        own = self.own[plain]
        if own and rest.casefold().startswith(own.casefold()):
            rest = rest[len(own) :]
        note = NOTE.fullmatch(rest)
        if note is None:
            return "", ""
        return self.known[plain], (note["note"] or note["rest"] or "").strip()

    def spelling(self, box: str) -> str:
        """The text of a box as the protocol writes it, without its brackets."""
        lists = _lists(self.protocol)
        text = next(words[box].text for words in lists if box in words)
        return BRACKETS.sub("", text).strip()

    def nearest(self, text: str) -> str | None:
        """The text of the only box that this is nearly, or from which it leaves words out."""
        plain = " ".join(BRACKETS.sub("", text).split()).rstrip(".").casefold()
        near = nearly(plain, self.known, self.protocol.near_phrase)
        if near:
            return near[0]
        words = plain.split()
        if len(words) < FEWEST_WORDS:
            return None
        longer = [known for known in self.known if _leaves_out(words, known.split())]
        return longer[0] if len(longer) == 1 else None


def _leaves_out(words: list[str], known: list[str]) -> bool:
    """Whether these are most of the known words, in their order."""
    behind = iter(known)
    return 2 * len(words) > len(known) and all(word in behind for word in words)


_WORDS: dict[int, BoxWords] = {}


def boxwords(protocol: Protocol) -> BoxWords:
    """The compiled boxes of a protocol, the same for the same protocol."""
    found = _WORDS.get(id(protocol))
    if found is None or found.protocol is not protocol:
        if len(_WORDS) >= KEPT:
            _WORDS.clear()
        found = _WORDS[id(protocol)] = _compiled(protocol)
    return found


def _compiled(protocol: Protocol) -> BoxWords:
    known: dict[str, str] = {}
    own: dict[str, str] = {}
    for words in _lists(protocol):
        for key, word in words.items():
            plain = BRACKETS.sub("", word.text).strip()
            known.setdefault(plain.casefold(), key)
            own.setdefault(plain.casefold(), word.text[len(plain) :].strip())
    not_applicable = any_of(protocol.words.not_applicable)
    return BoxWords(
        protocol=protocol,
        known=known,
        own=own,
        pattern=re.compile(rf"({any_of(known)})(?![\w])", re.IGNORECASE),
        not_applicable=re.compile(
            rf"(?:{not_applicable})(?!\w)[ \t]*[:,–—-]?[ \t]*(.*)", re.IGNORECASE
        ),
    )


def _lists(protocol: Protocol) -> tuple[Mapping[str, Word], ...]:
    return (
        protocol.verification_boxes,
        protocol.security_boxes,
        protocol.review_boxes,
        protocol.during_boxes,
        protocol.after_boxes,
    )
