"""Fuzz what reads, edits, imports and shows strangers' text: each target for its share of the time.

`pip install -e '.[fuzz]'` and `python tools/fuzz/run.py [--seconds N] [--list] [TARGET…]`: all
targets for a minute if nothing is said. What was found lies in `.cache/fuzz/TARGET/`: the corpus,
from which the next run goes on, and each input that broke a promise, which
`python tools/fuzz/run.py --replay FILE TARGET` tries again. The exit status is 1 if one was found.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from fuzz.seeds import dictionary, seeds  # noqa: E402 # found by the line above
from fuzz.targets import targets  # noqa: E402 # as above

KEPT = ROOT / ".cache" / "fuzz"
SLOWEST = 20
"""Seconds after which libFuzzer calls one input a hang; the targets promise less."""
MOST_MEMORY = 2_048
"""Megabytes."""
MOST_FOUND = 5
"""Inputs that break a promise, after which a target is left alone."""
DONE = re.compile(r"Done (\d+) runs|#(\d+)\t")


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What fuzzing one target gave."""

    cases: int
    found: tuple[Path, ...]
    said: str


def main() -> int:
    """Fuzz the targets that were named, print a line for each, and return the exit status."""
    asked = _arguments()
    names = asked.targets or list(targets())
    unknown = sorted(set(names) - set(targets()))
    if unknown:
        print(f"no such target: {', '.join(unknown)}; there are {', '.join(targets())}")
        return 2
    if asked.list:
        print(*names, sep="\n")
        return 0
    if asked.replay:
        targets()[names[0]](asked.replay.read_bytes())
        print("every promise is kept")
        return 0
    if find_spec("atheris") is None:
        print("atheris is not installed: pip install -e '.[fuzz]'")
        return 2
    total, broken = 0, 0
    for name in names:
        outcome = fuzz(name, max(1, asked.seconds // len(names)))
        total, broken = total + outcome.cases, broken + len(outcome.found)
        print(f"{name:<20} {outcome.cases:>10,} cases  {len(outcome.found)} broken", flush=True)
        for path in outcome.found:
            print(f"  {path.relative_to(ROOT)}")
        print(end=outcome.said)
    print(f"{'in all':<20} {total:>10,} cases  {broken} broken")
    return 1 if broken else 0


def fuzz(name: str, seconds: int) -> Outcome:
    """Feed one target for some seconds, from the last corpus on, and past what breaks."""
    folder = KEPT / name
    corpus, words = folder / "corpus", folder / "words.dict"
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in seeds(name):
        (corpus / sha256(seed).hexdigest()[:16]).write_bytes(seed)
    words.write_text(dictionary(name), "utf-8")
    end = time.monotonic() + seconds
    cases, found, told = 0, set[Path](), ""
    while (left := int(end - time.monotonic())) > 0 and len(found) < MOST_FOUND:
        before = _broken(folder)
        options = (f"-max_total_time={left}", f"-dict={words}", f"-artifact_prefix={folder}/")
        status, said = _harness(name, *options, str(corpus))
        cases += max((int(a or b) for a, b in DONE.findall(said)), default=0)
        told += "\n".join(said.splitlines()[-40:]) if status else ""
        found |= _broken(folder) - before
        if status and _broken(folder) == before:
            raise SystemExit(told)  # the harness itself failed
    return Outcome(cases=cases, found=tuple(sorted(found)), said=told)


def _harness(name: str, *options: str) -> tuple[int, str]:
    """Run the harness once; return its exit status and what it said."""
    done = subprocess.run(  # noqa: S603 # our own harness
        [
            *(sys.executable, str(ROOT / "tools" / "fuzz" / "harness.py"), name),
            *(f"-timeout={SLOWEST}", f"-rss_limit_mb={MOST_MEMORY}", *options),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT / "tools")},
        capture_output=True,
        check=False,
    )
    return done.returncode, (done.stderr + done.stdout).decode("utf-8", "replace")


def _broken(folder: Path) -> set[Path]:
    """The inputs that broke a promise of a target, in this run and those before."""
    return {path for kind in ("crash", "timeout", "oom") for path in folder.glob(f"{kind}-*")}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="all if none is named")
    parser.add_argument("--seconds", type=int, default=60, help="for all targets together")
    parser.add_argument("--list", action="store_true", help="print the targets and end")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="try one input again")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
