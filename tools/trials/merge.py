"""What three ways of merging make of two people's edits of one record, tried on real Git.

`python tools/trials/merge.py [PAIRS]` (200 if not told otherwise) makes pairs of branches that each
edit a copy of the known-good incident as people do, merges them with Git's own merge, with
`merge=union` and by section, and prints the conflicts and the wrong files of each. A file is wrong
if an edit of a side is missing or there twice, if an update holds another's words, or if the check
finds what it finds in neither side. The edits are drawn with a fixed seed, so everybody gets the
same table.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from incident_tracker.examples import good_files, verdict
from incident_tracker.lifecycle.actions import Promise, with_action
from incident_tracker.lifecycle.draft import Draft
from incident_tracker.lifecycle.log import with_entry
from incident_tracker.lifecycle.summary import folded
from incident_tracker.lifecycle.updates import Telling, with_update
from incident_tracker.loading import load_protocol
from incident_tracker.protocol import Protocol
from incident_tracker.text.document import read_document
from incident_tracker.text.edit import append_to_section, flow_list
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
COMPONENTS = ("admin", "donations", "mail")


@dataclass(frozen=True, slots=True)
class Side:
    """One person's version, and the words in it that must be there once after the merge."""

    text: str
    words: tuple[str, ...]
    findings: frozenset[tuple[str, str]]


Edit = Callable[[Draft, datetime, str, random.Random], Draft]


def logged(draft: Draft, at: datetime, said: str, _: random.Random) -> Draft:
    """Log a line."""
    return with_entry(draft, at, said)


def told(draft: Draft, at: datetime, said: str, _: random.Random) -> Draft:
    """Publish an update."""
    return with_update(
        draft, Telling(at=at, status="resolved", message=f"{said}, one.\n{said}, two.")
    )


def promised(draft: Draft, at: datetime, said: str, _: random.Random) -> Draft:
    """Add an action item."""
    due = at.date() + timedelta(days=14)
    return with_action(draft, Promise(text=said, owner="bo", due=due, type="prevent"))


def summarised(draft: Draft, _at: datetime, said: str, _: random.Random) -> Draft:
    """Add a sentence to the summary by hand."""
    return draft.edited(append_to_section(draft.document, "Summary", [f"{said}."]))


def named(draft: Draft, _at: datetime, _said: str, choose: random.Random) -> Draft:
    """Name one more component."""
    known = [*draft.incident.written.components]
    return draft.with_field("components", flow_list([*known, choose.choice(COMPONENTS)]))


EDITS: tuple[tuple[Edit, int], ...] = (
    (logged, 60),
    (told, 20),
    (promised, 10),
    (named, 7),
    (summarised, 3),
)
"""What people do, and how often among a hundred edits."""


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
        ours, theirs = (edited(base, edits, name, choose, protocol) for name in ("ours", "theirs"))
        sides.append((ours, theirs))
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


def edited(text: str, edits: int, name: str, choose: random.Random, protocol: Protocol) -> Side:
    """A side after its edits."""
    draft = Draft(read_document(PATH, text.encode()), protocol)
    words = []
    for number in range(edits):
        at = FIRST + timedelta(minutes=choose.randrange(120))
        said = f"{choose.choice(LOGGED)} ({name} {number})"
        make = choose.choices([e for e, _ in EDITS], [often for _, often in EDITS])[0]
        draft = make(draft, at, said, choose)
        if make is told:
            words.append(f"{said}, one.\n{said}, two.\n")
        elif make is not named:
            words.append(said)
    made = folded(draft).document.text
    return Side(made, tuple(words), found_in(made, protocol))


def merged(base: str, pair: tuple[Side, Side], attributes: str, driver: str) -> str | None:
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
        for branch, text in (("main", base), ("ours", pair[0].text), ("theirs", pair[1].text)):
            if branch != "main":
                git(folder, "checkout", "--quiet", "-b", branch, "main")
            record.write_text(text, encoding="utf-8")
            git(folder, "add", "--all")
            git(folder, "commit", "--quiet", "--allow-empty", "--message", branch)
        done = git(folder, "merge", "--quiet", "ours", check=False)
        return record.read_text("utf-8") if done == 0 else None


def is_wrong(text: str, pair: tuple[Side, Side], protocol: Protocol) -> bool:
    """Whether a merged file lost an edit or repeats it, or has a finding that no side has."""
    if any(text.count(word) != side.text.count(word) for side in pair for word in side.words):
        return True
    return bool(found_in(text, protocol) - pair[0].findings - pair[1].findings)


def found_in(text: str, protocol: Protocol) -> frozenset[tuple[str, str]]:
    """What the check finds in the record, wherever it stands and whatever the numbers are."""
    files = {**good_files(), PATH: text.encode()}
    findings = verdict(files, protocol).findings
    return frozenset((f.code, re.sub(r"[0-9]+", "0", f.message)) for f in findings)


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
