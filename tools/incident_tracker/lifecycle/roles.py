"""Roles: assigned to somebody, and handed over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from incident_tracker.lifecycle import phrasing
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.protocol import Protocol, Word


def role_words(protocol: Protocol) -> Mapping[str, Word]:
    """Return the roles with the ways in which they may be called."""
    return {
        key: Word(label=role.name, words=(role.short, role.short.split()[0]))
        for key, role in protocol.roles.items()
    }


def role_typed(typed: str, protocol: Protocol) -> str:
    """Return the word to look a role up by.

    A word of one role's name alone is that role, and a short form may end in an s: ``comms``.
    """
    wanted = typed.strip().casefold()
    said = {key: role.name.casefold().split() for key, role in protocol.roles.items()}
    ours = [key for key, words in said.items() if wanted in words]
    if len(ours) == 1:
        return ours[0]
    names = [name.casefold() for w in role_words(protocol).values() for name in (w.label, *w.words)]
    shorter = wanted.removesuffix("s")
    known = any(name.startswith(wanted) for name in names)
    return shorter if not known and any(name.startswith(shorter) for name in names) else typed


def with_role(draft: Draft, at: datetime, role: str, name: str, reason: str) -> Draft:
    """Return the draft in which somebody holds a role from a moment on.

    Who acknowledged holds a role without having been assigned to it: there is nothing to hand over.
    """
    held = [c for c in draft.incident.log.roles.get(role, ()) if c.at is None or c.at <= at]
    last = held[-1] if held else None
    assigned = last is not None and last.entry is not None and last.entry.said is not None
    phrase = last.entry.said.phrase if last and last.entry and last.entry.said else ""
    assigned = assigned and bool(draft.protocol.phrases[phrase].role)
    before = last.value if last and assigned else ""
    if last is None:
        before = (draft.incident.written.roles or {}).get(role, "")
    if before == name:
        return draft
    return with_entry(
        draft, at, phrasing.role_line(draft.protocol, role, name, before=before, reason=reason)
    )
