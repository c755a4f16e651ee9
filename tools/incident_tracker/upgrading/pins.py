"""How a tracker asks for the tool that checks it: one version exactly, by its number or its commit.

A template holds the two marks ``{{tool}}`` and ``{{tag}}``; a new tracker has the pin there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

PACKAGE = "incident-tracker"
TOOL, TAG = b"{{tool}}", b"{{tag}}"
ADDRESS = re.compile(r"(?:https|ssh|file)://[^\s\"'\\#@]+(?:@[^\s\"'\\#@]+)?")
PINNED = re.compile(
    rf"(?<![\w./+@-]){PACKAGE}(?:==(?P<version>[0-9][0-9a-z.]*)"
    r"|[ \t]*@[ \t]*git\+(?P<address>[^\s\"'\\]{1,500}?)@(?P<commit>[0-9a-f]{40}))"
    r"(?P<tag>[ \t]+# v[0-9][0-9a-z.]*)?(?![\w.*,<>=!~-]|\s*(?:\\|--hash))"
)
REMARK = re.compile(r"(?:^|[ \t])#")


@dataclass(frozen=True, slots=True)
class Pin:
    """One version of the tool: by its number, or by an address of Git and the commit of its tag."""

    version: str
    address: str = ""
    commit: str = ""

    @property
    def requirement(self) -> str:
        """The pin as pip takes it."""
        if self.address:
            return f"{PACKAGE} @ git+{self.address}@{self.commit}"
        return f"{PACKAGE}=={self.version}"

    @property
    def tag(self) -> str:
        """The remark behind a commit, which alone tells nobody what it is; else empty."""
        return f"  # v{self.version}" if self.address else ""


def pinned(template: bytes, pin: Pin) -> bytes:
    """Return a file of the starter with the pin in the place of its marks."""
    return template.replace(TOOL, pin.requirement.encode()).replace(TAG, pin.tag.encode())


def pin_of(text: str) -> Pin | None:
    """Return the one version that a text asks for; None for none, a range, or several."""
    found = {Pin(_version(one), one["address"] or "", one["commit"] or "") for one in _pins(text)}
    return found.pop() if len(found) == 1 else None


def repinned(text: str, old: Pin, new: Pin) -> str:
    """Return a text that asks for another version, wherever it asked for the old one."""
    pieces, last = [], 0
    for start, one in _places(text):
        same = (one["address"] or "", one["commit"] or "") == (old.address, old.commit)
        if same and (one["version"] or old.version) == old.version:
            asked = new.requirement + (new.tag if one["tag"] else "")
            pieces += [text[last : start + one.start()], asked]
            last = start + one.end()
    return "".join([*pieces, text[last:]])


def _pins(text: str) -> list[re.Match[str]]:
    return [one for _, one in _places(text)]


def _places(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield where a line begins and what it asks for, but for what only a remark speaks of."""
    start = 0
    for line in text.splitlines(keepends=True):
        remark = REMARK.search(line)
        end = remark.start() if remark else len(line)
        yield from ((start, one) for one in PINNED.finditer(line) if one.start() < end)
        start += len(line)


def _version(one: re.Match[str]) -> str:
    return one["version"] or (one["tag"] or "").rpartition("v")[2]
