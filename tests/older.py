"""A tracker as an older version made it, and a newer version than this one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gitting import IDENTITY, begin

from incident_tracker import starter
from incident_tracker.releases import files_of
from incident_tracker.upgrading import marker
from incident_tracker.upgrading.marker import MadeBy
from incident_tracker.upgrading.pins import Pin
from incident_tracker.upgrading.written import written

ROOT = Path(__file__).parents[1]
DAY = date(2026, 11, 29)  # of the run of 0.9.0 whose digests are kept in golden/
FIRST = "0.9.0"


def made_by(version: str, root: Path, pin: Pin | None = None) -> Path:
    """A tracker as `incident init` of a released version made it, without its schemas."""
    for path, content in first_day(version, pin or Pin(version)).items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    for name in ("incidents", "pir"):
        (root / name).mkdir()
    return root


def first_day(version: str, pin: Pin) -> dict[str, bytes]:
    """The files of it, by path."""
    made = MadeBy(version=version, day=DAY)
    files = {path: written(path, text, pin, DAY) for path, text in files_of(version).items()}
    return {**files, marker.PATH: made.text.encode()}


@dataclass(frozen=True)
class Tool:
    """A version of the tool, run as a program on a tracker."""

    source: Path
    tracker: Path

    def run(self, *arguments: str, expected: int | tuple[int, ...] = 0) -> str:
        """What the command prints."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "GIT_"))}
        done = subprocess.run(
            [sys.executable, "-m", "incident_tracker", *arguments],
            cwd=self.tracker,
            env={**kept, **IDENTITY, "PYTHONPATH": str(self.source / "tools")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (expected if isinstance(expected, tuple) else (expected,)), (
            done.stdout + done.stderr
        )
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    def change(self, path: str, old: str, new: str) -> None:
        """Change a file of the tool, whose own files are what it ships."""
        _change(self.source / path, old, new)

    def edit(self, path: str, old: str, new: str) -> None:
        """Change a file of the tracker by hand."""
        _change(self.tracker / path, old, new)

    def commit(self) -> None:
        """Commit all of the tracker."""
        begin(self.tracker)


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode()
    assert text.count(old) == 1, f"{path}: {text.count(old)} times {old}"
    path.write_bytes(text.replace(old, new).encode())


def copied(folder: Path, version: str) -> Path:
    """A copy of the tool that says another version, to be changed."""
    kept = shutil.ignore_patterns("__pycache__")
    shutil.copytree(
        ROOT / "tools" / "incident_tracker", folder / "tools" / "incident_tracker", ignore=kept
    )
    for part in starter.PARTS:
        source, target = ROOT / part.source, folder / part.source
        if part.inside_package or part.demo:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    (folder / "tools" / "incident_tracker" / "__init__.py").write_text(
        f'"""The package."""\n\n__version__ = "{version}"\n', encoding="utf-8"
    )
    return folder
