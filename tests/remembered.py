"""What tests of memories share: a tracker and edits of it, a memory for it, a command's words."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings

from conftest import ROOT
from incident_tracker.memory import OFF, Memory

PARTS = ("incidents", "pir", "runbooks", "protocol", "evidence")
LINES = (
    "- 10:00 - Cancelled: duplicate of 2026-01-01-nothing because it is the same\n",
    "- 10:00 - Runbook used: site-dwon, fix 1 - worked\n",
    "- 10:00 - wrote to visitor@mail.town\n",
    "[there](../../pir/2026/2026-11-03-gone.md)\n",
    "<!-- incident: ok SEC012 a hotline -->\n",
    "\u200bhidden and \U0001f600\n",
    "- [ ] Something (Owner: bo)\n",
    "## Timelin\n",
)
FIELDS = (
    "waive: {INC050: no reason}\n",
    "zone: Europe/Berlin\n",
    "zone: Europe/Nowhere\n",
    "formerly: [2026-11-03-site-down]\n",
    "severity: P9\n",
    "protocol: 1.0.0\n",
)
# Each example has a folder of its own; a shorter example of random edits says no more.
BY_EDITS = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
WORDS = (("15m", "16m"), ("near_phrase", "near_phrase"), ("website", "web"), ("least", "least"))


def copied(folder: Path) -> Path:
    """This repository's own tracker in a folder that is not there yet."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part)
    return folder


def remembering(tracker: Path, kind: str) -> Callable[[], Memory]:
    """A memory of a kind that lies beside the tracker."""
    return lambda: Memory(tracker, tracker.parent / "cache" / f"of{kind}")


def edits(chance: random.Random, tracker: Path) -> Iterator[Path]:
    """Change a file here and there, as people do, or badly."""
    records = [p for part in PARTS[:3] for p in sorted((tracker / part).rglob("*.md"))]
    for path in chance.sample(records, 3):
        text = path.read_text("utf-8", "replace")
        match chance.randrange(7):
            case 0:
                path.unlink()
            case 1:
                path.rename(path.with_name(f"{path.stem}-2.md"))
            case 2:
                path.write_text(text + chance.choice(LINES), "utf-8")
            case 3:
                path.write_text(text.replace("---\n", f"---\n{chance.choice(FIELDS)}", 1), "utf-8")
            case 4:
                lines = text.splitlines(keepends=True)
                del lines[chance.randrange(len(lines))]
                path.write_text("".join(lines), "utf-8")
            case 5:
                path.write_bytes(text.encode()[: chance.randrange(len(text))] + b"\xff")
            case _:
                path.with_name("2026-11-03-site-down.md").write_bytes(path.read_bytes())
        yield path
    old, new = chance.choice(WORDS)
    table = tracker / "protocol" / chance.choice(["protocol.yml", "components.yml", "contacts.yml"])
    if chance.randrange(3) == 0:
        table.write_text(table.read_text("utf-8").replace(old, new, 1), "utf-8")
    if chance.randrange(3) == 0:
        kept = next(p for p in sorted((tracker / "evidence").rglob("*")) if p.is_file())
        kept.write_bytes(kept.read_bytes() + b"more\n")


def run(tracker: Path, cache: Path, *words: str, **environment: str) -> tuple[int, str, str]:
    """The exit status of a command and what it says, with memories in a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "incident_tracker", "-C", tracker, *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, OFF: "", "XDG_CACHE_HOME": str(cache), **environment},
    )
    return done.returncode, done.stdout, done.stderr
