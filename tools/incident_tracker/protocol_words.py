"""The words that a protocol must not be without: rules and commands speak in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sized
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incident_tracker.protocol import Protocol

Path = tuple[str | int, ...]
VERSION = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9}){0,3}")
CHECKED = "checked-"
"""How the duty to look at something begins; the check has the same name."""
SAID = ("war-room", "contained", "assessed", "preserved", "removed", "recovered", "rotated")
"""The duties that are done by saying the phrase of the same name."""


def wordless(protocol: Protocol) -> Iterator[tuple[Path, str, str]]:
    """Yield what is missing, as its path, what is wrong there, and the remedy."""
    if not VERSION.fullmatch(protocol.version):
        message = f'"version" is "{protocol.version}", which cannot be compared with another'
        yield ("version",), message, "write numbers with dots between them, such as 2.1.0"
    for path, words in _lists(protocol):
        if not words:
            yield path, f'"{".".join(map(str, path))}" is empty', "write at least one"
    for path, duty in _owed(protocol):
        table = "checks" if duty.startswith(CHECKED) else "phrases"
        if duty not in getattr(protocol, table):
            yield (
                path,
                f'"{duty}" is owed, and "{table}" has no "{duty}"',
                "define it, or owe it not",
            )


def _lists(protocol: Protocol) -> Iterator[tuple[Path, Sized]]:
    yield ("gates", "incident"), protocol.gates.incident
    yield ("gates", "review"), protocol.gates.review
    for name, phrase in protocol.phrases.items():
        yield ("phrases", name, "text"), phrase.text
    for table in ("checks", "cancellations"):
        for name, word in getattr(protocol, table).items():
            yield (table, name, "words"), word.words
    for field in fields(protocol.words):
        if field.default is MISSING:
            yield ("words", field.name), getattr(protocol.words, field.name)


def _owed(protocol: Protocol) -> Iterator[tuple[Path, str]]:
    """The duties for which the protocol must have a word."""
    owes: dict[Path, Mapping[str, tuple[str, ...]]] = {
        ("severities", name, "owes"): terms.owes for name, terms in protocol.severities.items()
    }
    owes["security", "owes"] = protocol.security.owes
    for path, by_status in owes.items():
        for status, duties in by_status.items():
            for duty in duties:
                if duty in SAID or duty.startswith(CHECKED):
                    yield (*path, status), duty
