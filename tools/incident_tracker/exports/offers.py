"""What of an export stands on the site, and what the page Subscribe says of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from incident_tracker.formats.events import short_digest

_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class Use(StrEnum):
    """What somebody takes a file for: the heading that it stands under."""

    FOLLOW = "Follow"
    CLIENTS = "For programs that read a Statuspage"
    DATA = "For programs of your own"


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """Files of the site that belong together, as whoever wants to read them has to know them."""

    paths: tuple[str, ...]
    """Below the folder of their export; the head of every page may name the first."""
    title: str
    about: str
    """What they hold; one sentence."""
    readers: str
    """What reads them."""
    changes: str
    """When something new is in them."""
    use: Use
    media_type: str = ""
    """Set where the head of every page names the first file, for programs that look there."""
    for_the_team: tuple[str, ...] = ()
    """Files that the public does not get."""
    also: str = ""
    """What more the team gets; one sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OnSite:
    """That an export stands on the site: in which folder, and what of it is offered by name."""

    folder: str = ""
    """With a slash at its end; empty for the root."""
    schema: str = ""
    """The name of the file with its JSON Schema, below that folder."""
    offers: Sequence[Offer] = ()


def file_name(component: str) -> str:
    """Return what a component's files are called, whatever its id is."""
    return component if _PLAIN.fullmatch(component) else short_digest(component)
