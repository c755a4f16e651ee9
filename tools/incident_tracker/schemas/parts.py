"""The pieces that schemas are made of: text, patterns and sets of words, as YAML may type them.

To the tracker's reader every value is the text that stands in the file. An editor's YAML reads
`ticket: 412` as a number, so a text may be one here; and a word that looks like one is listed as
both. Only YAML's own nothing (`~`, `null`) is never a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from incident_tracker.protocol import Role, Severity, Word

Schema = dict[str, object]
TEXT: Sequence[str] = ("string", "number", "boolean")
# What YAML 1.2 takes for no text: its core schema.
WHOLE = re.compile(r"[-+]?[0-9]+")
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def text(pattern: str = "", message: str = "") -> Schema:
    """Return the schema of one piece of text; the pattern holds where YAML reads a text, too."""
    schema: Schema = {"type": list(TEXT)}
    if pattern:
        schema |= {"pattern": pattern}
    if message:
        schema |= {"patternErrorMessage": message}
    return schema


def written(pattern: str, message: str) -> Schema:
    """Return the schema of a text that YAML never takes for anything else."""
    return {"type": "string", "pattern": pattern, "patternErrorMessage": message}


def described(words: Mapping[str, str]) -> Schema:
    """Return the schema of one word of a set, each with what it means."""
    listed = [(value, about) for word, about in words.items() for value in readings(word)]
    schema: Schema = {"enum": [value for value, _ in listed]}
    if any(words.values()):
        schema["enumDescriptions"] = [about for _, about in listed]
    return schema


def one_or_list(item: Schema) -> Schema:
    """Return the schema of a value, or of a list of such values."""
    return {"anyOf": [item, {"type": "array", "items": item}]}


def readings(word: str) -> tuple[object, ...]:
    """Return what YAML may take a word for: the text, and the number or truth that it looks like.

    The text comes first: it is what an editor offers.
    """
    if word in TRUTH:
        return word, TRUTH[word]
    if WHOLE.fullmatch(word):
        return word, int(word)
    if NUMBER.fullmatch(word):
        return word, float(word)
    return (word,)


def meaning(word: object) -> str:
    """Return what a word of the protocol means, in the words of the protocol's file."""
    if isinstance(word, Severity):
        parts = (word.name, word.meaning)
    elif isinstance(word, Role):
        parts = (word.name, word.about)
    elif isinstance(word, Word):
        parts = (word.label, word.about)
    else:
        return ""
    return ": ".join(part for part in parts if part)
