"""A tracker of many invented records of believable size, for the other benches.

`python tools/bench/many.py DIR N` writes N records into a new folder: incidents over ten years, a
review for each that owes one, and the five runbooks besides. The same N gives the same bytes. What
`incident check` says of it is 0 errors and 0 warnings. `--git` commits them, one commit each month.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from bench.stories import REVIEWED, SHARES, invented  # noqa: E402 # found by the line above
from bench.story_files import incident, review  # noqa: E402 # as above
from incident_tracker import starter  # noqa: E402 # as above

FIRST, YEARS = date(2016, 1, 4), 10
BEGAN = "2016-01-01"
OPEN_AT_THE_END = 3


def main() -> None:
    """Write the tracker that the arguments ask for."""
    match [argument for argument in sys.argv[1:] if argument != "--git"]:
        case [folder, count] if count.isdecimal():
            made = write(Path(folder), int(count), git="--git" in sys.argv)
        case _:
            sys.exit(f"usage: {sys.argv[0]} DIR N [--git]")
    size = sum(len(text) for text in made.values())
    print(f"wrote {len(made):,} records, {size / len(made):,.0f} bytes each, and five runbooks")


def write(folder: Path, count: int, *, git: bool = False) -> dict[str, str]:
    """Write a tracker of so many records into a new folder; return their texts by path."""
    folder.mkdir(parents=True)
    for file in starter.files(demo=False):
        target = folder / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
    components = folder / "protocol" / "components.yml"
    lines = components.read_text("utf-8").splitlines()
    lines = [
        f"    since: {BEGAN}" if line.lstrip().startswith("since:") else line for line in lines
    ]
    components.write_text("\n".join(lines) + "\n", "utf-8")
    made = dict(records(count))
    for path, text in made.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    if git:
        _commit(folder, made)
    return made


def records(count: int) -> Iterator[tuple[str, str]]:
    """Yield so many records, path and text, each review behind its incident."""
    # Neither the sequence nor its bytes depend on the machine: Python promises both for a seed.
    chance = random.Random(count)  # noqa: S311 - nothing is kept secret with it
    left, number = count, 0
    reviewed = sum(SHARES[: len(REVIEWED)]) / sum(SHARES)
    expected = count / (1 + reviewed)
    while left > 0:
        story = invented(chance, number, FIRST + timedelta(days=number * 365.2 * YEARS / expected))
        yield (
            f"incidents/{story.day.year}/{story.id}.md",
            incident(story, is_open=left <= OPEN_AT_THE_END),
        )
        left, number = left - 1, number + 1
        if story.severity in REVIEWED and left > OPEN_AT_THE_END:
            yield f"pir/{story.day.year}/{story.id}.md", review(story)
            left -= 1


def _commit(folder: Path, made: dict[str, str]) -> None:
    """Make the folder a repository whose history has a commit for each month."""
    git = shutil.which("git") or "git"
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    begin = [git, "-C", str(folder), "init", "--quiet", "--initial-branch", "main"]
    subprocess.run(begin, check=True, env=environment)
    months: dict[str, list[str]] = {"2016-00": []}
    others = [p for p in sorted(folder.rglob("*")) if p.is_file() and ".git" not in p.parts]
    for path in (p.relative_to(folder).as_posix() for p in others):
        month = path.rpartition("/")[2][:7] if path in made else "2016-00"
        months.setdefault(month, []).append(path)
    stream: list[bytes] = []
    for number, month in enumerate(sorted(months)):
        at = 1_451_800_000 + number * 2_629_746
        stream.append(
            f"commit refs/heads/main\ncommitter Bo <bo@example.org> {at} +0000\n"
            f"data {len(month)}\n{month}\n".encode()
        )
        for path in months[month]:
            data = (folder / path).read_bytes()
            stream.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data))
    feed = [git, "-C", str(folder), "fast-import", "--quiet"]
    subprocess.run(feed, input=b"".join(stream), check=True, env=environment)
    subprocess.run([git, "-C", str(folder), "reset", "--quiet"], check=True, env=environment)


if __name__ == "__main__":
    main()
