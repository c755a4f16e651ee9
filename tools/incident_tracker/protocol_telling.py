"""Who is told of an incident by which way, who approves it, and what is pinned in its war room."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta

from incident_tracker.frozen import value

# What a channel and its variable may be called: both stand in lines that are read again.
CHANNEL_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,80}")


@value
class Channel:
    """A way to tell people; ``env`` names the environment variable that holds its address.

    Where ``only_when_named``, it is used only by who asks for it.
    """

    kind: str
    audiences: tuple[str, ...]
    env: str
    only_when_named: bool = False


@value
class Approval:
    """Who approves what leaves the team, from which of its texts on; 0 means none needs it."""

    by: str = ""
    from_: int = 0
    severities: tuple[str, ...] = ()


@value
class Pin:
    """One thing that is pinned in a war room: a link, a text, or what the tracker knows itself.

    ``holds`` is one of the names in :data:`HELD`; ``{id}`` and ``{path}`` in ``text`` are the
    incident's.
    """

    name: str
    text: str = ""
    holds: str = ""


# What a pin can take from the record and the registers.
HELD = ("ticket", "contacts", "record", "questions")


@value
class Telling:
    """How people are told; ``outside`` are the audiences that are not of the team.

    ``besides`` names, by severity, who is told without a clock that asks for it. A target that
    gives no answer for as long as ``wait`` has an unknown outcome.
    """

    wait: timedelta = timedelta(seconds=30)
    outside: tuple[str, ...] = ()
    besides: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    approval: Approval = field(default_factory=Approval)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    pins: tuple[Pin, ...] = ()
