"""A tracker in a temporary folder, and commands as they are typed there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from incident_tracker.cli import main
from incident_tracker.examples import good_files

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Tracker:
    """A tracker in a temporary folder, and the commands typed there."""

    root: Path
    read: Callable[[], tuple[str, str]]

    def incident(self, *arguments: str) -> Said:
        with pytest.raises(SystemExit) as stopped:
            main(list(arguments))
        out, err = self.read()
        assert isinstance(stopped.value.code, int)
        return Said(stopped.value.code, out, err)

    def change(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text("utf-8")
        assert text.count(old) == 1
        self.write(path, text.replace(old, new))

    def write(self, path: str, content: str | bytes) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
        return target

    def write_good_records(self) -> None:
        for path, data in good_files().items():
            self.write(path, data)


def new_tracker(root: Path, read: Callable[[], tuple[str, str]]) -> Tracker:
    """A tracker with the protocol and no record."""
    (root / "protocol").mkdir(parents=True)
    shutil.copy(ROOT / "protocol" / "protocol.yml", root / "protocol")
    return Tracker(root=root, read=read)
