"""The files of another system, read for an import: one file, or those of a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from incident_tracker.history.subjects import subjects
from incident_tracker.importers.draft import LOG, SourceFile
from incident_tracker.lifecycle.refusal import NothingFound, Refusal
from incident_tracker.walk import is_text, read_regular

MOST_BYTES = 500_000_000
MOST_FILES = 100_000


def read_source(source: str, suffixes: Sequence[str]) -> list[SourceFile]:
    """Return the file that a path names, or the files of a folder with such endings, by path.

    Links and hidden folders are not entered. NothingFound where there is no such file, Refusal
    where it cannot be read or is too much.
    """
    path = Path(source)
    if path.is_file():
        return [SourceFile(path=source, data=_bytes(path, MOST_BYTES), name=path.name)]
    if not path.is_dir():
        raise NothingFound(f"no file or folder {source}", "give the path of what is to be imported")
    found: list[SourceFile] = []
    left = MOST_BYTES
    for file in _files(path, tuple(suffixes)):
        data = _bytes(file, left)
        left -= len(data)
        name = file.relative_to(path).as_posix()
        found.append(SourceFile(path=name, data=data, name=name))
        if len(found) > MOST_FILES:
            raise Refusal(
                f"{source} has more than {MOST_FILES:,} files", "import its folders singly"
            )
    if not found:
        listed = ", ".join(suffixes)
        raise NothingFound(
            f"no file in {source} ends with {listed}", "give the folder that has them"
        )
    return found


def read_log(source: str, below: str) -> list[SourceFile]:
    """Return the commits that touched a folder of a source as a file, none without a repository.

    GitError where there is a repository that cannot be trusted.
    """
    path = Path(source)
    found = subjects(path, below) if path.is_dir() else None
    return [] if found is None else [SourceFile(path=LOG, data=found)]


def _files(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    for root, folders, names in os.walk(folder, onerror=_unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            if name.endswith(suffixes) and is_text(name) and not path.is_symlink():
                yield path


def _unreadable(error: OSError) -> None:
    raise Refusal(f"{error.filename} cannot be read: {error.strerror}", "mend its permissions")


def _bytes(path: Path, most: int) -> bytes:
    try:
        return read_regular(path, most)
    except OSError as error:
        reason = error.strerror or str(error)
        hint = f"at most {MOST_BYTES:,} bytes are read in one import"
        raise Refusal(f"{path} cannot be read: {reason}", hint) from error
