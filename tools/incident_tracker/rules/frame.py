"""Rules about a change of what all records are judged by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

from incident_tracker.changes import ChangeSet
from incident_tracker.protocol import PATH as PROTOCOL
from incident_tracker.protocol import Protocol
from incident_tracker.registry import Context, Problem, rule, version_key

VERSIONS = "protocol/versions"
FREE = frozenset(
    {
        "version",
        "released",
        "owner",
        "state",
        "history",
        "related",
        "organisation",
        "default_component",
        "commands_omit_id_for",
        "settings",
        "alerts",
        "superseded",
    }
)
"""The keys by which no record is judged, and from which no number of one is computed."""
SHOWN = frozenset({"about", "meaning", "look", "hint"})
"""The explanations of single words and sections, which are shown only."""
MOST_NAMED = 4


@rule("CHG012", ChangeSet)
def rules_of_a_version_stand(changes: ChangeSet, context: Context) -> Iterator[Problem]:
    """Rules change with the protocol's version, and the version before is kept.

    **Why.** Records name the version that they were made under; with other rules under the same
    name they would be judged by what nobody knew on their day.

    **Fix.** Copy the file as it was to `protocol/versions/VERSION.yml`, then raise `version` in
    `protocol/protocol.yml`.
    """
    old, new = changes.old.protocol, changes.new.protocol
    known = {new.version: new, **new.superseded}
    used = {incident.protocol.version for incident in changes.old.incidents}
    for version, before in {**old.superseded, old.version: old}.items():
        now = known.get(version)
        named = any(incident.written.protocol == version for incident in changes.new.incidents)
        path = PROTOCOL if version in (old.version, new.version) else f"{VERSIONS}/{version}.yml"
        if version not in used or (now is None and named):
            continue  # nothing was judged by it, or each of its records says what is missing
        if now is None:
            message = f"version {version} is kept nowhere, and records were judged by it"
            yield Problem(None, message, _copy(changes, path, version), path=path)
        elif keys := differing(before, now):
            message = f"the rules of version {version} were changed: {listed(keys)}"
            yield Problem(None, message, _remedy(changes, path, version), path=path)
    if version_key(new.version) < version_key(old.version) and old.version in used:
        message = f"the protocol went back from version {old.version} to {new.version}"
        yield Problem(None, message, "give it a higher version", path=PROTOCOL)


def _remedy(changes: ChangeSet, path: str, version: str) -> str:
    if path != PROTOCOL:
        return f"put it back: git checkout {changes.commit} -- {path}"
    if changes.new.protocol.version != version:
        return f"keep it as it was: {_copy(changes, path, version)}"
    return f"{_copy(changes, path, version)}, then raise version in {PROTOCOL}"


def _copy(changes: ChangeSet, path: str, version: str) -> str:
    return f"git show {changes.commit}:./{path} > {VERSIONS}/{version}.yml"


def differing(before: Protocol, now: Protocol) -> list[str]:
    """Return the keys whose rules are others, with the entry where there is one only."""
    names = (field.name for field in fields(Protocol) if field.name not in FREE)
    found = []
    for name in names:
        left, right = getattr(before, name), getattr(now, name)
        if _plain(left) != _plain(right):
            found.append(f"{name}{_entry(left, right)}")
    return found


def _entry(before: object, now: object) -> str:
    if not isinstance(before, Mapping) or not isinstance(now, Mapping):
        return ""
    names = dict.fromkeys([*before, *now])
    found = [name for name in names if _plain(before.get(name)) != _plain(now.get(name))]
    return f" ({found[0]})" if len(found) == 1 else ""


def _plain(value: object) -> object:
    """A value of the protocol without what is shown only; the order of a mapping counts."""
    if is_dataclass(value):
        pairs = ((field.name, getattr(value, field.name)) for field in fields(value))
        return tuple((name, _plain(part)) for name, part in pairs if name not in SHOWN)
    if isinstance(value, Mapping):
        return tuple((name, _plain(part)) for name, part in value.items())
    if isinstance(value, tuple | list):
        return tuple(map(_plain, value))
    return value


def listed(names: Iterable[str]) -> str:
    """Return the first of them, and how many more there are."""
    found = list(names)
    left = len(found) - MOST_NAMED
    return ", ".join(found[:MOST_NAMED]) + (f" and {left} more" if left > 0 else "")
