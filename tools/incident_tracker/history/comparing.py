"""What a working tree or the index changes, as the tracker before and the tracker after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from incident_tracker.assemble import Source, with_files
from incident_tracker.changes import ChangeSet
from incident_tracker.errors import PROTOCOL, BrokenProtocolError
from incident_tracker.evidence import folder_of, named
from incident_tracker.history.objects import Objects
from incident_tracker.history.repository import Repository
from incident_tracker.history.revisions import (
    SHORT_HASH,
    head,
    merge_base,
    refuse_shallow,
    resolved,
)
from incident_tracker.history.snapshots import (
    PROTOCOL_FOLDER,
    Snapshot,
    is_same,
    is_same_on_disk,
    snapshot_at,
    snapshot_staged,
)
from incident_tracker.loading import FIXED, load
from incident_tracker.model import Tracker
from incident_tracker.workspace import Workspace


def changed_since(workspace: Workspace, name: str) -> ChangeSet:
    """Return what the working tree changes since the commit that it shares with ``name``.

    GitError where there is no such commit; a shallow clone is refused before it can mislead.
    """
    repository = Repository.needed(workspace.root, "--since")
    refuse_shallow(repository)
    theirs = resolved(repository, name)
    start = merge_base(repository, theirs, head(repository) or theirs)
    before = snapshot_at(repository, start)
    sources = tuple(workspace.sources())
    touched = _differing(workspace, sources, before)
    new = load(_Read(workspace, sources))
    new = replace(new, evidence=workspace.checksums(named(new.incidents)))
    altered = _altered(workspace, new, before)
    taken: frozenset[str] = frozenset()
    if theirs != start:
        taken = _taken(before, snapshot_at(repository, theirs), sources)
    return ChangeSet(
        old=_with_evidence(_old(before, new, touched, sources), new, before, altered),
        new=new,
        touched=touched,
        altered=altered,
        since=f"{name} ({start[:SHORT_HASH]})",
        commit=start[:SHORT_HASH],
        taken=taken,
    )


def changed_in_index(workspace: Workspace) -> ChangeSet:
    """Return what is staged, against the commit that is checked out."""
    repository = Repository.needed(workspace.root, "--staged")
    start = head(repository)
    before = snapshot_at(repository, start) if start else Snapshot(repository, {})
    sources = tuple(workspace.sources())
    staged = _with_known(snapshot_staged(repository), sources)
    paths = {*before.judged(), *staged.judged()}
    touched = frozenset(p for p in paths if before.blobs.get(p) != staged.blobs.get(p))
    new = load(staged)
    altered = frozenset(
        path
        for path in before.evidence()
        if before.blobs[path] != staged.blobs.get(path) and not _is_moved(path, before, staged, new)
    )
    # Which of the others are what they were is known from their hashes in Git.
    judged = named(i for i in new.incidents if i.path in touched or altered & named([i]))
    there = {path: "" for path in named(new.incidents) - judged if path in staged.blobs}
    new = replace(new, evidence={**there, **staged.checksums(judged)})
    return ChangeSet(
        old=_with_evidence(
            _old(before, new, touched, tuple(staged.sources())), new, before, altered
        ),
        new=new,
        touched=touched,
        altered=altered,
        since=f"HEAD ({start[:SHORT_HASH]})" if start else "nothing",
        commit=start[:SHORT_HASH] if start else "",
    )


def file_before(workspace: Workspace, commit: str, path: Path) -> bytes | None:
    """Return what a file held at a commit, None where it was not there."""
    repository = Repository.needed(workspace.root, "a comparison")
    whole = path.resolve()
    if not commit or not whole.is_relative_to(repository.top):
        return None
    asked = ("ls-tree", "-z", "--full-tree", resolved(repository, commit), "--")
    found = repository.run(*asked, whole.relative_to(repository.top).as_posix()).stdout
    if not found:
        return None
    name = found.partition(b"\t")[0].split(b" ")[2].decode()
    return Objects(repository).contents([name])[name]


class _Read:
    """A workspace whose record files were read already."""

    def __init__(self, workspace: Workspace, sources: tuple[Source, ...]) -> None:
        self.has, self.data = workspace.has, workspace.data
        self.superseded, self.read = workspace.superseded, sources

    def sources(self) -> Iterator[Source]:
        """Every file of the record folders."""
        return iter(self.read)


def _differing(
    workspace: Workspace, sources: tuple[Source, ...], before: Snapshot
) -> frozenset[str]:
    """The paths at which the working tree has something else than the snapshot."""
    there = {source.path: source for source in sources}
    files = {p for p in (*FIXED, *workspace.superseded()) if workspace.has(p)}
    differing = {path for path in before.judged() if path not in there and path not in files}
    for path in {*there, *files}:
        blob, source = before.blobs.get(path), there.get(path)
        if blob is None:
            differing.add(path)
        elif source is not None and source.fault is None:
            differing |= set() if is_same(blob, source.data) else {path}
        elif not is_same_on_disk(blob, workspace.root / path):
            differing.add(path)
    return frozenset(differing)


def _altered(workspace: Workspace, new: Tracker, before: Snapshot) -> frozenset[str]:
    """The kept files that are gone, or others: by their content where a line names them.

    All others are known by their size alone, so that no change costs the reading of all evidence.
    """
    read = new.evidence or {}
    places = {
        path: next((name for name in _names(path, new) if workspace.has(name)), path)
        for path in before.evidence()
    }
    sizes = before.sizes(path for path, place in places.items() if place not in read)
    same = {path for path, size in sizes.items() if workspace.size(places[path]) == size}
    for path in places.keys() - sizes.keys():
        if is_same_on_disk(before.blobs[path], workspace.root / places[path]):
            same.add(path)
    return frozenset(places.keys() - same)


def _is_moved(path: str, before: Snapshot, after: Snapshot, new: Tracker) -> bool:
    return any(after.blobs.get(name) == before.blobs[path] for name in _names(path, new))


def _names(path: str, new: Tracker) -> Iterator[str]:
    """Where a kept file may lie now: it goes with its incident, which may be renamed."""
    yield path
    _, record_id, *rest = path.split("/")
    for incident in new.incidents:
        if record_id in incident.formerly:
            yield "/".join((folder_of(incident.id), *rest))


def _with_evidence(
    old: Tracker, new: Tracker, before: Snapshot, altered: frozenset[str]
) -> Tracker:
    """The earlier tracker with its checksums; what is the same is not computed again."""
    known = {p: s for p, s in (new.evidence or {}).items() if p not in altered}
    left = named(old.incidents) - known.keys()
    return replace(old, evidence={**known, **before.checksums(left)})


def _old(
    before: Snapshot, new: Tracker, touched: frozenset[str], sources: tuple[Source, ...]
) -> Tracker:
    """The tracker as the snapshot has it; what did not change is taken from the new one."""
    if not before.has(PROTOCOL):
        return Tracker(protocol=new.protocol)
    if touched & {*FIXED, *before.superseded()}:
        # A protocol that could not be read judged nothing: the records meet the one of today.
        with suppress(BrokenProtocolError):
            return load(_with_known(before, sources))
    records = [path for path in touched if not path.startswith(f"{PROTOCOL_FOLDER}/")]
    return with_files(new, before.some(records), gone=records)


def _with_known(snapshot: Snapshot, sources: tuple[Source, ...]) -> Snapshot:
    """The snapshot, which need not ask Git for what was read from the disk already."""
    known = {
        blob.hash: source.data
        for source in sources
        if source.fault is None
        and (blob := snapshot.blobs.get(source.path))
        and is_same(blob, source.data)
    }
    return replace(snapshot, known=known)


def _taken(before: Snapshot, theirs: Snapshot, sources: tuple[Source, ...]) -> frozenset[str]:
    """The files that are new here and, with other words, new there as well."""
    return frozenset(
        source.path
        for source in sources
        if source.path not in before.blobs
        and (blob := theirs.blobs.get(source.path))
        and not is_same(blob, source.data)
    )
