"""Where an export is written: a file, or a folder with a marker of what was written there.

Only what the marker names with its checksum is ever replaced or taken away; everything else in the
folder is somebody's own, and stays as it is unless it is forced.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from incident_tracker.audience import Audience
from incident_tracker.errors import TrackerError
from incident_tracker.walk import read_regular, unreadable
from incident_tracker.workspace import Workspace

MARKER = ".incident-export.json"
VERSION = 1
MOST_NAMED = 3
MOST_MARKER_BYTES = 50_000_000
MOST_BYTES = 100_000_000
DIGEST = re.compile(r"[0-9a-f]{64}")
Digests = dict[str, list[str]]
"""The checksums that a file of ours may have, by its path; two while it is being replaced."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivered:
    """The paths that were written, were so already, were taken away, were left to their owner."""

    written: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def deliver_file(target: Path, data: bytes, *, force: bool) -> Delivered:
    """Write one file; TrackerError where another one is there."""
    name = target.name
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise TrackerError(f"{target} is no plain file", "give another path")
    if target.exists():
        if target.stat().st_size == len(data) and target.read_bytes() == data:
            return Delivered(same=(name,))
        if not force:
            raise TrackerError(f"{target} is there already", "give another path, or --force")
    target.parent.mkdir(parents=True, exist_ok=True)
    Workspace(target.parent).put(target, data)
    return Delivered(written=(name,))


def deliver(
    folder: Path, name: str, files: Mapping[str, bytes], *, force: bool, audience: Audience
) -> Delivered:
    """Write the files of an export into a folder, and take away what it wrote there before.

    TrackerError where the folder holds files that no export wrote, where one of them would be
    replaced, or where it was exported for another audience, even by force; nothing is written then.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise TrackerError(f"{folder} is no folder", "give another path")
    folder.mkdir(parents=True, exist_ok=True)
    workspace = Workspace(folder)
    with workspace.lock():
        marked = _marked(workspace)
        _refuse_audience(folder, marked, audience)
        known = _known(marked)
        return _delivered(workspace, name, files, known, force=force, audience=audience)


def _refuse_audience(folder: Path, marked: Mapping[str, Any], audience: Audience) -> None:
    """Refuse a folder that was made for others: who publishes it would publish this.

    An old version wrote no audience: it may have been for the team.
    """
    before = marked.get("audience", Audience.INTERNAL) if marked else audience
    if before != audience:
        message = f"{folder} was exported for another audience ({before}, not {audience})"
        raise TrackerError(message, f"--audience {before}, another folder, or remove this one")


def _delivered(
    workspace: Workspace,
    name: str,
    files: Mapping[str, bytes],
    known: dict[str, Digests] | None,
    *,
    force: bool,
    audience: Audience,
) -> Delivered:
    if known is None:
        if any(workspace.root.iterdir()) and not force:
            message = f"{workspace.root} is not empty, and no export was written there"
            raise TrackerError(message, "give an empty folder, or --force to write beside the rest")
        known = {}
    before = known.get(name, {})
    now = {path: _digest(data) for path, data in files.items()}
    there = {path: _there(workspace, path) for path in {*files, *before}}
    _refuse_others(workspace, now, there, _ours(known), force=force)
    known[name] = {p: [*before.get(p, ()), *((now[p],) if p in now else ())] for p in there}
    _mark(workspace, known, audience)
    written = sorted(path for path in files if there[path] != now[path])
    for path in written:
        workspace.put_record(path, files[path])
    over = sorted(path for path in before if path not in files and there[path])
    removed = [path for path in over if there[path] in before[path]]
    for path in removed:
        workspace.remove(path)
        _without_empty(workspace.root, path)
    known[name] = {path: [digest] for path, digest in now.items()}
    _mark(workspace, known, audience)
    return Delivered(
        written=tuple(written),
        same=tuple(path for path in files if there[path] == now[path]),
        removed=tuple(removed),
        left=tuple(path for path in over if path not in removed),
    )


def _refuse_others(
    workspace: Workspace,
    now: Mapping[str, str],
    there: Mapping[str, str],
    ours: Mapping[str, set[str]],
    *,
    force: bool,
) -> None:
    """Refuse where a file would be replaced that is not as an export wrote it."""
    others = sorted(
        path
        for path, digest in now.items()
        if there[path] and there[path] != digest and there[path] not in ours.get(path, ())
    )
    if others and not force:
        named = ", ".join(others[:MOST_NAMED])
        more = f" and {len(others) - MOST_NAMED} more" if len(others) > MOST_NAMED else ""
        message = f"in {workspace.root} somebody else wrote {named}{more}"
        raise TrackerError(message, "give another folder, or --force to replace them")


def hand_written(root: Path, guide: str) -> dict[str, bytes]:
    """Return the files that people wrote for a site, by path; what an export wrote is not theirs.

    As on the site, names that begin with a dot are left out, and whatever lies behind a link.
    """
    top = root / guide
    found: dict[str, bytes] = {}
    for folder, folders, names in os.walk(top):
        here = Path(folder)
        if here.is_symlink() or (here != top and (here / MARKER).exists()):
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = here / name
            if not name.startswith(".") and not unreadable(path, top, is_text=name.endswith(".md")):
                found[path.relative_to(root).as_posix()] = read_regular(path, MOST_BYTES)
    return found


def _ours(known: Mapping[str, Digests]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for paths in known.values():
        for path, digests in paths.items():
            found.setdefault(path, set()).update(digests)
    return found


def _there(workspace: Workspace, path: str) -> str:
    """The checksum of what lies at a path, empty where nothing does."""
    if not workspace.has(path):
        return ""
    # What is no plain file has no checksum of ours, so it is never replaced.
    return workspace.checksums([path]).get(path) or "no file"


def _known(marked: Mapping[str, Any]) -> dict[str, Digests] | None:
    """What the marker says was written, by format; None where it is none that can be read."""
    try:
        formats = marked["formats"] if marked["version"] == VERSION else {}
        return {str(name): _digests(paths) for name, paths in formats.items()}
    except (TypeError, KeyError, AttributeError):
        return None


def _marked(workspace: Workspace) -> dict[str, Any]:
    """What the marker holds, unjudged; empty without one that can be read."""
    if not workspace.has(MARKER):
        return {}
    try:
        marked = json.loads(read_regular(workspace.root / MARKER, MOST_MARKER_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return marked if isinstance(marked, dict) else {}


def _digests(paths: Mapping[str, object]) -> Digests:
    found = {
        path: [digest] if isinstance(digest, str) else digest for path, digest in paths.items()
    }
    if not all(isinstance(d, list) and all(map(_is_digest, d)) for d in found.values()):
        raise TypeError("a checksum is none")
    return found  # type: ignore[return-value] # just looked at


def _is_digest(text: object) -> bool:
    return isinstance(text, str) and DIGEST.fullmatch(text) is not None


def _mark(workspace: Workspace, known: Mapping[str, Digests], audience: Audience) -> None:
    told = {
        "about": "Written by `incident export`: what it wrote here, and may replace or remove",
        "version": VERSION,
        "audience": audience,
        "formats": {
            name: {
                path: digests[0] if len(digests) == 1 else digests for path, digests in one.items()
            }
            for name, one in known.items()
        },
    }
    text = f"{json.dumps(told, indent=1, sort_keys=True, allow_nan=False)}\n"
    workspace.put(workspace.root / MARKER, text)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _without_empty(root: Path, path: str) -> None:
    """Take away the folders that a file left empty."""
    for folder in (root / path).parents:
        if folder == root or any(folder.iterdir()):
            return
        folder.rmdir()
