"""How alike words are, which known one is nearly meant, and what a word is in plain letters."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

SHORTEST_SWAPPED = 4
# Letters that look like a Latin one, by that one; of Cyrillic, Greek, Armenian, Latin, digits.
_LOOKS = {
    "a": "\u0430\u03b1\u0251\u1d00",
    "b": "\u0432\u044c\u03b2\u0299",
    "c": "\u0441\u03f2\u1d04",
    "d": "\u0501\u0111\u1d05",
    "e": "\u0435\u0454\u03b5\u1d07\u0259",
    "g": "\u0261\u0581",
    "h": "\u043d\u04bb\u0570\u0127",
    "i": "\u0456\u03b9\u0131\u04c0\u04cf",
    "j": "\u0458\u03f3",
    "k": "\u043a\u03ba\u1d0b",
    "l": "\u0142\u01c0",
    "m": "\u043c\u1d0d",
    "n": "\u043f\u03b7\u0578\u0274",
    "o": "\u043e\u03bf\u03c3\u0585\u00f8\u1d0f0",
    "p": "\u0440\u03c1\u1d18",
    "q": "\u051b",
    "r": "\u0433\u0280",
    "s": "\u0455\ua7315",
    "t": "\u0442\u03c4\u0167\u1d1b",
    "u": "\u0438\u03c5\u057d\u1d1c",
    "v": "\u0475\u03bd\u1d20",
    "w": "\u051d\u03c9\u1d21",
    "x": "\u0445\u03c7",
    "y": "\u0443\u04af\u03b3\u028f",
}
_LATIN = str.maketrans({sign: letter for letter, signs in _LOOKS.items() for sign in signs})
_WORD = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]")


def likeness(typed: str, known: str, least: float) -> float:
    """How alike two words are, 0 where that is surely less than ``least``."""
    if 2 * min(len(typed), len(known)) < least * (len(typed) + len(known)):
        return 0.0
    if swapped(typed, known):
        return max(least, 1 - 1 / len(known))
    return SequenceMatcher(None, typed, known, autojunk=False).ratio()


def swapped(typed: str, known: str) -> bool:
    """Whether two neighbouring letters changed places and nothing else."""
    if len(typed) != len(known) or len(known) < SHORTEST_SWAPPED:
        return False
    wrong = [place for place, pair in enumerate(zip(typed, known, strict=True)) if len({*pair}) > 1]
    if len(wrong) != 2 or wrong[1] != wrong[0] + 1:  # noqa: PLR2004 - a pair of letters
        return False
    first, second = wrong
    return typed[first] == known[second] and typed[second] == known[first]


def latin(text: str) -> str:
    """A text in small letters without accents, others as the Latin ones that they look like."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return unicodedata.normalize("NFKC", plain.translate(_LATIN))


def nearly(word: str, known: Iterable[str], least: float) -> tuple[str, ...]:
    """The known words from a likeness on, the most alike first, upper and lower case being one."""
    typed = word.casefold()
    found = [(likeness(typed, name.casefold(), least), name) for name in known]
    return tuple(name for ratio, name in sorted(found, key=lambda f: -f[0]) if ratio >= least)


def misspelt(name: str, known: Iterable[str], least: float) -> tuple[str, ...]:
    """The known names that one is a slip of the hand away from: each of its words nearly theirs.

    ``acknowledged_by`` is none of ``acknowledged_at``: a word that is another is no slip.
    """
    typed = _WORD.findall(name.casefold())
    return tuple(other for other in known if _alike(typed, _WORD.findall(other.casefold()), least))


def begun(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known names that begin with all words of a shorter one."""
    typed = _WORD.findall(name.casefold())
    return tuple(
        other
        for other in known
        if typed and _WORD.findall(other.casefold())[: len(typed)] == typed != [other.casefold()]
    )


def _alike(typed: list[str], known: list[str], least: float) -> bool:
    if "".join(typed) == "".join(known):
        return True
    pairs = zip(typed, known, strict=False)
    return len(typed) == len(known) and all(likeness(*pair, least) >= least for pair in pairs)
