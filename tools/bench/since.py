"""How long `incident check --since` takes in a long history, against one pass of git over it.

`python tools/bench/since.py [RECORDS COMMITS]` makes a repository of invented records (5,000 and
10,000 if not told otherwise) in a temporary folder, changes one record, and prints the median of
three runs of each command and its ratio to the floor: `git log --name-only` over the same history.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
GOOD = ROOT / "tools" / "incident_tracker" / "good" / "incident.md"
FIRST, SLUG = date(2010, 1, 1), "good"
RUNS = 3
COMMITTER = "committer Bo <bo@example.org> {at} +0000"
RULES = ("protocol/protocol.yml", "protocol/components.yml")


def main() -> None:
    """Make the repository, measure, and print the table."""
    records, commits = (int(typed) for typed in sys.argv[1:3] or ("5000", "10000"))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        git(folder, "init", "--quiet", "--initial-branch", "main")
        git(folder, "fast-import", "--quiet", data=b"".join(history(records, commits)))
        git(folder, "reset", "--quiet", "--hard")
        changed = folder / path_of(records // 2)
        changed.write_text(changed.read_text("utf-8").replace("severity: P1", "severity: P2"))
        incident = [sys.executable, "-m", "incident_tracker", "-C", made, "check"]
        floor = median(["git", "-C", made, "log", "--name-only", "--format=%H"])
        print(f"{records:,} records, {commits:,} commits, median of {RUNS} runs")
        print(f"{'git log --name-only':<42} {floor:6.2f} s   1.0")
        since = (["--since", f"main~{commits // 10}"], ["--since", "main"], ["--staged"])
        for what in (*since, ["--no-cache"]):
            took = median([*incident, *what])
            print(f"{' '.join(['incident check', *what]):<42} {took:6.2f} s {took / floor:5.1f}")


def history(records: int, commits: int) -> Iterator[bytes]:
    """Yield the commits as git fast-import reads them: one new record each, then corrections."""
    yield head(0)
    for name in RULES:
        yield from file(name, (ROOT / name).read_bytes())
    for number in range(commits):
        if number:
            yield head(number)
        note = b"" if number < records else f"- 11:5{number % 10} - Looked again\n".encode()
        index = number % records
        yield from file(path_of(index), record(index, note))
        yield b"\n"


def head(number: int) -> bytes:
    """The beginning of a commit."""
    at = COMMITTER.format(at=1_600_000_000 + 60 * number)
    return f"commit refs/heads/main\n{at}\ndata 6\nchange\n".encode()


def file(path: str, data: bytes) -> Iterator[bytes]:
    """One file of a commit."""
    yield b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data)


def path_of(index: int) -> str:
    """Where the record of a number lies."""
    day = FIRST + timedelta(days=index // 3)
    return f"incidents/{day.year}/{day}-{SLUG}-{index}.md"


def record(index: int, note: bytes) -> bytes:
    """The known-good incident on another day, with one more line perhaps."""
    day = (FIRST + timedelta(days=index // 3)).isoformat()
    text = GOOD.read_bytes().replace(b"2026-03-02", day.encode())
    line = b"- 12:00 - Incident closed by asha\n"
    return text.replace(line, note + line)


def median(command: list[str]) -> float:
    """The median of the seconds that a command takes, after one run that does not count."""
    took = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run(command, check=False, capture_output=True)
        took.append(time.perf_counter() - start)
    return statistics.median(took[1:])


def git(folder: Path, *arguments: str, data: bytes | None = None) -> None:
    """Run git in a folder."""
    program = shutil.which("git") or "git"
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run([program, "-C", folder, *arguments], input=data, check=True, env=environment)


if __name__ == "__main__":
    main()
