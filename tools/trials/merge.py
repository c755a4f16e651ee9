"""What three ways of merging make of two people's edits of one record, tried on real Git.

`python tools/trials/merge.py [PAIRS]` (200 if not told otherwise) makes pairs of branches that each
edit a copy of the known-good incident as the commands do, merges them with Git's own merge, with
`merge=union` and by section, and prints the conflicts and the wrong files of each. A file is wrong
if an edit of a side is missing, if a key of the front matter stands there twice, or if the check
finds an error in it. The edits are drawn with a fixed seed, so everybody gets the same table.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from incident_tracker.examples import good_files, verdict
from incident_tracker.finding import Level
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.lifecycle.summary import folded
from incident_tracker.lifecycle.updates import Telling, with_update
from incident_tracker.loading import load_protocol
from incident_tracker.protocol import Protocol
from incident_tracker.text.document import read_document
from incident_tracker.workspace import Workspace

ROOT = Path(__file__).parents[2]
PATH = "incidents/2026/2026-03-02-good.md"
SEED = 20260302
FIRST = datetime.fromisoformat("2026-03-02T12:01-06:00")
WAYS = {
    "plain": ("", ""),
    "union": (f"{PATH} merge=union\n", ""),
    "by section": (
        f"{PATH} merge=incident\n",
        f"{sys.executable} -m incident_tracker merge-file %O %A %B %P",
    ),
}
LOGGED = ("Looked again", "Checked: logs: nothing new", "Told the choir", "Mail went out")
Edit = Callable[[Draft], Draft]


def main() -> None:
    """Try one and three edits a side, and print the table."""
    pairs = int(sys.argv[1]) if sys.argv[1:] else 200
    protocol = load_protocol(Workspace(ROOT))
    print(f"{pairs} pairs of branches: conflicts, wrong files")
    print(f"{'':<12}{'one edit a side':>18}{'three edits a side':>22}")
    counted = {edits: tried(pairs, edits, protocol) for edits in (1, 3)}
    for way in WAYS:
        cells = [f"{counted[n][way][0]}, {counted[n][way][1]}" for n in (1, 3)]
        print(f"{way:<12}{cells[0]:>18}{cells[1]:>22}")


def tried(pairs: int, edits: int, protocol: Protocol) -> dict[str, tuple[int, int]]:
    """How many conflicts and wrong files each way makes of so many pairs."""
    choose = random.Random(SEED + edits)  # noqa: S311 # a trial, repeatable
    base = good_files()[PATH].decode()
    sides = []
    for _ in range(pairs):
        drawn = [edited(base, edits, name, choose, protocol) for name in ("ours", "theirs")]
        sides.append((drawn[0], drawn[1]))
    found = {}
    for way, (attributes, driver) in WAYS.items():
        results = [merged(base, pair, attributes, driver) for pair in sides]
        conflicts = sum(text is None for text in results)
        wrong = sum(
            is_wrong(text, pair, protocol)
            for text, pair in zip(results, sides, strict=True)
            if text is not None
        )
        found[way] = (conflicts, wrong)
    return found


def edited(
    text: str, edits: int, name: str, choose: random.Random, protocol: Protocol
) -> tuple[str, tuple[str, ...]]:
    """A side: the text after its edits, and the words that must not be lost."""
    draft = Draft(read_document(PATH, text.encode()), protocol)
    words = []
    for number in range(edits):
        at = FIRST + timedelta(minutes=choose.randrange(120))
        said = f"{choose.choice(LOGGED)} ({name} {number})"
        words.append(said)
        if choose.random() < 0.3:  # noqa: PLR2004 # three of ten tell others
            telling = Telling(at=at, status="resolved", message=said)
            draft = with_update(draft, telling)
        elif choose.random() < 0.2:  # noqa: PLR2004 # some set a field
            draft = draft.with_field("ticket" if name == "ours" else "root_cause", f"t-{number}")
            words.pop()
        else:
            draft = with_entry(draft, at, said)
    return folded(draft).document.text, tuple(words)


def merged(
    base: str,
    pair: tuple[tuple[str, tuple[str, ...]], tuple[str, tuple[str, ...]]],
    attributes: str,
    driver: str,
) -> str | None:
    """The text that Git makes of two branches, None where it stops with a conflict."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        git(folder, "init", "--quiet", "--initial-branch", "main")
        (folder / "protocol").mkdir()
        shutil.copy(ROOT / "protocol" / "protocol.yml", folder / "protocol")
        (folder / ".git" / "info" / "attributes").write_text(attributes)
        if driver:
            git(folder, "config", "merge.incident.driver", driver)
        record = folder / PATH
        record.parent.mkdir(parents=True)
        for branch, text in (("main", base), ("ours", pair[0][0]), ("theirs", pair[1][0])):
            if branch != "main":
                git(folder, "checkout", "--quiet", "-b", branch, "main")
            record.write_text(text, encoding="utf-8")
            git(folder, "add", "--all")
            git(folder, "commit", "--quiet", "--allow-empty", "--message", branch)
        done = git(folder, "merge", "--quiet", "ours", check=False)
        return record.read_text("utf-8") if done == 0 else None


def is_wrong(
    text: str,
    pair: tuple[tuple[str, tuple[str, ...]], tuple[str, tuple[str, ...]]],
    protocol: Protocol,
) -> bool:
    """Whether a merged file lost an edit, or has an error."""
    if any(word not in text for _, words in pair for word in words):
        return True
    files = {**good_files(), PATH: text.encode()}
    return any(finding.level is Level.ERROR for finding in verdict(files, protocol).findings)


def git(folder: Path, *arguments: str, check: bool = True) -> int:
    """Run git in a folder with a name and without configuration; return its exit status."""
    identity = {
        "GIT_AUTHOR_NAME": "Bo",
        "GIT_AUTHOR_EMAIL": "bo@example.org",
        "GIT_COMMITTER_NAME": "Bo",
        "GIT_COMMITTER_EMAIL": "bo@example.org",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    program = shutil.which("git") or "git"
    command = [program, "-C", str(folder), *arguments]
    return subprocess.run(
        command, check=check, capture_output=True, env={**os.environ, **identity}
    ).returncode


if __name__ == "__main__":
    main()
