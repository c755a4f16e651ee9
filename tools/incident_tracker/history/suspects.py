"""Which commits of another repository came shortly before a moment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from incident_tracker.history.repository import GitError, Repository
from incident_tracker.history.revisions import is_shallow, resolved

FIELDS = "%x01%H%x02%cI%x02%an%x02%s"
HEADER = re.compile(
    "\n*\x01(?P<commit>[0-9a-f]+)\x02(?P<at>[^\x02]+)\x02(?P<author>[^\x02]*)\x02(?P<subject>.*)",
    re.DOTALL,
)
RAW = ":"
"""What a line about a changed file begins with; the part behind it is the path, whatever it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Suspect:
    """A commit: when it came to be there, by whom, and how many files it touched."""

    commit: str
    at: datetime
    author: str
    subject: str
    files: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Suspects:
    """The commits of a span, newest first; ``is_cut`` where older ones may be missing."""

    commits: tuple[Suspect, ...]
    is_cut: bool


def suspects(folder: Path, first: datetime, last: datetime, ref: str = "HEAD") -> Suspects:
    """Return the commits that a ref holds from one moment to another, both included.

    A commit's time is that at which it was committed, not written: what was rebased or picked for
    a release came then. A merge touches what it brought to the branch that it was made on.
    """
    repository = Repository.of(folder)
    if repository is None:
        if (folder / "HEAD").is_file() and (folder / "objects").is_dir():
            message = f"{folder} is a bare repository, in which this never looks"
            raise GitError(message, f"git clone {folder}, and --repo with the clone")
        message = f"{folder} lies in no Git repository"
        raise GitError(message, "--repo with the clone of what was deployed")
    if ref == "HEAD" and not _has_commit(repository):
        message = f"{folder} has no commit yet"
        raise GitError(message, "name the repository that is deployed")
    commit = resolved(repository, ref)
    asked = (
        "log",
        "-z",
        "--raw",
        "--no-renames",
        "--no-ext-diff",
        "--no-color",
        "--diff-merges=first-parent",
        f"--since={first.astimezone(UTC).isoformat()}",
        f"--format={FIELDS}",
        commit,
        "--",
    )
    found = [
        suspect for suspect in _read(repository.run(*asked).stdout) if first <= suspect.at <= last
    ]
    found.sort(key=lambda suspect: suspect.at, reverse=True)
    return Suspects(commits=tuple(found), is_cut=is_shallow(repository))


def _has_commit(repository: Repository) -> bool:
    asked = ("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    return repository.run(*asked, expected=(0, 1, 128)).returncode == 0


def _read(output: bytes) -> Iterator[Suspect]:
    """Yield each commit with the number of the files that follow its header."""
    begun, files = None, 0
    parts = iter(output.decode("utf-8", "replace").split("\0"))
    for part in parts:
        if part.lstrip("\n").startswith(RAW):
            files += 1
            next(parts, "")
            continue
        header = HEADER.fullmatch(part)
        if header is None:
            continue
        if begun is not None:
            yield _suspect(begun, files)
        begun, files = header, 0
    if begun is not None:
        yield _suspect(begun, files)


def _suspect(header: re.Match[str], files: int) -> Suspect:
    return Suspect(
        commit=header["commit"],
        at=datetime.fromisoformat(header["at"]),
        author=header["author"],
        subject=header["subject"],
        files=files,
    )
