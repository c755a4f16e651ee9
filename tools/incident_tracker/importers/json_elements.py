"""The elements of the lists in a JSON file, each with its line and with what is wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NoReturn

from incident_tracker.importers.json_values import DECODER

_SPACE = re.compile(r"[ \t\r\n]*")
_PLAIN = re.compile(r"[^\[\]{},:\s\"]+")
# A string that nothing closes reaches to the end, so that no text is gone through twice.
_TOKEN = re.compile(r'"[^"\\]*(?:\\.?[^"\\]*)*(?:"|\Z)|[\[\]{}]', re.DOTALL)
_DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}
LONGEST_NAME = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Element:
    """One element of a list in a file, or the reason why it is none; ``at`` as ``incidents[3]``."""

    line: int
    at: str = ""
    value: object = None
    reason: str = ""


def elements(data: bytes, lists: Collection[str]) -> Iterator[Element]:
    """The elements of a file that is a list, or of the lists in its object that have these names.

    An object without any of them is one element itself. What cannot be taken costs its own element,
    but for broken syntax, behind which nothing can be told apart.
    """
    encoding = json.detect_encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        yield Element(line=1, reason=f"byte {error.start + 1} is not {encoding.upper()}")
        return
    walk = _Walk(text)
    try:
        if walk.sign == "[":
            yield from walk.array("")
        elif walk.sign == "{":
            yield from walk.members(lists)
        else:
            walk.stop("neither an object nor a list")
        if walk.sign:
            walk.stop("something stands behind the end")
    except _BrokenError as error:
        yield error.element


class _BrokenError(Exception):
    """Syntax that is lost, and what is told of it."""

    def __init__(self, element: Element) -> None:
        super().__init__(element.reason)
        self.element = element


class _Walk:
    """A text that is gone through from front to back; ``place`` is that of the next sign."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.counted, self.line = 0, 1
        self.place = 0
        self.move(0)

    @property
    def sign(self) -> str:
        """The next sign, empty at the end."""
        return self.text[self.place : self.place + 1]

    def move(self, place: int) -> None:
        """Go on at the first sign behind a place that is no space."""
        match = _SPACE.match(self.text, place)
        self.place = match.end() if match else place

    def here(self) -> int:
        """The line, counted on from where it was last asked for."""
        self.line += self.text.count("\n", self.counted, self.place)
        self.counted = self.place
        return self.line

    def stop(self, what: str, at: str = "", line: int = 0) -> NoReturn:
        """Give up at this sign."""
        reason = f"no JSON: {what}; nothing behind it was read"
        raise _BrokenError(Element(line=line or self.here(), at=at, reason=reason))

    def goes_on(self, close: str, at: str) -> bool:
        """Whether another member follows the one that just ended, named ``at``."""
        sign = self.sign
        if sign not in (",", close) or not sign:
            self.stop(f"neither , nor {close} follows", at)
        self.move(self.place + 1)
        return sign == ","

    def opens(self, close: str) -> bool:
        """Whether what begins here holds anything."""
        self.move(self.place + 1)
        if self.sign != close:
            return True
        self.move(self.place + 1)
        return False

    def array(self, name: str) -> Iterator[Element]:
        """The elements of the list that begins here."""
        number, more = 0, self.opens("]")
        while more:
            at = f"{name}[{number}]"
            yield self.element(at)
            more = self.goes_on("]", at)
            number += 1

    def members(self, lists: Collection[str]) -> Iterator[Element]:
        """The elements of the lists in the object that begins here, or else the object."""
        line, others, is_one = self.here(), dict[str, object](), True
        more = self.opens("}")
        while more:
            name = self.name()
            at = name[:LONGEST_NAME]
            if name in lists and self.sign == "[":
                is_one = False
                yield from self.array(name)
            else:
                found = self.element(at)
                if name in others:
                    found = Element(line=found.line, at=at, reason="stands twice in one object")
                if found.reason:
                    is_one = False
                    yield found
                others[name] = found.value
            more = self.goes_on("}", at)
        if is_one:
            yield Element(line=line, value=others)

    def name(self) -> str:
        """The name of a member and its colon; the place is then that of its value."""
        found = self.element("").value if self.sign == '"' else None
        if not isinstance(found, str) or self.sign != ":":
            self.stop("a name and a colon are missing")
        self.move(self.place + 1)
        return found

    def element(self, at: str) -> Element:
        """The value that begins here, or what is wrong with it; the place is then behind it."""
        line, start = self.here(), self.place
        try:
            value, end = DECODER.raw_decode(self.text, start)
        except json.JSONDecodeError as error:
            self.stop(f"{error.msg} at column {error.colno}", at, error.lineno)
        except RecursionError:
            self.move(self.end_of(start))
            return Element(line=line, at=at, reason="nested too deeply")
        except ValueError as error:
            self.move(self.end_of(start))
            return Element(line=line, at=at, reason=str(error))
        self.move(end)
        return Element(line=line, at=at, value=value)

    def end_of(self, start: int) -> int:
        """The end of a value that was refused, by its brackets."""
        plain = _PLAIN.match(self.text, start)
        if plain:
            return plain.end()
        depth = 0
        for token in _TOKEN.finditer(self.text, start):
            depth += _DEPTH.get(token[0], 0)
            if depth == 0:
                return token.end()
        return len(self.text)
