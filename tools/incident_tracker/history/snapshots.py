"""The tracker's files as a commit or the index has them, read like those on disk.

What a blob holds is known by its hash, so a file of the working tree that has the same one is not
read from Git again, and no filter or attribute of the repository is ever obeyed.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from incident_tracker.assemble import FOLDERS, Source, not_markdown, refused
from incident_tracker.evidence import A_FOLDER, FOLDER
from incident_tracker.history.objects import Objects
from incident_tracker.history.repository import GitError, Repository
from incident_tracker.loading import FIXED
from incident_tracker.text.document import MOST_BYTES
from incident_tracker.walk import (
    DEEPEST,
    MOST_EVIDENCE_BYTES,
    MOST_REGISTER_BYTES,
    belongs_beside,
    is_text,
    strange,
    too_large,
)

PROTOCOL_FOLDER = "protocol"
EVIDENCE_FOLDER = FOLDER.rstrip("/")
KEPT = (*FOLDERS, PROTOCOL_FOLDER, EVIDENCE_FOLDER)
LINK, SUBMODULE = "120000", "160000"
SHA1_DIGITS = 40
CHUNK = 1_000_000


@dataclass(frozen=True, slots=True)
class Blob:
    """A file in Git: its mode, and the hash of its bytes."""

    mode: str
    hash: str


@dataclass(frozen=True)
class Snapshot:
    """Files by their paths in the tracker; ``known`` holds bytes that are already read, by hash."""

    repository: Repository
    blobs: Mapping[str, Blob]
    known: Mapping[str, bytes] = field(default_factory=dict)

    def sources(self) -> Iterator[Source]:
        """Yield every file of the record folders: its bytes, or why they were not read."""
        return self.some(self.blobs)

    def some(self, paths: Iterable[str]) -> Iterator[Source]:
        """Yield those of the paths that lie in a record folder and in the snapshot."""
        return self._sources(
            [
                path
                for path in sorted(paths)
                if path in self.blobs and path.partition("/")[0] in FOLDERS and not _is_beside(path)
            ]
        )

    def judged(self) -> frozenset[str]:
        """Return the paths of what a check looks at: records, the protocol and its registers."""
        rules = {*FIXED, *self.superseded()}
        return frozenset(
            path
            for path in self.blobs
            if path in rules or (path.partition("/")[0] in FOLDERS and not _is_beside(path))
        )

    def has(self, path: str) -> bool:
        """Whether something lies at a path."""
        return path in self.blobs

    def data(self, path: str) -> bytes:
        """Return the bytes of a file that is no record; OSError where they cannot be had."""
        if path not in self.blobs:
            raise FileNotFoundError(path)
        blob = self.blobs[path]
        if blob.mode in (LINK, SUBMODULE):
            message = f"{path} is no regular file"
            raise OSError(message)
        if blob.hash in self.known:
            return self.known[blob.hash]
        if self._objects.size(blob.hash) > MOST_REGISTER_BYTES:
            message = f"{path} has more than {MOST_REGISTER_BYTES:,} bytes"
            raise OSError(message)
        return self._objects.contents([blob.hash])[blob.hash]

    def evidence(self) -> frozenset[str]:
        """Return the paths of the files that are kept as evidence, each in a folder there."""
        start = f"{EVIDENCE_FOLDER}/"
        return frozenset(
            path
            for path, blob in self.blobs.items()
            if path.startswith(start) and path.count("/") > 1 and blob.mode not in (LINK, SUBMODULE)
        )

    def sizes(self, paths: Iterable[str]) -> dict[str, int]:
        """Return how many bytes files have, asked from Git all at once."""
        names = {path: self.blobs[path].hash for path in paths}
        if names:
            self._objects.expect(sorted(set(names.values())))
        return {path: self._objects.size(name) for path, name in names.items()}

    def checksums(self, paths: Iterable[str]) -> dict[str, str]:
        """Return the SHA-256 of kept files by path; those that are not there are left out."""
        found = {}
        for path in sorted(paths):
            blob = self.blobs.get(path)
            if blob is None and any(name.startswith(f"{path.rstrip('/')}/") for name in self.blobs):
                found[path] = A_FOLDER
            elif blob is not None and blob.mode not in (LINK, SUBMODULE):
                found[path] = self._checksum(blob.hash)
        return found

    def _checksum(self, name: str) -> str:
        if self._objects.size(name) > MOST_EVIDENCE_BYTES:
            return ""
        return hashlib.sha256(self._objects.contents([name])[name]).hexdigest()

    def superseded(self) -> Sequence[str]:
        """Return the paths of the superseded versions of the protocol."""
        folder = f"{PROTOCOL_FOLDER}/versions/"
        return [
            path
            for path in sorted(self.blobs)
            if path.startswith(folder) and path.endswith(".yml") and path.count("/") == 2  # noqa: PLR2004 - no deeper
        ]

    def _sources(self, paths: list[str]) -> Iterator[Source]:
        """The files, asked from Git all at once but for those that are known or too large."""
        wanted = [path for path in paths if self._refused(path) is None]
        unknown = sorted({b.hash for p in wanted if (b := self.blobs[p]).hash not in self.known})
        if unknown:
            self._objects.expect(unknown)
        small = [name for name in unknown if self._objects.size(name) <= MOST_BYTES]
        read = self._objects.contents(small)
        for path in paths:
            name = self.blobs[path].hash
            data = self.known.get(name, read.get(name))
            wrong = self._refused(path)
            if wrong is not None:
                yield wrong
            elif data is None:
                yield too_large(path, self._objects.size(name))
            else:
                yield Source(path=path, data=data)

    def _refused(self, path: str) -> Source | None:
        """What is wrong with a file before it is read, None where nothing is."""
        mode = self.blobs[path].mode
        if not is_text(path):
            return strange(path)
        if mode == LINK:
            return refused(path, "is a symbolic link", "put a copy of the file here")
        if mode == SUBMODULE:
            return refused(
                path, "is a Git repository of its own", f"remove it: git rm -r --cached {path}"
            )
        if path.count("/") > DEEPEST:
            return refused(path, "lies too deep for records", "records lie in incidents/2026/")
        return None if path.endswith(".md") else not_markdown(path)

    @cached_property
    def _objects(self) -> Objects:
        return Objects(self.repository)


def _is_beside(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return belongs_beside(name, folder)


def snapshot_at(
    repository: Repository, commit: str, known: Mapping[str, bytes] | None = None
) -> Snapshot:
    """Return the tracker's files at the commit of a hash."""
    return Snapshot(repository, blobs_at(repository, commit, KEPT), known or {})


def blobs_at(repository: Repository, commit: str, paths: Iterable[str]) -> dict[str, Blob]:
    """Return what these files and folders of the tracker hold at the commit of a hash."""
    names = [f"{repository.prefix}{path}" for path in paths]
    asked = ("ls-tree", "-r", "-z", "--full-tree", commit, "--", *names)
    blobs = {}
    for line in _split(repository.run(*asked).stdout):
        head, _, path = line.partition("\t")
        mode, _, name = head.split(" ")
        blobs[repository.inside(path)] = Blob(mode, name)
    return blobs


def snapshot_staged(repository: Repository, known: Mapping[str, bytes] | None = None) -> Snapshot:
    """Return the tracker's files as they are staged; GitError where one is in conflict."""
    # While `git commit -a` or `git commit PATH` runs a hook, the index is another file.
    index = {key: os.environ[key] for key in ("GIT_INDEX_FILE",) if key in os.environ}
    asked = ("ls-files", "-s", "-z", "--", *_folders(repository))
    blobs = {}
    for line in _split(repository.run(*asked, environment=index).stdout):
        head, _, path = line.partition("\t")
        mode, name, stage = head.split(" ")
        if stage != "0":
            message = f"{path} is in conflict, so nothing of it is staged"
            raise GitError(message, "incident merge")
        blobs[repository.inside(path)] = Blob(mode, name)
    return Snapshot(repository, blobs, known or {})


def is_same(blob: Blob, data: bytes) -> bool:
    """Whether bytes of the working tree are a blob's; Windows' line ends make no difference."""
    if blob.hash == _hash([data], len(data), blob.hash):
        return True
    unix = data.replace(b"\r\n", b"\n") if b"\r\n" in data else data
    return unix is not data and blob.hash == _hash([unix], len(unix), blob.hash)


def is_same_on_disk(blob: Blob, path: Path) -> bool:
    """Whether what lies at a path, however large or whatever it is, is what a blob holds."""
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            return blob.mode == LINK and is_same(blob, os.fsencode(path.readlink()))
        if not stat.S_ISREG(found.st_mode) or blob.mode == LINK:
            return False
        with path.open("rb") as file:
            chunks = iter(lambda: file.read(CHUNK), b"")
            return blob.hash == _hash(chunks, found.st_size, blob.hash)
    except OSError:
        return False


def _hash(chunks: Iterable[bytes], size: int, like: str) -> str:
    """Return the hash that Git gives to bytes, of the kind that another hash is of."""
    # Git's own choice of hash; nothing is kept secret or signed by it here.
    new = hashlib.sha256 if len(like) > SHA1_DIGITS else hashlib.sha1
    digest = new(b"blob %d\0" % size, usedforsecurity=False)
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def _folders(repository: Repository) -> Sequence[str]:
    return [f"{repository.prefix}{folder}" for folder in KEPT]


def _split(output: bytes) -> list[str]:
    return [line.decode("utf-8", "surrogateescape") for line in output.split(b"\0") if line]
