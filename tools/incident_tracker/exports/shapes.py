"""The pieces that the JSON Schemas of exports are made of (Draft 2020-12)."""

from __future__ import annotations

from collections.abc import Mapping

Shape = dict[str, object]
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema(name: str, version: int, title: str, root: Shape, parts: Mapping[str, Shape]) -> Shape:
    """Return a whole schema; ``parts`` are what ``part`` refers to."""
    return {
        "$schema": DRAFT,
        "$id": f"urn:incident-tracker:export:{name}:{version}",
        "title": title,
        **root,
        "$defs": dict(parts),
    }


def text(about: str = "", **more: object) -> Shape:
    """A text."""
    return _told({"type": "string", **more}, about)


def word(*words: str, about: str = "") -> Shape:
    """One of these words."""
    return _told({"enum": list(words)}, about)


def moment(about: str = "") -> Shape:
    """A moment with its offset."""
    return text(about, format="date-time")


def day(about: str = "") -> Shape:
    """A day."""
    return text(about, format="date")


def truth(about: str = "") -> Shape:
    """True or false."""
    return _told({"type": "boolean"}, about)


def whole(about: str = "", least: int = 0) -> Shape:
    """A whole number."""
    return _told({"type": "integer", "minimum": least}, about)


def fixed(value: object, about: str = "") -> Shape:
    """Always the same value."""
    return _told({"const": value}, about)


def or_none(shape: Shape) -> Shape:
    """The same, or null."""
    about = shape.get("description", "")
    inner = {key: value for key, value in shape.items() if key != "description"}
    return _told({"anyOf": [inner, {"type": "null"}]}, str(about))


def each(item: Shape, about: str = "", **more: object) -> Shape:
    """A list."""
    return _told({"type": "array", "items": item, **more}, about)


def by_name(item: Shape, about: str = "") -> Shape:
    """An object whose keys are data."""
    return _told({"type": "object", "additionalProperties": item}, about)


def table(
    properties: Mapping[str, Shape], about: str = "", optional: tuple[str, ...] = ()
) -> Shape:
    """An object with these keys and no others."""
    return _told(
        {
            "type": "object",
            "properties": dict(properties),
            "required": [key for key in properties if key not in optional],
            "additionalProperties": False,
        },
        about,
    )


def part(name: str) -> Shape:
    """What the schema defines once under a name."""
    return {"$ref": f"#/$defs/{name}"}


def _told(shape: Shape, about: str) -> Shape:
    return {**shape, "description": about} if about else shape
