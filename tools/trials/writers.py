"""What two commands leave that write into one record at once, when one of them is killed.

`python tools/trials/writers.py [KILLS]` (1,000): two processes log into the same record; the first
is killed with SIGKILL in front of each point where it writes, in turn. A line that a command has
written stands there once, whatever became of the other; a line of a killed one stands there once or
not at all; no other line changes, and the record is read. It prints what it saw, and ends with
status 1 if anything else was seen.
"""

from __future__ import annotations

import stat
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from incident_tracker.examples import PATHS, good_files  # noqa: E402 # found by the line above
from incident_tracker.text.document import read_document  # noqa: E402 # as above
from trials.killing import typed  # noqa: E402 # as above

NOW = ("--now", "2026-03-20T10:00-06:00")
PATH = PATHS["incident"]
ID = Path(PATH).stem
ANEW = 100
"""Rounds after which the record begins anew, for it to stay as long as records are."""
MODE = 0o640


def main() -> int:
    """Let two write at once, print what was left, and return the exit status."""
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    seen: Counter[str] = Counter()
    points: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        usual = _begun(place)
        for number in range(asked):
            if number % ANEW == 0:
                _begun(place)
            _round(place, number, number % usual + 1, seen, points)
    print("the killed one stood in front of:", _listed(points))
    print("its line:", f"is there {seen['there']:,}, is not {seen['not there']:,}")
    print("lines written by the other:", f"{seen['written']:,}")
    wrong = {what: seen[what] for what in ("lost", "twice", "damaged", "failed")}
    print(f"{seen['killed']:,} kills, {_listed(Counter(wrong))}")
    return 1 if any(wrong.values()) else 0


def _begun(place: Path) -> int:
    """Make the tracker anew; return how many points a command passes."""
    for path, data in good_files().items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(data)
    (place / "protocol/protocol.yml").write_bytes((ROOT / "protocol/protocol.yml").read_bytes())
    (place / PATH).chmod(MODE)
    return len(typed(_log("the first line"), place).ended().points)


def _log(words: str) -> tuple[str, ...]:
    return ("log", ID, words, *NOW)


def _round(place: Path, number: int, at: int, seen: Counter[str], points: Counter[str]) -> None:
    before = _lines(place)
    ours, theirs = f"ours {number:04d}", f"theirs {number:04d}"
    one, other = typed(_log(ours), place, at=at), typed(_log(theirs), place)
    first, second = one.ended(), other.ended()
    seen["killed"] += first.status < 0
    points[first.points[-1]] += first.status < 0
    seen["failed"] += second.status != 0
    seen["written"] += second.status == 0
    after = _lines(place)
    there = Counter(line.rpartition(" - ")[2] for line in after)
    seen["there" if there[ours] else "not there"] += 1
    seen["lost"] += (second.status == 0) - min(1, there[theirs])
    seen["lost"] += sum((Counter(before) - Counter(after)).values())
    seen["twice"] += (there[ours] > 1) + (there[theirs] > 1)
    grown = {line.rpartition(" - ")[2] for line in (Counter(after) - Counter(before))}
    mode = stat.S_IMODE((place / PATH).stat().st_mode)
    readable = read_document(PATH, (place / PATH).read_bytes()).readable
    seen["damaged"] += not (readable and mode == MODE and grown <= {ours, theirs, "", "2026-03-20"})


def _lines(place: Path) -> list[str]:
    return (place / PATH).read_text("utf-8").split("\n")


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{number:,} {what}" for what, number in counted.items())


if __name__ == "__main__":
    sys.exit(main())
